/**
 * Emulated routes of connections to the caller's own buckets.
 *
 * @module
 */

import { callerOf } from "./accounts.ts";
import { crudRoutes, withRecord } from "../engine/crud.ts";
import type { BodyFields } from "../engine/fields.ts";
import { notFound, respond } from "../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../engine/router.ts";
import type { WireRecord } from "../engine/collection.ts";
import { CREATED, type State, UPDATED } from "../engine/state.ts";

const PATH = "/storage-configs/";
const collection = "storageConfigs";
const BUCKETS: { [provider: string]: string } = {
  aws_s3: "s3_bucket_name",
  gc_storage: "gc_storage_bucket_name",
};

const OPEN_FIELDS: BodyFields = {
  name: { type: "string", required: true, maxLength: 255 },
  provider: { type: "string", required: true, choices: Object.keys(BUCKETS) },
  s3_bucket_name: { type: "string" },
  s3_bucket_region: { type: "string" },
  s3_bucket_prefix: { type: "string" },
  // the values of this one are not documented: any will do
  s3_auth_method: { type: "string" },
  s3_is_accelerated: { type: "boolean", notNull: true },
  gc_storage_bucket_name: { type: "string" },
  gc_storage_prefix: { type: "string" },
};
const FIELDS: BodyFields = {
  ...OPEN_FIELDS,
  s3_role_arn: { type: "string" },
  s3_access_key_id: { type: "string" },
  s3_secret_access_key: { type: "string" },
  gc_storage_auth_json_content: {
    type: "string",
    check: (value) => isJson(String(value)) ? undefined : "Enter valid JSON.",
  },
};

/** Connections to buckets. */
export const STORAGE_CONFIGS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      collection,
      guard: organizationGuard,
      within: ({ url }) => {
        const organization = url.searchParams.get("organization");
        return organization === null ? {} : { organization };
      },
      show: ({ organization: _, ...config }) => config,
      create: {
        fields: FIELDS,
        check: (given) => {
          const bucket = bucketOf(given);
          // assumption: every provider needs the name of a bucket, and no more
          return bucket && !given[bucket]
            ? { [bucket]: ["This field is required."] }
            : {};
        },
        make: (given, { url, state }) =>
          newConfig(state, given, url.searchParams.get("organization")),
      },
      delete: true,
    }),
    {
      method: "GET",
      path: `${PATH}setup-info/`,
      handle: (request) => {
        const owner = request.url.searchParams.get("organization") ??
          callerOf(request).username;
        return organizationGuard(request) ?? respond({
          avala_aws_account_id: "000000000000",
          external_id: `avala-ext-${owner}`,
        });
      },
    },
    {
      method: "POST",
      path: `${PATH}{uid}/test/`,
      handle: withRecord({ collection }, test),
    },
  ],
  seed,
  models: {
    storageConfigs: {
      collection,
      fields: FIELDS,
      make: (given, state) => ({
        ...newConfig(state, given, null),
        ...given,
      }),
    },
  },
};

/** Refuses a query that names an organization in vain. */
function organizationGuard({ url, state }: EmulatedRequest) {
  const slug = url.searchParams.get("organization");
  return slug === null || state.collection("organizations").find({ slug })
    ? undefined
    : notFound();
}

function test(config: WireRecord, { state }: EmulatedRequest) {
  const bucket = bucketOf(config);
  // assumption: a bucket that is named so can't be reached; the others can
  const verified = !String(config[bucket]).includes("fail");
  const now = state.timestamp();
  state.collection(collection).update(config, {
    is_verified: verified,
    last_verified_at: now,
    updated_at: now,
  });
  return respond({
    verified,
    errors: verified ? {} : { [bucket]: ["The bucket can't be reached."] },
  });
}

/** The name of the field that names the bucket; empty for a foreign provider. */
function bucketOf({ provider }: WireRecord): string {
  return typeof provider === "string" && Object.hasOwn(BUCKETS, provider)
    ? BUCKETS[provider]!
    : "";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Keeps what is no secret; the secrets are kept nowhere. */
function newConfig(
  state: State,
  given: WireRecord,
  organization: string | null,
): WireRecord {
  const kept = Object.keys(OPEN_FIELDS)
    .map((name) => [name, given[name] ?? null]);
  return {
    uid: state.newUid(),
    organization,
    ...Object.fromEntries(kept),
    s3_is_accelerated: given.s3_is_accelerated ?? false,
    r2_account_id: null,
    r2_public_base_url: null,
    is_verified: false,
    last_verified_at: null,
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
  };
}

function seed(state: State): void {
  state.collection(collection).add({
    ...newConfig(state, {
      name: "Own bucket",
      provider: "aws_s3",
      s3_bucket_name: "northlight-raw",
      s3_bucket_region: "eu-north-1",
      s3_bucket_prefix: "drives/",
      s3_auth_method: "role",
      s3_is_accelerated: true,
    }, null),
    is_verified: true,
    last_verified_at: UPDATED,
    created_at: CREATED,
    updated_at: UPDATED,
  });
}
