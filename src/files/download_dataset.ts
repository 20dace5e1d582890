/**
 * Whole datasets into folders.
 *
 * @module
 */

import type { Download, DownloadOptions } from "../downloads/download.ts";
import { InvalidArgumentError, InvalidResponseError } from "../errors.ts";
import { fromCaller } from "../http/deadline.ts";
import type { RequestOptions } from "../http/request.ts";
import type { AsyncDatasets, DatasetItem } from "../resources/datasets/mod.ts";
import {
  nonEmptyString,
  positiveInteger,
  refusal,
  refuseUnknown,
  show,
} from "../wire/options.ts";
import {
  type DownloadedFiles,
  downloadFiles,
  type RemoteFiles,
} from "./download_files.ts";
import type { FilesProgress } from "./download_meter.ts";
import type { RemoteFile } from "./download_plan.ts";
import { type KeyFilter, matcherOf } from "./globs.ts";
import { checkOptions, toPath } from "./paths.ts";
import {
  type LoadedRevision,
  type ResolvedRevision,
  type RevisionClient,
  revisionFiles,
} from "./revision_files.ts";

/** Options of {@linkcode downloadDataset}. */
export interface DownloadDatasetOptions extends KeyFilter {
  /** Unique id of a sequence: only items that belong to it. */
  sequenceUid?: string | undefined;
  /**
   * How many files are downloaded at a time.
   *
   * @default {8}
   */
  concurrency?: number | undefined;
  /**
   * Over how many connections a file of 16 MiB or more comes, when its storage gives
   * parts of it.
   *
   * @default {1}
   */
  connections?: number | undefined;
  /** Called after every chunk and every file; what it throws has no effect. */
  onProgress?: ((progress: FilesProgress) => void) | undefined;
  /**
   * What happens when a file fails for good: `"throw"` stops the others and
   * rejects with its error, `"collect"` goes on and gives the failures back.
   *
   * @default {"throw"}
   */
  onError?: "throw" | "collect" | undefined;
  /**
   * Whether to tell what would be done, and write nothing.
   *
   * @default {false}
   */
  dryRun?: boolean | undefined;
  /**
   * Whether to compare the files that are there by their SHA-256, where the listing
   * or an earlier run with `verify` tells it, instead of by their size alone.
   *
   * @default {false}
   */
  verify?: boolean | undefined;
}

/** What {@linkcode downloadDataset} needs of a client. */
export interface DownloadClient {
  /** Lists the items. */
  readonly datasets: AsyncDatasets;
  /**
   * Downloads a file.
   *
   * @param url Where it is.
   * @param options Options of the download.
   * @param request Request options.
   * @returns The file.
   * @throws {AvalaError} If the request fails.
   */
  download(
    url: string,
    options?: DownloadOptions,
    request?: RequestOptions,
  ): Promise<Download>;
}

/** Attempts for one file behind the first; the waits between them add up to half a minute. */
const MAX_RETRIES = 7;
/** Items of a page: fewer requests than by default, and no page of more than some megabytes. */
const PAGE = 250;

const isBoolean = (value: unknown) =>
  typeof value === "boolean" ? undefined : "a boolean";

/** What each option must be; the globs are checked where they are read. */
const CHECKS: {
  [Name in keyof Required<DownloadDatasetOptions>]: (
    value: unknown,
  ) => string | undefined;
} = {
  sequenceUid: nonEmptyString,
  include: () => undefined,
  exclude: () => undefined,
  concurrency: positiveInteger,
  connections: positiveInteger,
  onProgress: (value) => typeof value === "function" ? undefined : "a function",
  onError: (value) =>
    value === "throw" || value === "collect"
      ? undefined
      : '"throw" or "collect"',
  dryRun: isBoolean,
  verify: isBoolean,
};

/**
 * Downloads a dataset into a folder: every item, or those of a sequence, or those
 * that match globs. The key of an item is its path in the folder.
 *
 * A second run downloads only what is missing or has changed, by its size and the
 * time of its last change; it asks for no file that is there. A journal in the folder
 * (`.avala-download.jsonl`) tells what is there, also when an earlier run was killed;
 * a file of 16 MiB or more resumes where it stopped. Files in the folder that are
 * no items of the dataset stay as they are, unless an item has their path. Without
 * the journal everything is downloaded anew.
 *
 * A key that leads out of the folder, or that the system can't hold, is a failure of
 * that file; without `onError: "collect"` it is an error before anything is
 * downloaded. Where the system ignores case, keys that differ only by case get a
 * part of a hash in front of the extension. Links in the folder
 * that lead out of it are not followed.
 *
 * @example What would be downloaded
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { downloadDataset } from "@avala/client/files";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const [dataset] = (await client.datasets.list()).items;
 * const { ownerName, slug } = dataset ?? { ownerName: "", slug: "" };
 *
 * const options = { include: ["*.jpg", "*.bin"], dryRun: true };
 * const { plan } = await downloadDataset(
 *   client,
 *   ownerName ?? "",
 *   slug,
 *   "./data",
 *   options,
 * );
 * assertEquals(plan?.every(({ action }) => action === "fetch"), true);
 * ```
 *
 * @param client The client.
 * @param owner User name or organization slug of the owner.
 * @param slug URL name of the dataset.
 * @param folder Path or `file:` URL of the folder, which is made when it is not there.
 * @param options Which items, how, and who is told.
 * @param request Request options: `signal` ends all of it, `maxRetries` is that of
 * one file (7 by default), `timeout` that of one request to the API and the time
 * that may pass without a byte of a file.
 * @returns What was done; look at `failures` when they are collected.
 * @throws {InvalidArgumentError} If an argument is wrong, a key can't be a path, or the folder's journal is broken or that of another dataset.
 * @throws {AvalaError} If a request or a file fails for good.
 */
export function downloadDataset(
  client: DownloadClient,
  owner: string,
  slug: string,
  folder: string | URL,
  options?: DownloadDatasetOptions,
  request?: RequestOptions,
): Promise<DownloadedFiles>;
/**
 * Downloads a revision of a public dataset into a folder; the SHA-256 of each file
 * is checked on the way.
 *
 * @param client The client; it needs no key.
 * @param revision The revision, as `publicDatasets.load` or `resolve` gives it.
 * @param folder Path or `file:` URL of the folder, which is made when it is not there.
 * @param options Which objects, how, and who is told; there are no sequences.
 * @param request Request options.
 * @returns What was done; look at `failures` when they are collected.
 * @throws {InvalidArgumentError} If an argument is wrong, or the folder's journal is broken or that of another revision.
 * @throws {AvalaError} If a request or a file fails for good.
 */
export function downloadDataset(
  client: RevisionClient,
  revision: ResolvedRevision | LoadedRevision,
  folder: string | URL,
  options?: DownloadDatasetOptions,
  request?: RequestOptions,
): Promise<DownloadedFiles>;
/**
 * Downloads a dataset, or a revision of a public one.
 *
 * @param client The client.
 * @param args What is downloaded, where to, how, and request options.
 * @returns What was done.
 * @throws {AvalaError} If a request or a file fails for good.
 */
export async function downloadDataset(
  client: DownloadClient | RevisionClient,
  ...args: unknown[]
): Promise<DownloadedFiles> {
  if (typeof args[0] !== "object" || args[0] === null) {
    const [owner, slug, folder, options = {}, request = {}] = args as OfDataset;
    check(options);
    const matches = matcherOf(options);
    const known = client as DownloadClient;
    return await download(
      itemFiles(known, owner, slug, options.sequenceUid, matches, request),
      folder,
      options,
      request,
    );
  }
  const [revision, folder, options = {}, request = {}] = args as OfRevision;
  checkRevision(revision);
  check(options);
  if (options.sequenceUid !== undefined) {
    const { sequenceUid } = options;
    const known = ["include", "exclude"];
    refuseUnknown(`call ${METHOD}`, { sequenceUid }, known);
  }
  const matches = matcherOf(options);
  const known = client as RevisionClient;
  return await download(
    revisionFiles(known, revision, matches, request),
    folder,
    options,
    request,
  );
}

const METHOD = "downloadDataset";

type Folder = string | URL;
type OfDataset = [
  owner: string,
  slug: string,
  folder: Folder,
  options?: DownloadDatasetOptions,
  request?: RequestOptions,
];
type OfRevision = [
  revision: ResolvedRevision | LoadedRevision,
  folder: Folder,
  options?: DownloadDatasetOptions,
  request?: RequestOptions,
];

async function download(
  remote: RemoteFiles,
  folder: Folder,
  options: DownloadDatasetOptions,
  request: RequestOptions,
): Promise<DownloadedFiles> {
  const path = toPath(folder, "download the dataset");
  const signal = request.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const { concurrency = 8, connections = 1 } = options;
  const plan = {
    concurrency,
    connections,
    collect: options.onError === "collect",
    dryRun: options.dryRun ?? false,
    verify: options.verify ?? false,
    onProgress: options.onProgress,
    request: { maxRetries: MAX_RETRIES, ...request },
  };
  try {
    return await downloadFiles(remote, path, plan, signal);
  } catch (error) {
    throw fromCaller(error, signal);
  }
}

/** A revision that was not waited for is the likely mistake. */
function checkRevision(revision: ResolvedRevision | LoadedRevision): void {
  const { canonicalReference } = "revision" in revision
    ? revision.revision
    : revision;
  const wanted = nonEmptyString(canonicalReference);
  if (!wanted) return;
  throw refusal(
    METHOD,
    "the dataset",
    "owner and slug, or a revision of a public dataset (is an 'await' missing?)",
    revision,
  );
}

function check(options: DownloadDatasetOptions): void {
  checkOptions(METHOD, options, CHECKS);
}

function itemFiles(
  client: DownloadClient,
  owner: string,
  slug: string,
  sequenceUid: string | undefined,
  matches: (key: string) => boolean,
  request: RequestOptions,
): RemoteFiles {
  return {
    name: `${owner}/${slug}`,
    list: () => list(client, owner, slug, sequenceUid, matches, request),
    open: (file, options) => open(client, owner, slug, file, options),
  };
}

async function list(
  client: DownloadClient,
  owner: string,
  slug: string,
  sequenceUid: string | undefined,
  matches: (key: string) => boolean,
  request: RequestOptions,
): Promise<RemoteFile[]> {
  const files = new Map<string, RemoteFile>();
  const items = client.datasets.listItems(
    owner,
    slug,
    { limit: PAGE },
    request,
  );
  let belong = 0;
  for await (const item of items) {
    if (sequenceUid !== undefined) {
      if (item.relatedSequenceUid !== sequenceUid) continue;
      belong++;
    }
    // an item that moves to another page meanwhile comes twice
    if (matches(item.key ?? "")) files.set(item.uid, toFile(item));
  }
  if (sequenceUid === undefined || belong > 0) return [...files.values()];
  throw new InvalidArgumentError(
    `Cannot download the sequence ${show(sequenceUid)} as no item of ${
      show(`${owner}/${slug}`)
    } belongs to it`,
  );
}

/** Keeps what is needed of an item: there may be many of them. */
function toFile(item: DatasetItem): RemoteFile {
  const { uid, key, url, updatedAt } = item;
  // the Avala docs name neither, but unknown fields are kept
  const { size, sizeBytes = size, sha256 } = item as unknown as {
    [name: string]: unknown;
  };
  return {
    uid,
    key,
    url,
    size: Number.isSafeInteger(sizeBytes) ? sizeBytes as number : null,
    updatedAt,
    sha256: typeof sha256 === "string" && /^[0-9a-f]{64}$/i.test(sha256)
      ? sha256.toLowerCase()
      : null,
  };
}

/** Opens a file; an address that is missing or has expired is asked for anew. */
async function open(
  client: DownloadClient,
  owner: string,
  slug: string,
  listed: RemoteFile,
  request: RequestOptions,
): Promise<{ download: Download; file: RemoteFile }> {
  let file = listed;
  const renew = async () => {
    file = toFile(
      await client.datasets.getItem(owner, slug, listed.uid, request),
    );
    if (file.url !== null) return file.url;
    throw new InvalidResponseError(
      `Cannot download ${
        show(listed.key)
      } as the server gives no address for it: look at item ${
        show(listed.uid)
      } on the server`,
    );
  };
  const url = listed.url ?? await renew();
  const download = await client.download(url, { renew }, request);
  return { download, file };
}
