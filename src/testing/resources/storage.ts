/**
 * Emulated object storage: files are read and written at presigned addresses.
 *
 * @module
 */

import { fileResponse } from "../engine/file_response.ts";
import type { EmulatedResponse } from "../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../engine/router.ts";
import type { PresignedGrant } from "../storage/bucket.ts";
import { type ByteStream, receive } from "../storage/bytes.ts";
import { readForm } from "../storage/form.ts";

const ONE = "/storage/{key}";

/** Object storage. */
export const STORAGE: EmulatedResource = {
  routes: [],
  presigned: [
    { method: "GET", path: ONE, handle: get },
    { method: "PUT", path: ONE, handle: put },
    { method: "POST", path: "/storage/", handle: post },
  ],
};

const MESSAGES: { [code: string]: string } = {
  AccessDenied: "Request has expired",
  BytesNotKept:
    "The emulator keeps no more bytes: raise 'uploads.keptBytes' to read this file",
};

function get(
  request: EmulatedRequest,
): EmulatedResponse | Promise<EmulatedResponse> {
  const { headers, url, state: { bucket } } = request;
  const grant = grantOf(request, "GET");
  // of one origin, a client can't tell it from the API, which gets the key
  const refusal = refuse(grant, bucket.isApart(url) ? headers : new Headers());
  if (typeof grant === "string" || refusal) return refusal!;
  const file = bucket.read(grant.key);
  return typeof file === "string"
    ? error(404, file)
    : fileResponse(file, headers);
}

async function put(request: EmulatedRequest): Promise<EmulatedResponse> {
  const { headers, stream, state: { bucket } } = request;
  const grant = grantOf(request, "PUT");
  const refusal = refuse(grant, headers);
  if (typeof grant === "string" || refusal) {
    return await afterReading(stream, refusal!);
  }
  if (grant.once && bucket.get(grant.key)) {
    return await afterReading(stream, error(412, "PreconditionFailed"));
  }
  const room = bucket.reserve(grant.size);
  const received = await receive(stream, room)
    .finally(() => bucket.release(room));
  if (received.size !== grant.size) return error(400, "IncompleteBody");
  const { etag } = bucket.put(grant, received);
  return { status: 200, body: null, headers: { etag: `"${etag}"` } };
}

async function post(request: EmulatedRequest): Promise<EmulatedResponse> {
  const { headers, stream, state: { bucket } } = request;
  const early = refuse(undefined, headers);
  if (early) return await afterReading(stream, early);
  const type = headers.get("content-type") ?? "";
  const room = bucket.reserve(Number(headers.get("content-length") ?? 0));
  const form = await readForm(type, stream, room)
    .finally(() => bucket.release(room));
  if (!form) return error(400, "MalformedPOSTRequest");
  const { fields, file } = form;
  const grant = bucket.check({
    method: "POST",
    key: fields.key ?? "",
    policy: fields.policy ?? "",
    signature: fields["x-amz-signature"] ?? "",
  });
  if (typeof grant === "string") return error(403, grant);
  if (file.size !== grant.size) return error(400, "EntityTooLarge");
  const { etag } = bucket.put(grant, file);
  return { status: 204, body: null, headers: { etag: `"${etag}"` } };
}

function grantOf(
  { url, params, state }: EmulatedRequest,
  method: string,
): PresignedGrant | string {
  return state.bucket.check({
    method,
    key: params.key ?? "",
    policy: url.searchParams.get("X-Amz-Policy") ?? "",
    signature: url.searchParams.get("X-Amz-Signature") ?? "",
  });
}

function refuse(
  grant: PresignedGrant | string | undefined,
  headers: Headers,
): EmulatedResponse | undefined {
  if (headers.has("x-avala-api-key") || headers.has("authorization")) {
    return error(400, "CredentialOfTheApi");
  }
  if (headers.get("transfer-encoding")) return error(501, "NotImplemented");
  if (typeof grant === "string") return error(403, grant);
  const isUnsigned = Object.entries(grant?.headers ?? {}).some(
    ([name, value]) => headers.get(name) !== value,
  );
  return isUnsigned ? error(403, "SignatureDoesNotMatch") : undefined;
}

/** A connection that goes on being used must be read to the end first. */
async function afterReading(
  stream: ByteStream,
  response: EmulatedResponse,
): Promise<EmulatedResponse> {
  await receive(stream);
  return response;
}

/** An error in the words of object storage. */
function error(status: number, code: string): EmulatedResponse {
  const xml =
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${
      MESSAGES[code] ?? ""
    }</Message></Error>`;
  return { status, body: xml, headers: { "content-type": "application/xml" } };
}
