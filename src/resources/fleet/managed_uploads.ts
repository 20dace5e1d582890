/**
 * Managed uploads of recordings: few large `.mcap` files, checked by their hashes
 * and published by the server.
 *
 * @module
 */

import { segment, toBody, toQuery } from "../../wire/options.ts";
import { InvalidResponseError } from "../../errors.ts";
import type { RequestOptions } from "../../http/request.ts";
import { collectSources, type UploadFiles } from "../../uploads/sources.ts";
import type { Transport } from "../../http/transport.ts";
import { UploadEngine } from "../../uploads/engine.ts";
import { Meter } from "../../uploads/progress.ts";
import { waitFor } from "../../http/waiting.ts";
import {
  checkManaged,
  describe,
  type ManagedCalls,
  sendManaged,
} from "./send_managed.ts";
import {
  ADMIT,
  decodeFinalizeResult,
  decodeGrants,
  decodeManagedStatus,
  decodePartProgress,
  MANAGED_FINALIZE,
  MANAGED_PROTOCOL,
  MANAGED_RECORDING,
  MANAGED_STATUS,
  type ManagedAdmitOptions,
  type ManagedFinalizeOptions,
  type ManagedMultipartInitOptions,
  type ManagedMultipartPartsOptions,
  type ManagedMultipartProgressOptions,
  type ManagedStatusOptions,
  type ManagedUploadFile,
  type ManagedUploadFileInput,
  type ManagedUploadFinalizeResult,
  type ManagedUploadPartGrants,
  type ManagedUploadPartProgress,
  type ManagedUploadStatus,
  MULTIPART_INIT,
  MULTIPART_PARTS,
  MULTIPART_PROGRESS,
  type UploadManagedRecordingOptions,
} from "./managed_models.ts";

/** The part of the fleet's uploads that the server manages. */
export class ManagedUploads {
  readonly #transport: Transport;

  /**
   * Constructs the resource.
   *
   * @param transport Sends the requests.
   */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Opens a managed session. The same session id and files give the same session.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Session id and files with their hashes.
   * @param request Request options.
   * @returns The state of the session.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async managedAdmit(
    recordingUid: string,
    options: ManagedAdmitOptions,
    request?: RequestOptions,
  ): Promise<ManagedUploadStatus> {
    return await this.#transport.object(decodeManagedStatus, {
      method: "POST",
      path: pathOf(recordingUid, "admit"),
      body: toBody(ADMIT, options),
      idempotent: true,
    }, request);
  }

  /**
   * Reads the state of a managed session.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Session id.
   * @param request Request options.
   * @returns The state of the session.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such session.
   * @throws {AvalaError} If the request fails.
   */
  async managedStatus(
    recordingUid: string,
    options: ManagedStatusOptions,
    request?: RequestOptions,
  ): Promise<ManagedUploadStatus> {
    return await this.#transport.object(decodeManagedStatus, {
      method: "GET",
      path: pathOf(recordingUid, "status"),
      query: toQuery(MANAGED_STATUS, options),
    }, request);
  }

  /**
   * Opens an attempt at storing a file. It is never sent twice, unless the server
   * says that it did not process it; after a lost answer,
   * {@linkcode ManagedUploads.managedStatus} tells the attempt.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Which file.
   * @param request Request options.
   * @returns The JSON of the answer, or null when it is empty.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async managedMultipartInit(
    recordingUid: string,
    options: ManagedMultipartInitOptions,
    request?: RequestOptions,
  ): Promise<unknown> {
    return await this.#transport.send({
      method: "POST",
      path: pathOf(recordingUid, "multipart/init"),
      body: toBody(MULTIPART_INIT, options),
      promised: "json",
    }, request);
  }

  /**
   * Reads which parts of a file are stored, at most 100 at a time.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Which file and attempt, and where to go on.
   * @param request Request options.
   * @returns The parts.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async managedMultipartProgress(
    recordingUid: string,
    options: ManagedMultipartProgressOptions,
    request?: RequestOptions,
  ): Promise<ManagedUploadPartProgress> {
    return await this.#transport.object(decodePartProgress, {
      method: "GET",
      path: pathOf(recordingUid, "multipart/progress"),
      query: toQuery(MULTIPART_PROGRESS, options),
    }, request);
  }

  /**
   * Asks where parts of a file are to be sent; the addresses live at most 300 s.
   *
   * @param recordingUid Unique id of the recording.
   * @param options Which file, attempt and parts.
   * @param request Request options.
   * @returns The addresses.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async managedMultipartParts(
    recordingUid: string,
    options: ManagedMultipartPartsOptions,
    request?: RequestOptions,
  ): Promise<ManagedUploadPartGrants> {
    return await this.#transport.object(decodeGrants, {
      method: "POST",
      path: pathOf(recordingUid, "multipart/parts"),
      body: toBody(MULTIPART_PARTS, options),
      idempotent: true,
    }, request);
  }

  /**
   * Says that all parts of all files are stored, and starts the publication.
   *
   * @param recordingUid Unique id of the recording.
   * @param options All files with their attempts.
   * @param request Request options.
   * @returns The publication.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async managedFinalize(
    recordingUid: string,
    options: ManagedFinalizeOptions,
    request?: RequestOptions,
  ): Promise<ManagedUploadFinalizeResult> {
    return await this.#transport.object(decodeFinalizeResult, {
      method: "POST",
      path: pathOf(recordingUid, "finalize"),
      body: toBody(MANAGED_FINALIZE, options),
      idempotent: true,
    }, request);
  }

  /**
   * Uploads a recording of 1 to 64 `.mcap` files, each at most 8 GiB: hashes them,
   * sends the parts that are missing, and starts the publication. Each file is
   * read twice.
   *
   * @param recordingUid Unique id of the recording.
   * @param files The files.
   * @param options Session, concurrency, progress, and whether to wait.
   * @param request Request options, as for {@linkcode AsyncFleetUploads.uploadRecording}.
   * @returns The state of the session.
   * @throws {InvalidArgumentError} If an argument is wrong, or a file gives another number of bytes than its size.
   * @throws {WaitTimeoutError} If the publication takes longer than the wait.
   * @throws {WaitFailedError} If the publication has failed and `throwOnFailure` is set.
   * @throws {AvalaError} If a request fails for good.
   */
  async uploadManagedRecording(
    recordingUid: string,
    files: UploadFiles,
    options: UploadManagedRecordingOptions = {},
    request: RequestOptions = {},
  ): Promise<ManagedUploadStatus> {
    segment("recordingUid", recordingUid);
    toBody(MANAGED_RECORDING, options);
    const { sessionUid = crypto.randomUUID(), concurrency = 2 } = options;
    const all = { ...options, concurrency, onError: "throw" as const };
    const engine = new UploadEngine(this.#transport, all, request);
    const read = (every: RequestOptions) =>
      this.managedStatus(
        recordingUid,
        { protocol: MANAGED_PROTOCOL, sessionUid },
        every,
      );
    const calls: ManagedCalls = {
      init: (fileUid, every) =>
        this.managedMultipartInit(recordingUid, { fileUid }, every),
      progress: (which, every) =>
        this.managedMultipartProgress(recordingUid, which, every),
      grants: (which, every) =>
        this.managedMultipartParts(recordingUid, which, every),
      status: read,
    };
    return await this.#transport.run(async (signal) => {
      const sources = await collectSources(files);
      checkManaged(sources);
      const manifest: ManagedUploadFileInput[] = [];
      for (const source of sources) {
        manifest.push(await describe(source, signal));
      }
      const admitted = await engine.again(
        (every) =>
          this.managedAdmit(
            recordingUid,
            { sessionUid, files: manifest },
            every,
          ),
        signal,
      );
      if (admitted.finalization === null) {
        const sizes = sources.map(({ size }) => size);
        const done = { bytes: 0, files: 0 };
        const meter = new Meter(sizes, done, options.onProgress);
        const stored: { fileUid: string; generationUid: string }[] = [];
        await engine.each(
          sources,
          async (source, inner) => {
            const { path, size } = source;
            const file = fileOf(admitted, path);
            const counted = meter.file(path, size);
            const generationUid = await sendManaged(
              engine,
              calls,
              source,
              file,
              counted,
              inner,
            );
            stored.push({ fileUid: file.fileUid, generationUid });
          },
          signal,
          1,
        );
        await engine.again(
          (every) =>
            this.managedFinalize(recordingUid, { files: stored }, every),
          signal,
        );
      }
      const bounded = { ...request, signal };
      if (!options.wait) return await read(bounded);
      return await waitFor(
        this.#transport,
        {
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
        bounded,
      );
    }, request.signal);
  }
}

function fileOf(
  { files }: ManagedUploadStatus,
  path: string,
): ManagedUploadFile {
  const file = files.find((file) => file.path === path);
  if (file) return file;
  throw new InvalidResponseError(
    `Cannot upload "${path}" as the server did not admit it`,
  );
}

function pathOf(recordingUid: string, what: string): string {
  const recording = segment("recordingUid", recordingUid);
  return `/fleet/recordings/${recording}/managed-upload/${what}/`;
}
