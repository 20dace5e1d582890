/**
 * Addresses of objects: signed, and good for some minutes.
 *
 * @module
 */

import type { EmulatedResponse } from "../../engine/responses.ts";
import { failure, notFound } from "../../engine/responses.ts";
import type { EmulatedRequest } from "../../engine/router.ts";
import type { State } from "../../engine/state.ts";
import { Sha256 } from "../../storage/sha256.ts";
import { contentOf } from "./contents.ts";

const LIFETIME = 300_000;
const FOREIGN_HEADERS = ["x-avala-api-key", "x-avala-client", "authorization"];

/**
 * Makes the address of an object.
 *
 * @param state Where it is.
 * @param asked URL of the request that asks for it.
 * @param uid Unique id of the object.
 * @returns The address, and when it expires.
 */
export function giveAddress(
  state: State,
  asked: URL,
  uid: string,
): { url: string; expires_at: string } {
  const payload = btoa(`${uid} ${state.timestamp(LIFETIME)}`).replaceAll(
    "=",
    "",
  );
  const start = asked.pathname.slice(0, asked.pathname.indexOf("/resolve/"));
  const grant = `${payload}.${signatureOf(payload)}`;
  return {
    url: `${asked.origin}${start}/resolve/download/${grant}`,
    // assumption: clients measure the life of an address by a clock that nobody
    // advances; the emulator's own clock decides
    expires_at: new Date(Date.now() + LIFETIME).toISOString(),
  };
}

/**
 * Responds with the bytes of an object, or with the part that is asked for.
 *
 * @param request The request, with `grant` in its path.
 * @returns The response.
 */
export function serveObject(
  { params, headers, state }: EmulatedRequest,
): EmulatedResponse {
  if (FOREIGN_HEADERS.some((name) => headers.has(name))) {
    return failure(400, "An address takes no credential.");
  }
  const [payload = "", signature] = (params.grant ?? "").split(".");
  if (signature !== signatureOf(payload)) return failure(403, "Bad signature.");
  const [uid, expires = ""] = atob(payload).split(" ");
  if (state.timestamp() >= expires) return failure(403, "Request has expired.");
  const object = state.collection("revisionObjects").get(uid);
  if (!object) return notFound();
  const bytes = contentOf(object.role, Number(object.ordinal));
  return partOf(bytes, headers, {
    "content-type": String(object.content_type),
    "accept-ranges": "bytes",
    etag: `"${object.sha256}"`,
  });
}

function partOf(
  bytes: Uint8Array<ArrayBuffer>,
  asked: Headers,
  headers: { [name: string]: string },
): EmulatedResponse {
  const range = /^bytes=(\d+)-(\d*)$/.exec(asked.get("range") ?? "");
  const isCurrent = (asked.get("if-range") ?? headers.etag) === headers.etag;
  if (!range || !isCurrent) return { status: 200, body: bytes, headers };
  const first = Number(range[1]);
  const last = Math.min(Number(range[2] || Infinity), bytes.length - 1);
  if (first > last) {
    headers["content-range"] = `bytes */${bytes.length}`;
    return { status: 416, body: null, headers };
  }
  headers["content-range"] = `bytes ${first}-${last}/${bytes.length}`;
  return { status: 206, body: bytes.slice(first, last + 1), headers };
}

function signatureOf(payload: string): string {
  const secret = new TextEncoder().encode(`emulated secret ${payload}`);
  return new Sha256().update(secret).hex().slice(0, 32);
}
