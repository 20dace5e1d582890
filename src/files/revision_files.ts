/**
 * The files of a public dataset's revision.
 *
 * @module
 */

import type { Download, DownloadOptions } from "../downloads/download.ts";
import type { RequestOptions } from "../http/request.ts";
import type { RemoteFiles } from "./download_files.ts";
import type { RemoteFile } from "./download_plan.ts";

/** A revision of a public dataset, as `publicDatasets.resolve` gives it. */
export interface ResolvedRevision {
  /** The reference to keep: it names these very bytes. */
  readonly canonicalReference: string;
}

/** A revision with its objects, as `publicDatasets.load` gives it. */
export interface LoadedRevision {
  /** The revision. */
  readonly revision: ResolvedRevision;
  /** Its objects, listed when they are iterated. */
  readonly objects: AsyncIterable<RevisionObject>;
}

/** An object of a revision. */
export interface RevisionObject {
  /** Unique id. */
  readonly objectUid: string;
  /** Its path in the dataset. */
  readonly logicalPath: string;
  /** Its size in bytes. */
  readonly sizeBytes: number;
  /** SHA-256 of its bytes. */
  readonly sha256: string;
}

/** What a download of a revision needs of a client; a key is not needed. */
export interface RevisionClient {
  /** Public datasets. */
  readonly publicDatasets: {
    /**
     * Finds a revision and its objects.
     *
     * @param reference The reference.
     * @param options Options.
     * @param request Request options.
     * @returns The revision.
     */
    load(
      reference: string,
      options?: object,
      request?: RequestOptions,
    ): Promise<LoadedRevision>;
    /**
     * Downloads an object.
     *
     * @param object The object.
     * @param options Options of the download.
     * @param request Request options.
     * @returns The file.
     */
    downloadObject(
      object: RevisionObject,
      options?: DownloadOptions,
      request?: RequestOptions,
    ): Promise<Download>;
  };
}

/**
 * Makes the files of a revision known to a download.
 *
 * @param client The client.
 * @param given The revision.
 * @param matches Tells which paths are meant.
 * @param request Options of the requests that list objects.
 * @returns The files.
 */
export function revisionFiles(
  client: RevisionClient,
  given: ResolvedRevision | LoadedRevision,
  matches: (key: string) => boolean,
  request: RequestOptions,
): RemoteFiles {
  const objects = new Map<string, RevisionObject>();
  const { canonicalReference } = "revision" in given ? given.revision : given;
  return {
    name: canonicalReference,
    async list() {
      const { publicDatasets } = client;
      const loaded = "revision" in given
        ? given
        : await publicDatasets.load(canonicalReference, {}, request);
      const files: RemoteFile[] = [];
      for await (const object of loaded.objects) {
        const { objectUid, logicalPath, sizeBytes, sha256 } = object;
        if (!matches(logicalPath)) continue;
        objects.set(objectUid, object);
        files.push({
          uid: objectUid,
          key: logicalPath,
          url: null,
          size: sizeBytes,
          updatedAt: null,
          sha256,
        });
      }
      return files;
    },
    async open(file, options) {
      const object = objects.get(file.uid) as RevisionObject;
      const { publicDatasets } = client;
      const download = await publicDatasets.downloadObject(object, {}, options);
      return { download, file };
    },
  };
}
