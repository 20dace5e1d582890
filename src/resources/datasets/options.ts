/**
 * The options of datasets.
 *
 * @module
 */

import {
  optional,
  PAGE_PARAMETERS,
  type PageOptions,
  type Parameters,
  requiredText,
} from "../../wire/options.ts";
import type { JsonObject } from "../../wire/codec.ts";
import type { WaitOptions } from "../../http/waiting.ts";
import type {
  Dataset,
  DatasetDataType,
  DatasetStatus,
  DatasetVisibility,
} from "./models.ts";

/** Filters of {@linkcode AsyncDatasets.list}. */
export interface ListDatasetsOptions extends PageOptions {
  /** Only datasets with this kind of media. */
  dataType?: DatasetDataType | undefined;
  /** Only datasets with this name. */
  name?: string | undefined;
  /** Only datasets in this state. */
  status?: DatasetStatus | undefined;
  /** Only datasets that these may read. */
  visibility?: DatasetVisibility | undefined;
}

/** Options of {@linkcode AsyncDatasets.create}. */
export interface CreateDatasetOptions {
  /** Display name. */
  name: string;
  /** URL name, unique under its owner. */
  slug: string;
  /** Kind of media. */
  dataType: DatasetDataType;
  /**
   * Who may read the dataset.
   *
   * @default {"private"}
   */
  visibility?: DatasetVisibility | undefined;
  /**
   * Have the server write metadata files.
   *
   * @default {true}
   */
  createMetadata?: boolean | undefined;
  /** Where the files are: provider, bucket, credentials, …; sent as it is. */
  providerConfig?: JsonObject | undefined;
  /** User name or organization slug of the owner. */
  ownerName?: string | undefined;
  /** Numeric id of the owning organization. */
  organizationId?: number | undefined;
  /** Unique id of the owning organization. */
  organizationUid?: string | undefined;
  /** Format of GPU-compressed textures. */
  gpuTextureFormat?: string | undefined;
  /** Your own metadata; sent as it is. */
  metadata?: JsonObject | undefined;
  /** Numeric id of an industry. */
  industry?: number | undefined;
  /** Numeric id of a license. */
  license?: number | undefined;
}

/** Options of {@linkcode AsyncDatasets.wait}. */
export interface WaitDatasetOptions extends WaitOptions<Dataset> {
  /**
   * The state to wait for.
   *
   * @default {"created"}
   */
  status?: DatasetStatus | undefined;
}

/** Table of {@linkcode ListDatasetsOptions}. */
export const LIST: Parameters<ListDatasetsOptions> = {
  dataType: optional,
  name: optional,
  status: optional,
  visibility: optional,
  ...PAGE_PARAMETERS,
};

/** Table of {@linkcode CreateDatasetOptions}. */
export const CREATE: Parameters<CreateDatasetOptions> = {
  name: requiredText,
  slug: requiredText,
  dataType: requiredText,
  visibility: { default: "private" },
  createMetadata: { default: true },
  providerConfig: optional,
  ownerName: optional,
  organizationId: optional,
  organizationUid: optional,
  gpuTextureFormat: optional,
  metadata: optional,
  industry: optional,
  license: optional,
};
