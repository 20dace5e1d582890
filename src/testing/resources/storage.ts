/**
 * Emulated object storage: PUT and forms at presigned addresses.
 *
 * @module
 */

import type { EmulatedResponse } from "../engine/responses.ts";
import type { EmulatedResource, Route } from "../engine/router.ts";
import type { PresignedGrant } from "../storage/bucket.ts";
import { type ByteStream, digest } from "../storage/bytes.ts";
import { readForm } from "../storage/form.ts";

const ROUTES: Route[] = [
  {
    method: "PUT",
    path: "/storage/{key}",
    handle: async ({ url, params, headers, stream, state }) => {
      const { bucket } = state;
      const signature = url.searchParams.get("X-Amz-Signature") ?? "";
      const grant = bucket.check(signature, "PUT", params.key ?? "");
      const refusal = refuse(grant, headers);
      if (typeof grant === "string" || refusal) {
        return await afterReading(stream, refusal);
      }
      if (grant.once && bucket.get(grant.key)) {
        return await afterReading(stream, error(412, "PreconditionFailed"));
      }
      const { size, sha256 } = await digest(stream);
      if (size !== grant.size) return error(400, "IncompleteBody");
      const { etag } = bucket.put(grant, size, sha256);
      return { status: 200, body: null, headers: { etag: `"${etag}"` } };
    },
  },
  {
    method: "POST",
    path: "/storage/",
    handle: async ({ headers, stream, state }) => {
      const { bucket } = state;
      const type = headers.get("content-type") ?? "";
      const early = refuse(undefined, headers);
      if (early) return await afterReading(stream, early);
      const form = await readForm(type, stream);
      if (!form) return error(400, "MalformedPOSTRequest");
      const { fields, size, sha256 } = form;
      const signature = fields["x-amz-signature"] ?? "";
      const grant = bucket.check(signature, "POST", fields.key ?? "");
      if (typeof grant === "string") return error(403, grant);
      if (size !== grant.size) return error(400, "EntityTooLarge");
      const { etag } = bucket.put(grant, size, sha256);
      return { status: 204, body: null, headers: { etag: `"${etag}"` } };
    },
  },
];

/** Object storage. */
export const STORAGE: EmulatedResource = { routes: [], presigned: ROUTES };

function refuse(
  grant: PresignedGrant | string | undefined,
  headers: Headers,
): EmulatedResponse | undefined {
  if (headers.has("x-avala-api-key") || headers.has("authorization")) {
    return error(400, "CredentialOfTheApi");
  }
  if (headers.get("transfer-encoding")) return error(501, "NotImplemented");
  if (typeof grant === "string") {
    return error(403, grant, grant === "AccessDenied" ? EXPIRED : "");
  }
  const unsigned = Object.entries(grant?.headers ?? {}).some(
    ([name, value]) => headers.get(name) !== value,
  );
  return unsigned ? error(403, "SignatureDoesNotMatch") : undefined;
}

const EXPIRED = "Request has expired";

/** A connection that goes on being used must be read to the end first. */
async function afterReading(
  stream: ByteStream,
  response: EmulatedResponse = error(403, "AccessDenied"),
): Promise<EmulatedResponse> {
  await digest(stream);
  return response;
}

/** An error in the words of object storage. */
function error(status: number, code: string, message = ""): EmulatedResponse {
  const xml =
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body: xml, headers: { "content-type": "application/xml" } };
}
