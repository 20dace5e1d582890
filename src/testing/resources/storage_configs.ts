/**
 * Emulated routes of connections to the caller's own buckets.
 *
 * @module
 */

import { callerOf } from "./accounts.ts";
import { crudRoutes, findRecord } from "../engine/crud.ts";
import type { BodyFields } from "../engine/fields.ts";
import {
  answer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
  type Route,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";

const PATH = "/storage-configs/";
const CONFIGS = "storageConfigs";
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

const CRUD_ROUTES: Route[] = crudRoutes({
  path: PATH,
  collection: CONFIGS,
  parent: hasOrganization,
  within: ({ organization }, { url }) => {
    const wanted = url.searchParams.get("organization");
    return wanted === null || organization === wanted;
  },
  show: ({ organization: _, ...config }) => config,
  create: {
    fields: FIELDS,
    make: (given, { url, world }) => {
      const bucket = BUCKETS[String(given.provider)] ?? "";
      // assumption: every provider needs the name of a bucket, and no more
      return given[bucket]
        ? newConfig(world, given, url.searchParams.get("organization"))
        : answer({ [bucket]: ["This field is required."] }, 400);
    },
  },
  delete: true,
});

/** Connections to buckets. */
export const STORAGE_CONFIGS: EmulatedResource = {
  routes: [
    ...CRUD_ROUTES,
    {
      method: "GET",
      path: `${PATH}setup-info/`,
      handle: (request) => {
        if (!hasOrganization(request)) return notFound();
        const owner = request.url.searchParams.get("organization") ??
          callerOf(request).username;
        return answer({
          avala_aws_account_id: "000000000000",
          external_id: `avala-ext-${owner}`,
        });
      },
    },
    { method: "POST", path: `${PATH}{uid}/test/`, handle: test },
  ],
  seed,
};

/** Tells whether the organization is there that a query may name. */
function hasOrganization({ url, world }: EmulatedRequest): boolean {
  const wanted = url.searchParams.get("organization");
  return wanted === null ||
    world.collection("organizations").all()
      .some(({ slug }) => slug === wanted);
}

function test(request: EmulatedRequest) {
  const config = findRecord({ collection: CONFIGS }, request);
  if (!config) return notFound();
  const bucket = BUCKETS[String(config.provider)] ?? "";
  // assumption: a bucket that is named so can't be reached; the others can
  const verified = !String(config[bucket]).includes("fail");
  const now = request.world.timestamp();
  Object.assign(config, {
    is_verified: verified,
    last_verified_at: now,
    updated_at: now,
  });
  return answer({
    verified,
    errors: verified ? {} : { [bucket]: ["The bucket can't be reached."] },
  });
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
  world: World,
  given: WireRecord,
  organization: string | null,
): WireRecord {
  const kept = Object.keys(OPEN_FIELDS)
    .map((name) => [name, given[name] ?? null]);
  return {
    uid: world.newUid(),
    organization,
    ...Object.fromEntries(kept),
    s3_is_accelerated: given.s3_is_accelerated ?? false,
    r2_account_id: null,
    r2_public_base_url: null,
    is_verified: false,
    last_verified_at: null,
    created_at: world.timestamp(),
    updated_at: world.timestamp(),
  };
}

function seed(world: World): void {
  world.collection(CONFIGS).add({
    ...newConfig(world, {
      name: "Eigener Bucket",
      provider: "aws_s3",
      s3_bucket_name: "nordlicht-raw",
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
