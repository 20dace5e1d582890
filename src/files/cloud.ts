/**
 * Where a bucket is and how the service may read it, as the service wants to be
 * told.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import type { JsonObject } from "../wire/codec.ts";
import { InvalidArgumentError } from "../errors.ts";
import { refused, toPath } from "./paths.ts";

/** How the service may read a bucket, and which files of it are meant. */
export interface CloudAccess {
  /** Region of the bucket (S3, required). */
  region?: string | undefined;
  /** Id of an access key (S3), given with `secretAccessKey`. */
  accessKeyId?: string | undefined;
  /** The secret of the access key (S3). */
  secretAccessKey?: string | undefined;
  /** Role that the service takes on instead of using a key (S3); it needs an owning organization. */
  roleArn?: string | undefined;
  /**
   * Whether the bucket has transfer acceleration (S3).
   *
   * @default {false}
   */
  accelerated?: boolean | undefined;
  /** Domain of a CloudFront distribution in front of the bucket (S3). */
  cloudfrontDomain?: string | undefined;
  /** Id of the public key with which that distribution checks signatures (S3). */
  cloudfrontPublicKeyId?: string | undefined;
  /** The service account (Google Cloud, required): its JSON text, or the path or `file:` URL of a `.json` file. */
  gcsAuthJson?: string | URL | undefined;
  /** Only files with these extensions. */
  includedExtensions?: readonly string[] | undefined;
  /** No files whose key one of these globs fits. */
  ignoredPaths?: readonly string[] | undefined;
}

/** The options of S3 under their wire names; those of an access key stand apart. */
const S3_OPTIONS = {
  region: "s3_bucket_region",
  roleArn: "s3_role_arn",
  accessKeyId: "s3_access_key_id",
  secretAccessKey: "s3_secret_access_key",
  cloudfrontDomain: "s3_cloudfront_domain",
  cloudfrontPublicKeyId: "s3_cloudfront_public_key_id",
} as const;

/** Every option of {@linkcode CloudAccess}. */
export const CLOUD_OPTIONS: readonly (keyof CloudAccess)[] = [
  "region",
  "accessKeyId",
  "secretAccessKey",
  "roleArn",
  "accelerated",
  "cloudfrontDomain",
  "cloudfrontPublicKeyId",
  "gcsAuthJson",
  "includedExtensions",
  "ignoredPaths",
];

/** What only one of the providers knows. */
const OF_S3: readonly (keyof CloudAccess)[] = [
  "accelerated",
  ...Object.keys(S3_OPTIONS) as (keyof typeof S3_OPTIONS)[],
];

/**
 * Builds the configuration of a provider. No message of an error holds a value: it
 * may be a secret.
 *
 * @example Usage
 * ```ts
 * import { providerConfigOf } from "./cloud.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const config = await providerConfigOf("s3://bucket/run/1", {
 *   region: "eu-central-1",
 *   roleArn: "arn:aws:iam::123456789012:role/reader",
 * }, true);
 * assertEquals(config.s3_bucket_prefix, "run/1");
 * assertEquals(config.s3_auth_method, "iam_role");
 * ```
 *
 * @param url `s3://`, `gs://` or `gcs://` with bucket and prefix.
 * @param access How the service may read it.
 * @param owned Whether an organization is to own the dataset.
 * @returns The configuration, with wire names.
 * @throws {InvalidArgumentError} If the URL or an option is missing or wrong.
 */
export async function providerConfigOf(
  url: string,
  access: CloudAccess,
  owned: boolean,
): Promise<JsonObject> {
  const [, scheme, bucket, prefix = ""] =
    /^(s3|gs|gcs):\/\/([a-z0-9][a-z0-9._-]+)(?:\/+(.*))?$/is.exec(
      typeof url === "string" ? url : "",
    ) ?? [];
  if (!scheme || !bucket) {
    throw wrong(
      "the URL must be 's3://', 'gs://' or 'gcs://' with a bucket and a prefix",
    );
  }
  const isS3 = scheme.toLowerCase() === "s3";
  for (const name of isS3 ? ["gcsAuthJson"] as const : OF_S3) {
    if (access[name] === undefined) continue;
    throw wrong(
      `'${name}' belongs to ${
        isS3 ? "Google Cloud" : "S3"
      }, not to '${scheme}://'`,
    );
  }
  const config = isS3
    ? s3(bucket, prefix, access, owned)
    : await googleCloud(bucket, prefix, access);
  return {
    ...config,
    ...listed("included_extensions", "includedExtensions", access),
    ...listed("ignored_paths", "ignoredPaths", access),
  };
}

function s3(
  bucket: string,
  prefix: string,
  access: CloudAccess,
  owned: boolean,
): JsonObject {
  const { accelerated = false } = access;
  if (typeof accelerated !== "boolean") {
    throw wrong("'accelerated' must be a boolean");
  }
  const texts: { [wire: string]: string } = {};
  for (const [name, wire] of Object.entries(S3_OPTIONS)) {
    const value: unknown = access[name as keyof typeof S3_OPTIONS];
    if (value === undefined) continue;
    if (typeof value !== "string" || value === "") {
      throw wrong(`'${name}' must be a non-empty string`);
    }
    texts[wire] = value;
  }
  if (access.region === undefined) {
    throw wrong("'region' must be given for 's3://'");
  }
  return {
    provider: "aws_s3",
    s3_bucket_name: bucket,
    s3_bucket_prefix: prefix,
    s3_is_accelerated: accelerated,
    s3_auth_method: authMethod(access, owned),
    ...texts,
  };
}

function authMethod(
  { roleArn, accessKeyId, secretAccessKey }: CloudAccess,
  owned: boolean,
): string {
  const hasKey = accessKeyId !== undefined || secretAccessKey !== undefined;
  if (roleArn !== undefined) {
    if (hasKey) throw wrong("'roleArn' and an access key exclude each other");
    if (owned) return "iam_role";
    throw wrong(
      "'roleArn' needs an owning organization: give 'organizationUid' or 'organizationId'",
    );
  }
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return "access_key";
  }
  throw wrong(
    hasKey
      ? "'accessKeyId' and 'secretAccessKey' must be given together"
      : "'roleArn', or 'accessKeyId' with 'secretAccessKey', must be given for 's3://'",
  );
}

async function googleCloud(
  bucket: string,
  prefix: string,
  { gcsAuthJson }: CloudAccess,
): Promise<JsonObject> {
  return {
    provider: "gc_storage",
    gc_storage_bucket_name: bucket,
    gc_storage_prefix: prefix,
    gc_storage_auth_json_content: await serviceAccount(gcsAuthJson),
  };
}

async function serviceAccount(given: unknown): Promise<string> {
  const isText = typeof given === "string" && given.trimStart()[0] === "{";
  const text = isText ? given : await readAccount(given);
  try {
    const account = JSON.parse(text);
    if (typeof account === "object" && !Array.isArray(account) && account) {
      return text;
    }
  } catch {
    // its message would hold a part of the text
  }
  throw wrong(
    "'gcsAuthJson' must be, or name a file that holds, a JSON object",
  );
}

async function readAccount(given: unknown): Promise<string> {
  const isPath = given instanceof URL ||
    typeof given === "string" && /\.json$/i.test(given);
  if (!isPath) {
    throw wrong(
      "'gcsAuthJson' must be given for Google Cloud: JSON text, or the path of a '.json' file",
    );
  }
  const path = toPath(given, "read the service account");
  const bytes = await readFile(path).catch((cause) => {
    throw refused("read the service account of 'gcsAuthJson'", cause);
  });
  return new TextDecoder().decode(bytes);
}

/** A list as the service takes it: with commas, without blanks. */
function listed(
  wire: string,
  name: "includedExtensions" | "ignoredPaths",
  access: CloudAccess,
): JsonObject {
  const list: unknown = access[name];
  if (list === undefined) return {};
  const isList = Array.isArray(list) && list.length > 0 &&
    list.every((entry) => typeof entry === "string" && !/^$|[\s,]/.test(entry));
  if (!isList) {
    throw wrong(
      `'${name}' must be a non-empty array of strings without commas and blanks`,
    );
  }
  return { [wire]: list.join(",") };
}

function wrong(why: string): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot import the bucket as ${why}`);
}
