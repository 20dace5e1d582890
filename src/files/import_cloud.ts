/**
 * A bucket that becomes a dataset.
 *
 * @module
 */

import { InvalidArgumentError } from "../errors.ts";
import type { RequestOptions } from "../http/request.ts";
import type {
  AsyncDatasets,
  CreateDatasetOptions,
  Dataset,
} from "../resources/datasets/mod.ts";
import { show } from "../wire/options.ts";
import { checkOptions } from "./paths.ts";
import { CLOUD_OPTIONS, type CloudAccess, providerConfigOf } from "./cloud.ts";
import { INDEXED_SUFFIXES } from "./kinds.ts";

/** Options of {@linkcode importCloud}. */
export interface ImportCloudOptions
  extends Omit<CreateDatasetOptions, "providerConfig">, CloudAccess {}

/**
 * Creates a dataset of what is in a bucket of S3 or Google Cloud. Nothing is
 * copied: the service lists the bucket and reads it where it is.
 *
 * @example Usage
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { importCloud } from "@avala/client/files";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const dataset = await importCloud(client, "s3://bucket/night-drive", {
 *   name: "Night drive",
 *   slug: "night-drive",
 *   dataType: "image",
 *   region: "eu-central-1",
 *   accessKeyId: "AKIAIOSFODNN7EXAMPLE",
 *   secretAccessKey: "a-secret-of-the-example",
 *   includedExtensions: [".jpg"],
 * });
 * assertEquals(dataset.slug, "night-drive");
 * ```
 *
 * @param client The client, or anything that has its `datasets`.
 * @param client.datasets Creates the dataset.
 * @param url `s3://bucket/prefix`, `gs://bucket/prefix` or `gcs://bucket/prefix`.
 * @param options How the service may read the bucket, and the options of `create`.
 * @param request Request options.
 * @returns The dataset; its import takes time, see `wait`.
 * @throws {InvalidArgumentError} If the URL or an option is missing or wrong.
 * @throws {AvalaError} If the request fails.
 */
export async function importCloud(
  client: { readonly datasets: AsyncDatasets },
  url: string,
  options: ImportCloudOptions,
  request?: RequestOptions,
): Promise<Dataset> {
  checkOptions("importCloud", options);
  const access: { [name: string]: unknown } = {};
  const create: { [name: string]: unknown } = {};
  for (const [name, value] of Object.entries(options)) {
    const isAccess = CLOUD_OPTIONS.includes(name as keyof CloudAccess);
    (isAccess ? access : create)[name] = value;
  }
  const kinds = Object.keys(INDEXED_SUFFIXES);
  if (!kinds.includes(options.dataType)) {
    throw new InvalidArgumentError(
      `Cannot import the bucket as 'dataType' must be one of ${
        kinds.join(", ")
      }: current value is ${show(options.dataType)}`,
    );
  }
  const owned = (options.organizationUid ?? options.organizationId) != null;
  const providerConfig = await providerConfigOf(url, access, owned);
  return await client.datasets.create(
    { ...create as unknown as CreateDatasetOptions, providerConfig },
    request,
  );
}
