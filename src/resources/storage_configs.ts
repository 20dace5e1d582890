/**
 * Connections to buckets of your own.
 *
 * @example Connect a bucket
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const { avalaAwsAccountId, externalId } = await client.storageConfigs.setupInfo();
 * console.log("Trust", avalaAwsAccountId, "with the external id", externalId);
 * const bucket = await client.storageConfigs.create({
 *   name: "Drives",
 *   provider: "aws_s3",
 *   s3BucketName: "drives",
 *   s3BucketRegion: "eu-central-1",
 *   s3RoleArn: "arn:aws:iam::123456789012:role/avala",
 * });
 * console.log(await client.storageConfigs.test(bucket.uid));
 * ```
 *
 * @module
 */

import type { PagePromise } from "../http/pages.ts";
import type { RequestOptions } from "../http/request.ts";
import { type JsonObject, model, type Open } from "../wire/codec.ts";
import {
  body,
  local,
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
  query,
  requiredText,
} from "../wire/options.ts";
import { path } from "../wire/path.ts";
import { Resource } from "./resource.ts";

/** Cloud provider of a bucket. */
export type StorageProvider = Open<"aws_s3" | "gc_storage">;

/** Customer bucket connection. Credentials are write-only and never come back. */
export interface StorageConfig {
  /** Unique id of the storage configuration. */
  uid: string;
  /** Display name. */
  name: string;
  /** Cloud provider. */
  provider: StorageProvider;
  /** Name of the S3 bucket. */
  s3BucketName: string | null;
  /** AWS region of the S3 bucket. */
  s3BucketRegion: string | null;
  /** Path inside the S3 bucket. */
  s3BucketPrefix: string | null;
  /** Role-based or key-based access; value names not documented. */
  s3AuthMethod: string | null;
  /** S3 transfer acceleration in use. */
  s3IsAccelerated: boolean;
  /** Name of the Google Cloud Storage bucket. */
  gcStorageBucketName: string | null;
  /** Path inside the bucket. */
  gcStoragePrefix: string | null;
  /** Id of the Cloudflare R2 account. */
  r2AccountId: string | null;
  /** Public address of the Cloudflare R2 bucket. */
  r2PublicBaseUrl: string | null;
  /** The last access test passed. */
  isVerified: boolean;
  /** When access was last tested, ISO-8601. */
  lastVerifiedAt: string | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Facts needed to prepare a cross-account role. */
export interface StorageConfigSetupInfo {
  /** AWS account to trust in the bucket role. */
  avalaAwsAccountId: string;
  /** External id to require in the trust policy. */
  externalId: string;
}

/** Filters of {@linkcode AsyncStorageConfigs.list}. */
export interface ListStorageConfigsOptions extends PageOptions {
  /** URL name of the organization. */
  organization?: string | undefined;
}

/** Options of {@linkcode AsyncStorageConfigs.create}. */
export interface CreateStorageConfigOptions {
  /** URL name of the organization. */
  organization?: string | undefined;
  /** Display name. */
  name: string;
  /** Cloud provider. */
  provider: StorageProvider;
  /** Name of the S3 bucket. */
  s3BucketName?: string | undefined;
  /** AWS region of the S3 bucket. */
  s3BucketRegion?: string | undefined;
  /** Path inside the S3 bucket. */
  s3BucketPrefix?: string | undefined;
  /** Role-based or key-based access; the Avala docs name no values. */
  s3AuthMethod?: string | undefined;
  /** ARN of the role to assume. */
  s3RoleArn?: string | undefined;
  /** Access key id: a secret, never returned. */
  s3AccessKeyId?: string | undefined;
  /** Secret access key: a secret, never returned. */
  s3SecretAccessKey?: string | undefined;
  /** Whether S3 transfer acceleration is used. */
  s3IsAccelerated?: boolean | undefined;
  /** Name of the Google Cloud Storage bucket. */
  gcStorageBucketName?: string | undefined;
  /** Path inside the bucket. */
  gcStoragePrefix?: string | undefined;
  /** JSON of the service account as text: a secret, never returned. */
  gcStorageAuthJsonContent?: string | undefined;
}

/** Options of {@linkcode AsyncStorageConfigs.setupInfo}. */
export interface StorageConfigSetupInfoOptions {
  /** URL name of the organization. */
  organization?: string | undefined;
}

const decodeConfig = model<StorageConfig>({
  uid: null,
  name: null,
  provider: null,
  s3BucketName: null,
  s3BucketRegion: null,
  s3BucketPrefix: null,
  s3AuthMethod: null,
  s3IsAccelerated: false,
  gcStorageBucketName: null,
  gcStoragePrefix: null,
  r2AccountId: null,
  r2PublicBaseUrl: null,
  isVerified: false,
  lastVerifiedAt: null,
  createdAt: null,
  updatedAt: null,
});

const decodeSetupInfo = model<StorageConfigSetupInfo>({
  avalaAwsAccountId: null,
  externalId: null,
});

const ORGANIZATION: OptionTable<StorageConfigSetupInfoOptions> = {
  organization: optional,
};

const LIST: OptionTable<ListStorageConfigsOptions> = {
  ...ORGANIZATION,
  ...PAGE,
};

const CREATE: OptionTable<CreateStorageConfigOptions> = {
  // in the query, not in the body
  organization: local,
  name: requiredText,
  provider: requiredText,
  s3BucketName: optional,
  s3BucketRegion: optional,
  s3BucketPrefix: optional,
  s3AuthMethod: optional,
  s3RoleArn: optional,
  s3AccessKeyId: optional,
  s3SecretAccessKey: optional,
  s3IsAccelerated: optional,
  gcStorageBucketName: optional,
  gcStoragePrefix: optional,
  gcStorageAuthJsonContent: optional,
};

/** Storage configurations. */
export class AsyncStorageConfigs extends Resource {
  /**
   * Lists storage configurations.
   *
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all storage configurations when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: ListStorageConfigsOptions = {},
    request?: RequestOptions,
  ): PagePromise<StorageConfig> {
    const where = path("storageConfigs.list", "/storage-configs/");
    return this.pages(decodeConfig, where, LIST, options, request);
  }

  /**
   * Reads a storage configuration.
   *
   * @param uid Unique id of the storage configuration.
   * @param request Request options.
   * @returns The storage configuration.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such storage configuration.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<StorageConfig> {
    const where = path(
      "storageConfigs.get",
      "/storage-configs/{uid}/",
      { uid },
    );
    return await this.one(decodeConfig, "GET", where, request);
  }

  /**
   * Creates a storage configuration. It is never sent twice, unless the server
   * says that it did not process it.
   *
   * @param options The options.
   * @param request Request options.
   * @returns The storage configuration; its secrets never come back.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    options: CreateStorageConfigOptions,
    request?: RequestOptions,
  ): Promise<StorageConfig> {
    const where = path("storageConfigs.create", "/storage-configs/");
    const { organization } = options ?? {};
    const input = {
      ...query(ORGANIZATION, { organization }),
      ...body(CREATE, options),
    };
    return await this.one(decodeConfig, "POST", where, request, input);
  }

  /**
   * Reads what is needed to prepare a role that lets the service in.
   *
   * @param options The organization.
   * @param request Request options.
   * @returns The facts.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async setupInfo(
    options: StorageConfigSetupInfoOptions = {},
    request?: RequestOptions,
  ): Promise<StorageConfigSetupInfo> {
    const where = path(
      "storageConfigs.setupInfo",
      "/storage-configs/setup-info/",
    );
    const input = query(ORGANIZATION, options);
    return await this.one(decodeSetupInfo, "GET", where, request, input);
  }

  /**
   * Has the server test access to the bucket.
   *
   * @param uid Unique id of the storage configuration.
   * @param request Request options.
   * @returns The server's JSON as it is; its keys differ between the Avala
   * sources.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such storage configuration.
   * @throws {AvalaError} If the request fails.
   */
  async test(uid: string, request?: RequestOptions): Promise<JsonObject> {
    const where = path(
      "storageConfigs.test",
      "/storage-configs/{uid}/test/",
      { uid },
    );
    return await this.json("POST", where, request, { idempotent: true });
  }

  /**
   * Deletes a storage configuration.
   *
   * @param uid Unique id of the storage configuration.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such storage configuration.
   * @throws {AvalaError} If the request fails.
   */
  async delete(uid: string, request?: RequestOptions): Promise<void> {
    const where = path(
      "storageConfigs.delete",
      "/storage-configs/{uid}/",
      { uid },
    );
    await this.nothing("DELETE", where, request);
  }
}
