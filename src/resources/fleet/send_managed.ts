/**
 * A managed upload of a recording: hashed, sent in parts, published.
 *
 * @module
 */

import { show } from "../../wire/options.ts";
import {
  ConnectionError,
  InvalidArgumentError,
  InvalidResponseError,
  ServerError,
} from "../../errors.ts";
import type { RequestOptions } from "../../http/request.ts";
import { Sha256 } from "../../uploads/sha256.ts";
import type { UploadSource } from "../../uploads/sources.ts";
import type { UploadEngine } from "../../uploads/engine.ts";
import { type FilePart, PartReader, partsOf } from "../../uploads/parts.ts";
import type { FileMeter } from "../../uploads/progress.ts";
import type {
  ManagedMultipartPartsOptions,
  ManagedMultipartProgressOptions,
  ManagedUploadFile,
  ManagedUploadFileInput,
  ManagedUploadPartGrants,
  ManagedUploadPartProgress,
  ManagedUploadStatus,
} from "./managed_models.ts";

/** The requests to the API that a managed upload is made of. */
export interface ManagedCalls {
  /** Opens an attempt at a file. */
  init(fileUid: string, request: RequestOptions): Promise<unknown>;
  /** Reads which parts are stored. */
  progress(
    options: ManagedMultipartProgressOptions,
    request: RequestOptions,
  ): Promise<ManagedUploadPartProgress>;
  /** Asks where parts go. */
  grants(
    options: ManagedMultipartPartsOptions,
    request: RequestOptions,
  ): Promise<ManagedUploadPartGrants>;
  /** Reads the state of the session. */
  status(request: RequestOptions): Promise<ManagedUploadStatus>;
}

const MAX_FILES = 64;
const MAX_FILE_BYTES = 2 ** 33;
const MAX_TOTAL_BYTES = 2 ** 36;

/**
 * Refuses files that no managed upload takes.
 *
 * @param sources The files.
 * @throws {InvalidArgumentError} If there are none or too many, or one is too large or no `.mcap`.
 */
export function checkManaged(sources: readonly UploadSource[]): void {
  const total = sources.reduce((sum, { size }) => sum + size, 0);
  if (sources.length === 0 || sources.length > MAX_FILES) {
    throw new InvalidArgumentError(
      `Cannot upload the recording as there must be 1 to ${MAX_FILES} files: current number is ${sources.length}`,
    );
  }
  for (const { path, size } of sources) {
    if (path.endsWith(".mcap") && size <= MAX_FILE_BYTES) continue;
    throw new InvalidArgumentError(
      `Cannot upload ${
        show(path)
      } as it must be an .mcap file of at most ${MAX_FILE_BYTES} bytes: current size is ${size}`,
    );
  }
  if (total > MAX_TOTAL_BYTES) {
    throw new InvalidArgumentError(
      `Cannot upload the recording as its files must have at most ${MAX_TOTAL_BYTES} bytes: current size is ${total}`,
    );
  }
}

/**
 * Hashes a file, as it is read.
 *
 * @param source The file.
 * @param signal Ends it.
 * @returns What the server wants to know of it.
 * @throws {InvalidArgumentError} If it gives more or fewer bytes than its size.
 */
export async function describe(
  source: UploadSource,
  signal: AbortSignal,
): Promise<ManagedUploadFileInput> {
  const { path, size } = source;
  const hash = new Sha256();
  const reader = source.stream().getReader();
  let count = 0;
  try {
    while (count <= size) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      count += value.length;
      hash.update(value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  if (count !== size) {
    throw new InvalidArgumentError(
      `Cannot upload ${
        show(path)
      } as its stream gives another number of bytes than the ${size} of its size`,
    );
  }
  return { path, sizeBytes: size, contentSha256: hash.hex() };
}

/**
 * Sends the missing parts of a file.
 *
 * @param engine Sends them, each again where that helps.
 * @param calls The requests to the API.
 * @param source The file.
 * @param admitted What the server knows of it.
 * @param meter Counts its bytes.
 * @param signal Ends it.
 * @returns Unique id of the attempt that stored it.
 */
export async function sendManaged(
  engine: UploadEngine,
  calls: ManagedCalls,
  source: UploadSource,
  admitted: ManagedUploadFile,
  meter: FileMeter,
  signal: AbortSignal,
): Promise<string> {
  const { fileUid, partSize, partCount } = admitted;
  const parts = Number.isSafeInteger(partSize) && partSize > 0
    ? partsOf(source, partSize)
    : [];
  if (parts.length === 0 || parts.length !== partCount) {
    throw new InvalidResponseError(
      `Cannot upload ${
        show(source.path)
      } as the server wants ${partCount} parts of ${partSize} bytes for ${source.size} bytes`,
    );
  }
  const generationUid = admitted.generation?.generationUid ??
    await openGeneration(engine, calls, admitted, signal);
  if (admitted.verified) {
    meter.stored(false);
    return generationUid;
  }
  const names = { fileUid, generationUid };
  const stored = await storedParts(engine, calls, names, signal);
  const isStored = ({ number, start, end }: FilePart) =>
    stored.get(number) === end - start;
  for (const part of parts.filter(isStored)) meter.add(part.end - part.start);
  const missing = parts.filter((part) => !isStored(part));
  const reader = new PartReader(source);
  try {
    await engine.each(
      missing,
      (part, inner) =>
        engine.again(async (request) => {
          // a permission lives for minutes only, so each attempt has its own
          const { parts: [grant] } = await calls.grants(
            { ...names, numbers: [part.number] },
            request,
          );
          const { number, start, end } = part;
          const fits = grant?.partNumber === number &&
            grant.offset === start && grant.sizeBytes === end - start;
          if (!fits) {
            throw new InvalidResponseError(
              `Cannot upload ${
                show(source.path)
              } as the server gives no address for part ${number}`,
            );
          }
          await engine.send(
            { method: "PUT", url: grant.url, headers: grant.headers },
            reader.payload(part),
            meter,
            inner,
          );
        }, inner),
      signal,
      reader.isParallel ? undefined : 1,
    );
  } finally {
    reader.close();
  }
  meter.stored(missing.length > 0);
  return generationUid;
}

/** Opens an attempt; the status tells which, also when the answer was lost. */
function openGeneration(
  engine: UploadEngine,
  calls: ManagedCalls,
  { fileUid, path }: ManagedUploadFile,
  signal: AbortSignal,
): Promise<string> {
  return engine.again(async (request) => {
    let failure: unknown;
    try {
      await calls.init(fileUid, request);
    } catch (error) {
      const isLost = error instanceof ConnectionError ||
        error instanceof ServerError;
      if (!isLost) throw error;
      failure = error;
    }
    const { files } = await calls.status(request);
    const found = files.find((file) => file.fileUid === fileUid)?.generation;
    if (found) return found.generationUid;
    throw failure ?? new InvalidResponseError(
      `Cannot upload ${show(path)} as the server opens no attempt for it`,
    );
  }, signal);
}

async function storedParts(
  engine: UploadEngine,
  calls: ManagedCalls,
  names: { fileUid: string; generationUid: string },
  signal: AbortSignal,
): Promise<Map<number, number>> {
  const stored = new Map<number, number>();
  let after: number | undefined;
  for (;;) {
    const options = { ...names, after };
    const { parts, nextCursor } = await engine.again(
      (request) => calls.progress(options, request),
      signal,
    );
    for (const { partNumber, size } of parts) stored.set(partNumber, size);
    // a cursor that comes back unchanged would never end
    if (nextCursor === null || nextCursor === after) return stored;
    after = nextCursor as number;
  }
}
