/**
 * The options of datasets.
 *
 * @module
 */

import type { WaitOptions } from "../../http/waiting.ts";
import type { JsonObject } from "../../wire/codec.ts";
import {
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
  requiredText,
} from "../../wire/options.ts";
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
  /** Only datasets whose name contains this text, upper and lower case alike. */
  name?: string | undefined;
  /** Only datasets in this state. */
  status?: DatasetStatus | undefined;
  /** Only datasets with this visibility, of those that you may see. */
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

/** Options of {@linkcode AsyncDatasets.transfer}: exactly one of them. */
export interface TransferDatasetOptions {
  /** Unique id of the organization that is to own the dataset. */
  organizationUid?: string | undefined;
  /** User that is to own the dataset; the service accepts the caller only. */
  ownerUsername?: string | undefined;
}

/** The option table of {@linkcode ListDatasetsOptions}. */
export const LIST: OptionTable<ListDatasetsOptions> = {
  dataType: optional,
  name: optional,
  status: optional,
  visibility: optional,
  ...PAGE,
};

/** The option table of {@linkcode CreateDatasetOptions}. */
export const CREATE: OptionTable<CreateDatasetOptions> = {
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

/** The option table of {@linkcode TransferDatasetOptions}. */
export const TRANSFER: OptionTable<TransferDatasetOptions> = {
  organizationUid: optional,
  ownerUsername: optional,
};
