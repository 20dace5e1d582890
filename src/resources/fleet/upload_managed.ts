/**
 * A managed upload of a recording: hashed, sent in parts, published.
 *
 * @module
 */

import { InvalidArgumentError, InvalidResponseError } from "../../errors.ts";
import type { RequestOptions } from "../../http/request.ts";
import type { Transport } from "../../http/transport.ts";
import { waitFor } from "../../http/waiting.ts";
import { type Step, UploadEngine } from "../../uploads/engine.ts";
import { doOnce } from "../../uploads/once.ts";
import { sendMissingParts } from "../../uploads/parts.ts";
import { type FileMeter, Meter } from "../../uploads/progress.ts";
import { Sha256 } from "../../uploads/sha256.ts";
import {
  type ByteReader,
  collectSources,
  readerOf,
  unreadable,
  type UploadFiles,
  type UploadSource,
} from "../../uploads/sources.ts";
import { show, toBody } from "../../wire/options.ts";
import {
  admit,
  finalizeManaged,
  MANAGED_PROTOCOL,
  type ManagedUploadFile,
  type ManagedUploadFileInput,
  type ManagedUploadStatus,
  openGeneration,
  readManagedStatus,
  readProgress,
  requestGrants,
  UPLOAD_MANAGED,
  type UploadManagedRecordingOptions,
} from "./managed_uploads.ts";

const OPERATION = "fleet.uploads.uploadManagedRecording";
const MAX_FILES = 64;
const MAX_FILE_BYTES = 2 ** 33;
const MAX_TOTAL_BYTES = 2 ** 36;

/** Refuses files that no managed upload takes. */
function checkManaged(sources: readonly UploadSource[]): void {
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
 * Uploads the files of a recording, and starts its publication.
 *
 * @param transport Sends the requests.
 * @param recordingUid Unique id of the recording.
 * @param files The files.
 * @param options The caller's options.
 * @param request Request options.
 * @returns The state of the session.
 */
export async function uploadManaged(
  transport: Transport,
  recordingUid: string,
  files: UploadFiles,
  options: UploadManagedRecordingOptions,
  request: RequestOptions,
): Promise<ManagedUploadStatus> {
  toBody(OPERATION, UPLOAD_MANAGED, options);
  const { sessionUid = crypto.randomUUID(), concurrency = 2 } = options;
  const all = { ...options, concurrency, onError: "throw" as const };
  const engine = new UploadEngine(transport, OPERATION, all, request);
  const session = { protocol: MANAGED_PROTOCOL, sessionUid };
  return await transport.run(async (signal) => {
    const sources = await collectSources(files);
    checkManaged(sources);
    const manifest: ManagedUploadFileInput[] = [];
    for (const source of sources) {
      manifest.push(await hashFile(source, signal));
    }
    const admitted = await engine.step(
      ({ api, request }) =>
        admit(api, recordingUid, { sessionUid, files: manifest }, request),
      signal,
    );
    if (admitted.finalization === null) {
      const sizes = sources.map(({ size }) => size);
      const done = { bytes: 0, files: 0 };
      const meter = new Meter(sizes, done, options.onProgress);
      const run = new ManagedUpload(engine, recordingUid, sessionUid);
      const stored: { fileUid: string; generationUid: string }[] = [];
      await engine.forEach(
        sources,
        async (source, inner) => {
          const file = fileOf(admitted, source.path);
          const counted = meter.file(source.path, source.size);
          const generationUid = await run.upload(source, file, counted, inner);
          stored.push({ fileUid: file.fileUid, generationUid });
        },
        signal,
        { concurrency: 1 },
      );
      await engine.step(
        ({ api, request }) =>
          finalizeManaged(api, recordingUid, { files: stored }, request),
        signal,
      );
    }
    const { maxRetries: _, ...once } = request;
    const every = { ...once, signal };
    const read = (every: RequestOptions) =>
      readManagedStatus(transport, recordingUid, session, every);
    if (!options.wait) return await read(every);
    return await waitFor(
      transport,
      {
        method: OPERATION,
        name: `the publication of recording "${recordingUid}"`,
        read,
        outcome: ({ finalization }) => {
          if (finalization?.state === "succeeded") return "success";
          return finalization?.state === "failed" ? "failure" : "pending";
        },
        interval: 2_000,
        minInterval: 500,
        timeout: 3_600_000,
      },
      options.wait === true ? {} : options.wait,
      every,
    );
  }, request.signal);
}

function fileOf(
  { files }: ManagedUploadStatus,
  path: string,
): ManagedUploadFile {
  const file = files.find((file) => file.path === path);
  if (file) return file;
  throw new InvalidResponseError(
    `Cannot upload ${show(path)} as the server did not admit it`,
  );
}

/** Hashes a file, as it is read. */
async function hashFile(
  source: UploadSource,
  signal: AbortSignal,
): Promise<ManagedUploadFileInput> {
  const { path, size } = source;
  const hash = new Sha256();
  let count = 0;
  let reader: ByteReader | undefined;
  try {
    reader = readerOf(source.stream());
    while (count <= size) {
      const { value } = await reader.read();
      if (signal.aborted || !value) break;
      count += value.length;
      hash.update(value);
    }
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    reader?.cancel().catch(() => {});
  }
  signal.throwIfAborted();
  if (count !== size) {
    throw new InvalidArgumentError(
      `Cannot upload ${
        show(path)
      } as its stream gives another number of bytes than the ${size} of its size`,
    );
  }
  return { path, sizeBytes: size, contentSha256: hash.hex() };
}

/** The way of one file after the other into a managed session. */
class ManagedUpload {
  readonly #engine: UploadEngine;
  readonly #recordingUid: string;
  readonly #session: { protocol: string; sessionUid: string };

  constructor(engine: UploadEngine, recordingUid: string, sessionUid: string) {
    this.#engine = engine;
    this.#recordingUid = recordingUid;
    this.#session = { protocol: MANAGED_PROTOCOL, sessionUid };
  }

  /** Sends the missing parts of a file; gives the id of the attempt that stored it. */
  async upload(
    source: UploadSource,
    admitted: ManagedUploadFile,
    meter: FileMeter,
    signal: AbortSignal,
  ): Promise<string> {
    const { fileUid, partSize, partCount, generation, verified } = admitted;
    const generationUid = generation?.generationUid ??
      await this.#openGeneration(admitted, signal);
    if (verified) {
      meter.stored(false);
      return generationUid;
    }
    const names = { fileUid, generationUid };
    const sent = await sendMissingParts(
      this.#engine,
      {
        source,
        partSize,
        partCount,
        stored: await this.#storedParts(names, signal),
        // an address lives for minutes only, so each part asks for its own
        addresses: async ([part], { api, request }) => {
          const { number = 0, start, end = 0 } = part ?? {};
          const numbers = [number];
          const { parts: [grant] } = await requestGrants(
            api,
            this.#recordingUid,
            { ...names, numbers },
            request,
          );
          const fits = grant?.partNumber === number && grant.offset === start &&
            grant.sizeBytes === end - start;
          if (fits) return new Map([[number, grant]]);
          throw new InvalidResponseError(
            `Cannot upload ${
              show(source.path)
            } as the server gives no address for part ${number}`,
          );
        },
      },
      meter,
      signal,
    );
    meter.stored(sent > 0);
    return generationUid;
  }

  /** Opens an attempt; which it is, the status tells. */
  async #openGeneration(
    { fileUid, path }: ManagedUploadFile,
    signal: AbortSignal,
  ): Promise<string> {
    const uid = this.#recordingUid;
    const find = async ({ api, request }: Step) => {
      const { files } = await readManagedStatus(
        api,
        uid,
        this.#session,
        request,
      );
      return files.find((file) => file.fileUid === fileUid)?.generation
        ?.generationUid;
    };
    await doOnce(this.#engine, {
      act: async ({ api, request }) => {
        await openGeneration(api, uid, { fileUid }, request);
        return true;
      },
      look: async (step) => (await find(step)) !== undefined || undefined,
    }, signal);
    const generationUid = await this.#engine.step(find, signal);
    if (generationUid) return generationUid;
    throw new InvalidResponseError(
      `Cannot upload ${show(path)} as the server opens no attempt for it`,
    );
  }

  async #storedParts(
    names: { fileUid: string; generationUid: string },
    signal: AbortSignal,
  ): Promise<Map<number, number>> {
    const stored = new Map<number, number>();
    let after: number | undefined;
    for (;;) {
      const options = { ...names, after };
      const { parts, nextCursor } = await this.#engine.step(
        ({ api, request }) =>
          readProgress(api, this.#recordingUid, options, request),
        signal,
      );
      for (const { partNumber, size } of parts) stored.set(partNumber, size);
      // a cursor that comes back unchanged would never end
      if (nextCursor === null || nextCursor === after) return stored;
      after = nextCursor as number;
    }
  }
}
