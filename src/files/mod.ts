/**
 * Files on disk, to upload and to download to, in Deno, Node and Bun.
 *
 * It is the only module that touches a file system, so the rest of the package
 * runs where there is none. In Deno, {@linkcode fromDirectory} needs permission
 * to read the folder, nothing else; {@linkcode saveTo} needs permission to read
 * and to write the folder of the target, as a rename needs both in Deno.
 *
 * @example There and back
 * ```ts
 * import { fromDirectory, saveTo } from "@avala/client/files";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const response = new Response("hello");
 * const saved = await saveTo(`${folder}/a.txt`, response, { sha256: true });
 * assertEquals(saved.bytes, 5);
 *
 * const [source] = await fromDirectory(folder);
 * assertEquals([source?.path, source?.size], ["a.txt", 5]);
 * assertEquals(await new Response(source?.stream()).text(), "hello");
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @example Download a whole dataset, and go on after a crash
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { downloadDataset } from "@avala/client/files";
 *
 * await using client = new AsyncClient();
 * const [dataset] = (await client.datasets.list({ dataType: "image" })).items;
 * const done = await downloadDataset(
 *   client,
 *   dataset!.ownerName!,
 *   dataset!.slug,
 *   await Deno.makeTempDir(), // your folder
 *   { include: ["*1.jpg"], onError: "collect" },
 * );
 * // run again, it downloads what is missing or has changed
 * console.log(done.files, "files", done.failures.length, "failures");
 * ```
 *
 * @example Upload a recording, and go on after a crash
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { fromDirectory, stateFile } from "@avala/client/files";
 *
 * const folder = await Deno.makeTempDir(); // your recording
 * await Deno.writeTextFile(`${folder}/lidar.bin`, "points");
 * await Deno.writeTextFile(`${folder}/camera.bin`, "pixels");
 *
 * await using client = new AsyncClient();
 * const [recording] = (await client.fleet.recordings.list()).items;
 * const done = await client.fleet.uploads.uploadRecording(
 *   recording!.uid,
 *   await fromDirectory(folder),
 *   {
 *     // the same path in each run: it knows what the server has confirmed
 *     stateStore: stateFile(`${folder}.upload.json`),
 *     onProgress: ({ path, bytes }) => console.log(path, bytes),
 *   },
 * );
 * console.log(done.status, done.sentFiles);
 * ```
 *
 * @example Write a list to a file
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { records, saveTo } from "@avala/client/files";
 *
 * await using client = new AsyncClient();
 * const body = records(client.tasks.list({ status: "pending" }), {
 *   format: "csv", // or "jsonl"
 *   fields: ["uid", "name", "status"],
 * });
 * const path = `${await Deno.makeTempDir()}/tasks.csv`;
 * console.log((await saveTo(path, { body })).bytes);
 * ```
 *
 * @module
 */

export {
  type DirectoryOptions,
  type FileSource,
  fromDirectory,
} from "./from_directory.ts";
export type { CloudAccess } from "./cloud.ts";
export {
  type DownloadClient,
  downloadDataset,
  type DownloadDatasetOptions,
} from "./download_dataset.ts";
export type {
  DownloadedFiles,
  DownloadFailure,
  PlannedDownload,
} from "./download_files.ts";
export type {
  LoadedRevision,
  ResolvedRevision,
  RevisionClient,
  RevisionObject,
} from "./revision_files.ts";
export type { FilesProgress } from "./download_meter.ts";
export type { KeyFilter } from "./globs.ts";
export { importCloud, type ImportCloudOptions } from "./import_cloud.ts";
export { importFolder, type ImportFolderOptions } from "./import_folder.ts";
export { records, type RecordsOptions } from "./records.ts";
export {
  type Saveable,
  type SavedFile,
  type SaveOptions,
  saveTo,
} from "./save_to.ts";
export { stateFile } from "./state_file.ts";
export type { StateStore } from "../uploads/state_store.ts";
export type {
  FleetUploadState,
  FleetUploadStateStore,
} from "../resources/fleet/uploads.ts";
export type { ByteStream, UploadSource } from "../uploads/sources.ts";
