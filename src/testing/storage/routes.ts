/**
 * Emulated object storage: PUT and forms at presigned addresses.
 *
 * @module
 */

import { type Arriving, digest, type Permit } from "./bucket.ts";
import { readForm } from "./form.ts";
import type {
  EmulatedAnswer,
  EmulatedResource,
  Route,
} from "../engine/router.ts";

const ROUTES: Route[] = [
  {
    method: "PUT",
    path: "/storage/{key}",
    handle: async ({ url, params, headers, stream, world }) => {
      const { bucket } = world;
      const signature = url.searchParams.get("X-Amz-Signature") ?? "";
      const permit = bucket.check(signature, "PUT", params.key ?? "");
      const refusal = refuse(permit, headers);
      if (typeof permit === "string" || refusal) {
        return await afterReading(stream, refusal);
      }
      if (permit.once && bucket.get(permit.key)) {
        return await afterReading(stream, error(412, "PreconditionFailed"));
      }
      const { size, sha256 } = await digest(stream);
      if (size !== permit.size) return error(400, "IncompleteBody");
      const { etag } = bucket.put(permit, size, sha256);
      return { status: 200, body: null, headers: { etag: `"${etag}"` } };
    },
  },
  {
    method: "POST",
    path: "/storage/",
    handle: async ({ headers, stream, world }) => {
      const { bucket } = world;
      const type = headers.get("content-type") ?? "";
      const early = refuse(undefined, headers);
      if (early) return await afterReading(stream, early);
      const form = await readForm(type, stream);
      if (!form) return error(400, "MalformedPOSTRequest");
      const { fields, size, sha256 } = form;
      const signature = fields["x-amz-signature"] ?? "";
      const permit = bucket.check(signature, "POST", fields.key ?? "");
      if (typeof permit === "string") return error(403, permit);
      if (size !== permit.size) return error(400, "EntityTooLarge");
      const { etag } = bucket.put(permit, size, sha256);
      return { status: 204, body: null, headers: { etag: `"${etag}"` } };
    },
  },
];

/** Object storage. */
export const STORAGE: EmulatedResource = { routes: [], presigned: ROUTES };

function refuse(
  permit: Permit | string | undefined,
  headers: Headers,
): EmulatedAnswer | undefined {
  if (headers.has("x-avala-api-key") || headers.has("authorization")) {
    return error(400, "CredentialOfTheApi");
  }
  if (headers.get("transfer-encoding")) return error(501, "NotImplemented");
  if (typeof permit === "string") {
    return error(403, permit, permit === "AccessDenied" ? EXPIRED : "");
  }
  const unsigned = Object.entries(permit?.headers ?? {}).some(
    ([name, value]) => headers.get(name) !== value,
  );
  return unsigned ? error(403, "SignatureDoesNotMatch") : undefined;
}

const EXPIRED = "Request has expired";

/** A connection that goes on being used must be read to the end first. */
async function afterReading(
  stream: Arriving,
  answer: EmulatedAnswer = error(403, "AccessDenied"),
): Promise<EmulatedAnswer> {
  await digest(stream);
  return answer;
}

/** An error in the words of object storage. */
function error(status: number, code: string, message = ""): EmulatedAnswer {
  const xml =
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body: xml, headers: { "content-type": "application/xml" } };
}
