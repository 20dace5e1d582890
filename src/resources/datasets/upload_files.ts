/**
 * How one file gets into a dataset: by form, PUT or in parts.
 *
 * @module
 */

import { show } from "../../wire/options.ts";
import {
  InvalidArgumentError,
  InvalidResponseError,
  QuotaExceededError,
} from "../../errors.ts";
import { formPayload } from "../../uploads/form_body.ts";
import { mediaType } from "../../uploads/media_types.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { BlobSource, UploadSource } from "../../uploads/sources.ts";
import type { UploadEngine } from "../../uploads/engine.ts";
import { type FilePart, PartReader, partsOf } from "../../uploads/parts.ts";
import type { FileMeter } from "../../uploads/progress.ts";
import type {
  AllowedMimes,
  ManualUploadPartUrls,
  ManualUploadTarget,
  UploadQuota,
} from "./upload_models.ts";

/** The requests to the API that an upload is made of. */
export interface ManualUploadCalls {
  /** Asks where a file goes. */
  target(
    source: UploadSource,
    request: RequestOptions,
  ): Promise<ManualUploadTarget>;
  /** Asks where parts go. */
  partUrls(
    uploadUid: string,
    numbers: number[],
    request: RequestOptions,
  ): Promise<ManualUploadPartUrls>;
  /** Says that all parts are stored. */
  complete(uploadUid: string, request: RequestOptions): Promise<unknown>;
}

/** How many parts of a file are sent at a time. */
const PARTS_AT_A_TIME = 2;
/** How many addresses of parts are asked for at a time. */
const PART_URLS_PER_CALL = 16;

/**
 * Uploads one file.
 *
 * @param engine Sends it, again where that helps.
 * @param calls The requests to the API.
 * @param source The file.
 * @param meter Counts its bytes.
 * @param signal Ends it.
 */
export async function uploadManually(
  engine: UploadEngine,
  calls: ManualUploadCalls,
  source: UploadSource & Partial<BlobSource>,
  meter: FileMeter,
  signal: AbortSignal,
): Promise<void> {
  let isSent = false;
  const target = await engine.again(async (request) => {
    // inside of what is repeated: an address that has expired is replaced
    const target = await calls.target(source, request);
    if (target.complete === true || target.method === "MULTIPART") {
      return target;
    }
    // also when its answer is lost, after which the server holds the file
    isSent = true;
    await sendWhole(engine, target, source, meter, signal);
    return target;
  }, signal);
  if (target.complete !== true && target.method === "MULTIPART") {
    isSent = true;
    await sendParts(engine, calls, target, source, meter, signal);
  }
  meter.stored(isSent);
}

async function sendWhole(
  engine: UploadEngine,
  { method, url, fields, headers }: ManualUploadTarget,
  source: UploadSource & Partial<BlobSource>,
  meter: FileMeter,
  signal: AbortSignal,
): Promise<void> {
  if (method === "PUT") {
    const { path, size, blob } = source;
    const open = () => source.stream();
    // 412: the object is stored already
    await engine.send(
      { method: "PUT", url, headers },
      { path, size, blob, open },
      meter,
      signal,
      [412],
    );
  } else if (method === "POST") {
    const { payload, contentType } = formPayload(fields, source);
    await engine.send(
      { method: "POST", url, headers: { "content-type": contentType } },
      payload,
      meter,
      signal,
    );
  } else {
    throw new InvalidResponseError(
      `Cannot upload ${show(source.path)} as the server wants the method ${
        show(method)
      }, which this client does not know`,
    );
  }
}

async function sendParts(
  engine: UploadEngine,
  calls: ManualUploadCalls,
  target: ManualUploadTarget,
  source: UploadSource,
  meter: FileMeter,
  signal: AbortSignal,
): Promise<void> {
  const { uploadUid, partSize, partCount, uploadedParts } = target;
  const parts = Number.isSafeInteger(partSize) && (partSize ?? 0) > 0
    ? partsOf(source, partSize ?? 0)
    : [];
  if (!uploadUid || parts.length === 0 || parts.length !== partCount) {
    throw new InvalidResponseError(
      `Cannot upload ${
        show(source.path)
      } as the server wants ${partCount} parts of ${partSize} bytes for ${source.size} bytes`,
    );
  }
  const stored = new Map(
    uploadedParts.map(({ partNumber, size }) => [partNumber, size]),
  );
  const isStored = ({ number, start, end }: FilePart) =>
    stored.get(number) === end - start;
  for (const part of parts.filter(isStored)) meter.add(part.end - part.start);
  const missing = parts.filter((part) => !isStored(part));
  const reader = new PartReader(source);
  try {
    for (let at = 0; at < missing.length; at += PART_URLS_PER_CALL) {
      const batch = missing.slice(at, at + PART_URLS_PER_CALL);
      const urls = await engine.again((request) => {
        const numbers = batch.map(({ number }) => number);
        return calls.partUrls(uploadUid, numbers, request);
      }, signal);
      const failures = await engine.each(
        batch,
        async (part, inner) => {
          let given: ManualUploadPartUrls | undefined = urls;
          await engine.again(async (request) => {
            // the first attempt has its address from the batch
            given ??= await calls.partUrls(uploadUid, [part.number], request);
            const found = given.parts.find(({ partNumber }) =>
              partNumber === part.number
            );
            given = undefined;
            const { url, headers } = found ?? {};
            await engine.send(
              { method: "PUT", url, headers },
              reader.payload(part),
              meter,
              inner,
            );
          }, inner);
        },
        signal,
        reader.isParallel ? PARTS_AT_A_TIME : 1,
      );
      if (failures[0]) throw failures[0].error;
    }
  } finally {
    reader.close();
  }
  await engine.again((request) => calls.complete(uploadUid, request), signal);
}

/**
 * Refuses an upload that can't succeed.
 *
 * @param sources The files.
 * @param quota The quota, if the server tells it.
 * @param allowed The accepted types, if the server tells them.
 * @throws {QuotaExceededError} If the files are larger than the whole quota.
 * @throws {InvalidArgumentError} If a file is of a type that is not accepted.
 */
export function refuseHopeless(
  sources: readonly UploadSource[],
  quota: UploadQuota | undefined,
  allowed: AllowedMimes | undefined,
): void {
  const total = sources.reduce((sum, { size }) => sum + size, 0);
  // files of an earlier try count as used: only the whole limit proves anything
  if (quota && Number.isSafeInteger(quota.limit) && total > quota.limit) {
    throw new QuotaExceededError(
      `Cannot upload the files as their ${total} bytes are more than the quota of ${quota.limit}`,
      quota,
    );
  }
  const types = allowed?.mimeTypes ?? [];
  if (types.length === 0) return;
  const prefixes = [
    ...(allowed?.videoPrefix ? [allowed.videoPrefix] : []),
    ...types.filter((type) => type.endsWith("/*")).map((t) => t.slice(0, -1)),
  ];
  for (const source of sources) {
    // what is not known here is for the server to decide
    const type = mediaType(source)?.split(";")[0]?.trim().toLowerCase();
    if (
      type === undefined || types.includes(type) ||
      prefixes.some((prefix) => type.startsWith(prefix))
    ) continue;
    throw new InvalidArgumentError(
      `Cannot upload ${
        show(source.path)
      } as files of the type ${type} are not accepted: accepted are ${
        [...types, ...prefixes.map((prefix) => `${prefix}*`)].join(", ")
      }`,
    );
  }
}
