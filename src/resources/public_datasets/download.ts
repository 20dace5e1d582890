/**
 * Objects of public datasets as streams, checked on their way.
 *
 * @module
 */

import { Download } from "../../downloads/download.ts";
import { openFile } from "../../downloads/open.ts";
import { verified } from "../../downloads/verified.ts";
import { InvalidResponseError } from "../../errors.ts";
import type { CallResponse } from "../../http/hooks.ts";
import { internalsOf } from "../../http/internals.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import { isJsonObject } from "../../wire/codec.ts";
import { refusal } from "../../wire/options.ts";
import { refuseAddress } from "./addresses.ts";
import { expect } from "./checks.ts";
import type {
  DatasetObjectAccess,
  DatasetRevisionObject,
  DownloadObjectOptions,
  ObjectAccessOptions,
} from "./models.ts";
import { DIGEST, textOf } from "./reference.ts";

/** Gives addresses. */
export interface AccessSource {
  /** Asks for an address, and tells that a download follows. */
  requestObjectAccess(
    datasetUid: string,
    revisionSha256: string,
    objectUid: string,
    options?: ObjectAccessOptions,
    request?: RequestOptions,
  ): Promise<DatasetObjectAccess>;
}

const ACCESS_PATH =
  /^\/resolve\/uid\/([0-9a-f-]{36})\/([0-9a-f]{64})\/objects\/([0-9a-f-]{36})\/access\/$/;

/** An address that is good for less is not used, in milliseconds. */
const SHORTEST_LIFE = 5_000;
/** No address is good for longer; the header `Date` knows seconds alone. */
const LONGEST_LIFE = 300_000 + 1_000;
/** The server's clock may be ahead of this one's by that much. */
const MAX_AHEAD = 30_000;

/**
 * Downloads an object.
 *
 * @param api Gives the address.
 * @param transport Sends the requests, without a credential.
 * @param object The object.
 * @param options Progress, and how much may be read into memory.
 * @param request The caller's request options.
 * @returns The file.
 * @throws {InvalidArgumentError} If the object is none.
 * @throws {InvalidResponseError} If the address is that of something else, or not to be trusted.
 */
export async function downloadObject(
  api: AccessSource,
  transport: Transport,
  object: DatasetRevisionObject,
  { onProgress, maxBytes = 67_108_864 }: DownloadObjectOptions,
  request: RequestOptions = {},
): Promise<Download> {
  const place = placeOf(object);
  const address = () => requestAddress(api, transport, object, place, request);
  const { provider, url } = await address();
  const { objectUid, sizeBytes, sha256, accessPath, contentType } = object;
  const action = `download object ${objectUid} from ${provider}`;
  const { headers: _, ...rest } = request;
  const download = await openFile(
    transport,
    url,
    { onProgress, renew: async () => (await address()).url },
    rest,
    {
      action,
      path: accessPath,
      // what is stored compressed must not be unpacked on its way
      encoding: provider === "gcs" ? "gzip" : "identity",
    },
  );
  // an encoded body is the one whose size is not known beforehand
  const hint = download.size === null
    ? ": if it is stored compressed, 'fetch' has decompressed it"
    : "";
  const expected = { action, size: sizeBytes, sha256, hint };
  const { etag, lastModified, canSlice } = download;
  return new Download(
    verified(download.body, expected),
    {
      size: sizeBytes,
      etag,
      modified: lastModified,
      validator: canSlice ? etag ?? lastModified : null,
    },
    contentType,
    (start, end) => download.slice(start, end),
    maxBytes,
  );
}

/** Where an object is: its access path tells. */
interface Place {
  readonly datasetUid: string;
  readonly revisionSha256: string;
  readonly objectUid: string;
}

function placeOf(object: DatasetRevisionObject): Place {
  const path = isJsonObject(object) ? String(object.accessPath) : "";
  const [, datasetUid, revisionSha256, objectUid] = ACCESS_PATH.exec(path) ??
    [];
  const isWhole = datasetUid && revisionSha256 && objectUid &&
    objectUid === object.objectUid && DIGEST.test(object.sha256) &&
    Number.isSafeInteger(object.sizeBytes);
  if (isWhole) return { datasetUid, revisionSha256, objectUid };
  throw refusal(
    "publicDatasets.downloadObject",
    "'object'",
    "an object as a listing gives it",
    object,
  );
}

/** Asks for an address, once more when it is about to expire. */
async function requestAddress(
  api: AccessSource,
  transport: Transport,
  object: DatasetRevisionObject,
  { datasetUid, revisionSha256, objectUid }: Place,
  request: RequestOptions,
): Promise<DatasetObjectAccess> {
  let date: number | undefined;
  const onResponse = (response: CallResponse) => {
    date = Date.parse(response.headers.date ?? "") || undefined;
    return request.onResponse?.(response);
  };
  for (let attempt = 0; attempt < 2; attempt++) {
    const access = await api.requestObjectAccess(
      datasetUid,
      revisionSha256,
      objectUid,
      { transport: "avala-edge-v1" },
      { ...request, onResponse },
    );
    check(access, object, transport);
    const expires = Date.parse(access.expiresAt);
    // browsers hide the server's clock
    const now = date ?? Date.now();
    if (now - Date.now() > MAX_AHEAD) {
      throw new InvalidResponseError(
        `Cannot download object ${objectUid} as the server's clock is more than ${
          MAX_AHEAD / 1_000
        } s ahead of this one: set the clock`,
      );
    }
    expect(`object ${objectUid}`, {
      expiresAt: date === undefined || expires - date <= LONGEST_LIFE,
    });
    if (expires - now >= SHORTEST_LIFE) return access;
  }
  throw new InvalidResponseError(
    `Cannot download object ${objectUid} as the server gives addresses that are about to expire`,
  );
}

/** An address must be that of the object, on a host of who holds it. */
function check(
  access: DatasetObjectAccess,
  object: DatasetRevisionObject,
  transport: Transport,
): void {
  const { datasetUid, revisionSha256, objectUid } = placeOf(object);
  const canonical = textOf({ datasetUid, revisionSha256 });
  expect(`object ${objectUid}`, {
    schemaVersion: access.schemaVersion === 1,
    canonicalReference: access.canonicalReference === canonical,
    datasetUid: access.datasetUid === datasetUid,
    revisionSha256: access.revisionSha256 === revisionSha256,
    objectUid: access.objectUid === objectUid,
    method: access.method === "GET",
    sizeBytes: access.sizeBytes === object.sizeBytes,
    sha256: access.sha256 === object.sha256,
    expiresAt: !Number.isNaN(Date.parse(access.expiresAt)),
  });
  const reason = refuseAddress(access, internalsOf(transport).config);
  if (!reason) return;
  throw new InvalidResponseError(
    `Cannot download object ${objectUid} from its address as ${reason}`,
  );
}
