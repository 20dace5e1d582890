/**
 * A multipart form with one file, as a body of known length.
 *
 * @module
 */

import type { JsonObject } from "../wire/codec.ts";
import { mediaType } from "./media_types.ts";
import type { Payload } from "./sized_body.ts";
import type { BlobSource, UploadSource } from "./sources.ts";

/**
 * Makes a multipart form: all fields first, then the file.
 *
 * @example Usage
 * ```ts
 * import { formPayload } from "./form_body.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const source = { path: "a/b.txt", size: 2, stream: () => new Blob(["hi"]).stream() };
 * const { payload } = formPayload({ key: "k" }, source);
 * assertEquals(payload.size, 2);
 * ```
 *
 * @param fields Names and values of the fields.
 * @param source The file.
 * @returns What is sent, and its `Content-Type`.
 */
export function formPayload(
  fields: JsonObject,
  source: UploadSource & Partial<BlobSource>,
): { payload: Payload; contentType: string } {
  const boundary = `avala-${crypto.randomUUID()}`;
  const { path, size, blob } = source;
  const given = Object.entries(fields);
  const typed = given.find(([name]) => name.toLowerCase() === "content-type");
  const type = typed
    ? String(typed[1])
    : mediaType(source) ?? "application/octet-stream";
  const name = path.slice(path.lastIndexOf("/") + 1);
  const head = given.map(([field, value]) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${
      quote(field)
    }"\r\n\r\n${value}\r\n`
  );
  head.push(
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${
      quote(name)
    }"\r\ncontent-type: ${type.replace(/[\r\n]/g, " ")}\r\n\r\n`,
  );
  const encoder = new TextEncoder();
  return {
    payload: {
      path,
      size,
      blob,
      open: () => source.stream(),
      head: encoder.encode(head.join("")),
      tail: encoder.encode(`\r\n--${boundary}--\r\n`),
    },
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

/** Escapes a name the way browsers do. */
function quote(name: string): string {
  return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll(
    '"',
    "%22",
  );
}
