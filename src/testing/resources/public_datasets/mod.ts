/**
 * Emulated routes of public datasets, which ask for no credential.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import type { FieldErrors } from "../../engine/fields.ts";
import {
  type EmulatedResponse,
  failure,
  notFound,
  refuse,
  respond,
} from "../../engine/responses.ts";
import type {
  EmulatedRequest,
  EmulatedResource,
  Handler,
} from "../../engine/router.ts";
import { giveAddress, serveObject } from "./addresses.ts";
import { seedRevisions } from "./samples.ts";

const BY_UID = "/resolve/uid/{datasetUid}/{revisionSha256}/";
const ONE_ACCESS = `${BY_UID}objects/{objectUid}/access/`;
const DIGEST = /^[0-9a-f]{64}$/;
// assumption: a list without a limit has as many objects as one with the largest
const MAX_LIMIT = 100;

/** Revisions of public datasets, and their objects. */
export const PUBLIC_DATASETS: EmulatedResource = {
  routes: [
    { path: "/resolve/{owner}/{reference}/", handle: resolve },
    { path: BY_UID, handle: withRevision(resolveByUid) },
    { path: `${BY_UID}objects/`, handle: withRevision(listObjects) },
    { path: ONE_ACCESS, handle: withRevision(access) },
    { path: ONE_ACCESS, method: "POST", handle: withRevision(access) },
    { path: "/resolve/download/{grant}", handle: serveObject },
  ].map((route) => ({ method: "GET", open: true, ...route })),
  seed: seedRevisions,
};

function resolve(request: EmulatedRequest): EmulatedResponse {
  const { params: { owner, reference = "" }, state } = request;
  const at = reference.lastIndexOf("@");
  const slug = reference.slice(0, at);
  const selector = reference.slice(at + 1);
  const dataset = state.collection("datasets").find({
    owner_name: owner,
    slug,
    visibility: "public",
  });
  const revision = dataset && state.collection("datasetRevisions").find([
    { dataset: dataset.uid },
    ({ aliases, revision_sha256 }) =>
      revision_sha256 === selector || (aliases as string[]).includes(selector),
  ]);
  if (!dataset || !revision) return notFound();
  if (!revision.withdrawn) {
    return respond(show(revision, dataset, `${owner}/${reference}`));
  }
  // assumption: an alias never leads to a revision that was withdrawn
  return DIGEST.test(selector) ? gone(revision) : notFound();
}

type RevisionHandler = (
  request: EmulatedRequest,
  revision: WireRecord,
  dataset: WireRecord,
) => EmulatedResponse;

/** Responds 404 where there is no such revision, and 410 where there was one. */
function withRevision(handle: RevisionHandler): Handler {
  return (request) => {
    const { params: { datasetUid, revisionSha256 }, state } = request;
    const dataset = state.collection("datasets").get(datasetUid);
    const revision = state.collection("datasetRevisions").find({
      dataset: datasetUid,
      revision_sha256: revisionSha256,
    });
    if (dataset?.visibility !== "public" || !revision) return notFound();
    return revision.withdrawn
      ? gone(revision)
      : handle(request, revision, dataset);
  };
}

function resolveByUid(
  _: EmulatedRequest,
  revision: WireRecord,
  dataset: WireRecord,
): EmulatedResponse {
  return respond(show(revision, dataset, canonicalOf(revision)));
}

function canonicalOf({ dataset, revision_sha256 }: WireRecord): string {
  return `avala://datasets/${dataset}@${revision_sha256}`;
}

function gone(revision: WireRecord): EmulatedResponse {
  return {
    status: 410,
    body: {
      schema_version: 1,
      code: "dataset_revision_withdrawn",
      canonical_reference: canonicalOf(revision),
      dataset_uid: revision.dataset,
      revision_sha256: revision.revision_sha256,
    },
  };
}

function pathOf({ dataset, revision_sha256 }: WireRecord): string {
  return `/resolve/uid/${dataset}/${revision_sha256}/objects/`;
}

function show(
  revision: WireRecord,
  { owner_name, slug }: WireRecord,
  requested: string,
): WireRecord {
  const { uid, dataset, revision_sha256, manifest } = revision;
  return {
    schema_version: 1,
    requested_reference: requested,
    display_reference: `${owner_name}/${slug}@${revision_sha256}`,
    canonical_reference: canonicalOf(revision),
    dataset_uid: dataset,
    revision_uid: uid,
    revision_sha256,
    state: "published",
    manifest: { ...manifest as WireRecord, objects_path: pathOf(revision) },
    rights: {
      status: "declared",
      access: "open_download",
      name: "Harbor Open Data License v1",
      url: "https://example.net/licenses/harbor-open-v1",
      document_sha256: "12".repeat(32),
      attestation_sha256: "34".repeat(32),
    },
  };
}

function listObjects(
  { url: { searchParams }, state }: EmulatedRequest,
  revision: WireRecord,
): EmulatedResponse {
  const asked = readQuery(searchParams);
  const refusal = refuse(asked.errors);
  if (refusal) return refusal;
  const { role, ordinals, limit, start } = asked;
  const objects = state.collection("revisionObjects").filter([
    { revision: revision.uid, ...role !== null && { role } },
    ({ ordinal }) =>
      ordinals.length === 0 || ordinals.includes(Number(ordinal)),
  ]);
  const { dataset: _, manifest, revision_sha256 } = revision;
  const end = start + limit;
  return respond({
    schema_version: 1,
    canonical_reference: canonicalOf(revision),
    revision_sha256,
    manifest_sha256: (manifest as WireRecord).sha256,
    next_cursor: end < objects.length ? toCursor(end) : null,
    previous_cursor: start > 0 ? toCursor(Math.max(0, start - limit)) : null,
    results: objects.slice(start, end).map(
      ({ uid, revision: _, ...object }) => ({
        object_uid: uid,
        ...object,
        access_path: `${pathOf(revision)}${uid}/access/`,
      }),
    ),
  });
}

interface ObjectsQuery {
  errors: FieldErrors;
  role: string | null;
  ordinals: number[];
  limit: number;
  start: number;
}

// assumption: what is wrong with a query is told as with a body
function readQuery(query: URLSearchParams): ObjectsQuery {
  const errors: FieldErrors = {};
  const role = query.get("role");
  const ordinal = query.getAll("ordinal").map(Number);
  const ordinals = query.getAll("ordinals").map(Number);
  const limit = Number(query.get("limit") ?? MAX_LIMIT);
  const start = readCursor(query.get("cursor"));
  if (role !== null && !/^[a-z][a-z0-9_]{0,31}$/.test(role)) {
    errors.role = ["Enter a valid role."];
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    errors.limit = [`Ensure this value is from 1 to ${MAX_LIMIT}.`];
  }
  if (start === undefined) errors.cursor = ["Invalid cursor."];
  for (const [name, values] of Object.entries({ ordinal, ordinals })) {
    if (values.length === 0) continue;
    const isFine = new Set(values).size === values.length &&
      values.length <= MAX_LIMIT &&
      values.every((value) => Number.isInteger(value) && value >= 0);
    if (!isFine) errors[name] = ["Enter different whole numbers from 0."];
    else if (role === null) errors.role = ["This field is required."];
    else if (query.has("cursor")) errors.cursor = ["Give no cursor here."];
  }
  if (ordinal.length > 0 && ordinals.length > 0) {
    errors.ordinals = ["Give ordinal or ordinals."];
  }
  return {
    errors,
    role,
    ordinals: [...ordinal, ...ordinals],
    limit,
    start: start ?? 0,
  };
}

function toCursor(start: number): string {
  return btoa(`p=${start}`);
}

function readCursor(cursor: string | null): number | undefined {
  if (cursor === null) return 0;
  try {
    const [, start] = /^p=(\d{1,9})$/.exec(atob(cursor)) ?? [];
    return start === undefined ? undefined : Number(start);
  } catch {
    return undefined;
  }
}

function access(
  { params, url, state }: EmulatedRequest,
  revision: WireRecord,
): EmulatedResponse {
  const object = state.collection("revisionObjects").get(params.objectUid);
  if (!object || object.revision !== revision.uid) return notFound();
  const transport = url.searchParams.get("transport");
  if (transport !== null && transport !== "avala-edge-v1") {
    return failure(400, `"${transport}" is no transport.`);
  }
  const { sha256 } = revision.manifest as WireRecord;
  return respond({
    schema_version: 1,
    canonical_reference: canonicalOf(revision),
    dataset_uid: revision.dataset,
    revision_sha256: revision.revision_sha256,
    manifest_sha256: sha256,
    object_uid: object.uid,
    method: "GET",
    // assumption: all objects are held by the API itself
    provider: "avala_proxy",
    ...giveAddress(state, url, String(object.uid)),
    size_bytes: object.size_bytes,
    sha256: object.sha256,
    range_supported: true,
  });
}
