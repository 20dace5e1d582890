/**
 * A folder that becomes a dataset.
 *
 * @module
 */

import { show } from "../wire/options.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { RequestOptions } from "../http/request.ts";
import type {
  AsyncDatasets,
  CreateFromLocalOptions,
  Dataset,
  DatasetDataType,
} from "../resources/datasets/mod.ts";
import { fromDirectory } from "./from_directory.ts";
import { checkOptions } from "./paths.ts";
import { INDEXED_SUFFIXES, kindOf } from "./kinds.ts";

/** Options of {@linkcode importFolder}. */
export interface ImportFolderOptions
  extends Omit<CreateFromLocalOptions, "dataType"> {
  /**
   * Kind of media.
   *
   * @default {that of the files, when all that have one have the same}
   */
  dataType?: DatasetDataType | undefined;
  /**
   * Whether to include files and folders whose name starts with a dot.
   *
   * @default {true}
   */
  hidden?: boolean | undefined;
}

/**
 * Uploads a folder and creates a dataset of it.
 *
 * The kind of media is found by the suffixes of the files. A folder of which the
 * service would index no file is refused, as its dataset would be empty.
 *
 * @example Usage
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { importFolder } from "@avala/client/files";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/1.jpg`, "one");
 * const dataset = await importFolder(client, folder, {
 *   name: "Night drive",
 *   slug: "night-drive",
 * });
 * assertEquals(dataset.dataType, "image");
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param client The client, or anything that has its `datasets`.
 * @param client.datasets Creates the dataset.
 * @param folder Path or `file:` URL of a folder or a file.
 * @param options Name and slug, and the other options of `createFromLocal`.
 * @param request Request options, as for `createFromLocal`.
 * @returns The dataset.
 * @throws {InvalidArgumentError} If an option is wrong, a file can't be read, or the dataset would be empty.
 * @throws {AvalaError} If a request fails for good.
 */
export async function importFolder(
  client: { readonly datasets: AsyncDatasets },
  folder: string | URL,
  options: ImportFolderOptions,
  request?: RequestOptions,
): Promise<Dataset> {
  checkOptions("importFolder", options);
  const { hidden, dataType: given, ...rest } = options;
  const sources = await fromDirectory(folder, { hidden });
  const dataType = dataTypeOf(sources, given, String(folder));
  return await client.datasets.createFromLocal(
    sources,
    { ...rest, dataType },
    request,
  );
}

/**
 * Finds the kind of media of files.
 *
 * @param sources The files.
 * @param given The kind that the caller names.
 * @param folder Where they come from, for messages.
 * @returns The kind.
 * @throws {InvalidArgumentError} If the files are of several kinds, or of none.
 */
export function dataTypeOf(
  sources: readonly { readonly path: string }[],
  given: DatasetDataType | undefined,
  folder: string,
): DatasetDataType {
  const what = `Cannot import ${show(folder)} as`;
  const found = new Set(sources.flatMap(({ path }) => kindOf(path) ?? []));
  const wanted = given === undefined ? undefined : INDEXED_SUFFIXES[given];
  const isEmpty = wanted ? !found.has(String(given)) : found.size === 0;
  if (isEmpty) {
    const suffixes = wanted ?? Object.values(INDEXED_SUFFIXES).flat();
    throw new InvalidArgumentError(
      `${what} the dataset would be empty: none of its ${sources.length} files ends in ${
        suffixes.join(", ")
      }`,
    );
  }
  if (given !== undefined) return given;
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new InvalidArgumentError(
    `${what} its files are of several kinds, ${
      [...found].sort().join(", ")
    }: give one of them as 'dataType'`,
  );
}
