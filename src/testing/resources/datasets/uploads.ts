/**
 * Emulated routes of uploads into datasets.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { withRecord } from "../../engine/crud.ts";
import { between, type BodyFields, fieldErrors } from "../../engine/fields.ts";
import {
  type EmulatedResponse,
  invalid,
  refuse,
  respond,
} from "../../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../../engine/router.ts";
import type { State } from "../../engine/state.ts";
import type { PresignedGrant } from "../../storage/bucket.ts";
import { mediaTypeOf } from "../../storage/media_types.ts";
import { Sha256 } from "../../storage/sha256.ts";
import { callerOf } from "../accounts.ts";
import { announce } from "../events.ts";
import { missingParts, partGrant, partNumbers, storedParts } from "../parts.ts";
import {
  FOREIGN_OWNER,
  isTaken,
  ownerField,
  ownerOf,
  ownOrganization,
} from "./owners.ts";
import { eventOf } from "./contents.ts";
import { newDataset, newItem } from "./samples.ts";

const ROOT = "/datasets/manual-upload/";
const collection = "manualUploads";
const COMPLETED = { detail: "Upload completed." };
// assumption: the Avala docs name no list
const MIME_TYPES = [
  "image/jpeg",
  "image/png",
  "image/webp",
  "application/json",
  "application/octet-stream",
  "text/plain",
];

const ASKED: BodyFields = {
  dataset_name: { type: "string", required: true },
  file_path_in_dataset: { type: "string", required: true },
  content_length: { type: "integer", required: true, check: between(0) },
  organization_uid: { type: "string" },
  dataset_upload_uid: { type: "string" },
  upload_protocol_version: { type: "integer" },
};

const CREATED: BodyFields = {
  name: { type: "string", required: true },
  slug: { type: "string", required: true },
  data_type: { type: "string", required: true },
  visibility: { type: "string" },
  create_metadata: { type: "boolean" },
  owner_name: { type: "string" },
  organization_uid: { type: "string" },
  metadata: { type: "object" },
};

/** Uploads into datasets. */
export const DATASET_UPLOADS: EmulatedResource = {
  routes: [
    {
      method: "GET",
      path: `${ROOT}quota/`,
      handle: ({ state }) =>
        respond({ used: state.bucket.size, limit: state.uploads.quota }),
    },
    {
      method: "GET",
      path: `${ROOT}allowed-mimes/`,
      handle: () => respond({ mime_types: MIME_TYPES, video_prefix: "video/" }),
    },
    { method: "POST", path: `${ROOT}file-upload-url/`, handle: giveTarget },
    {
      method: "POST",
      path: `${ROOT}uploads/{uid}/parts/`,
      handle: withRecord({ collection }, giveParts),
    },
    {
      method: "POST",
      path: `${ROOT}uploads/{uid}/complete/`,
      handle: withRecord({ collection }, complete),
    },
    { method: "POST", path: ROOT, handle: createDataset },
  ],
};

function giveTarget(request: EmulatedRequest): EmulatedResponse {
  const { body, url, state } = request;
  const refusal = refuse(fieldErrors(body, ASKED));
  if (refusal) return refusal;
  const root = rootOf(request);
  if (!root) return invalid({ organization_uid: FOREIGN_OWNER });
  const path = String(body.file_path_in_dataset);
  const type = mediaTypeOf(path);
  if (!MIME_TYPES.includes(type) && !type.startsWith("video/")) {
    const text = `Files of the type ${type} are refused.`;
    return invalid({ file_path_in_dataset: [text] });
  }
  const { bucket, uploads } = state;
  const size = Number(body.content_length);
  const key = `${root}${body.dataset_name}/${path}`;
  const stored = bucket.get(key);
  const used = bucket.size - (stored?.size ?? 0);
  if (used + size > uploads.quota) {
    const detail = "Upload quota exceeded.";
    return { status: 413, body: { detail, limit: uploads.quota, used } };
  }
  const put: PresignedGrant = { method: "PUT", path, key, size };
  if (body.upload_protocol_version !== 2) {
    return respond(bucket.presignForm(url, { ...put, method: "POST" }, type));
  }
  const upload_uid = state.newUid();
  // assumption: a file of the same size is the same file
  if (stored?.size === size) return respond({ upload_uid, complete: true });
  if (size >= uploads.multipartFrom) return respond(openUpload(put, state));
  const headers = { "content-type": type, "if-none-match": "*" };
  const once = stored === undefined;
  return respond({
    method: "PUT",
    upload_uid,
    url: bucket.presign(url, { ...put, headers, once }),
    headers,
  });
}

/** Opens an upload in parts, or goes on with the one that is open. */
function openUpload(grant: PresignedGrant, state: State): WireRecord {
  const { key, size } = grant;
  const { partSize } = state.uploads;
  const uploads = state.collection(collection);
  const upload = uploads.find({ key, size, completed: false }) ?? uploads.add({
    uid: state.newUid(),
    path: grant.path,
    key,
    size,
    part_size: partSize,
    part_count: Math.max(1, Math.ceil(size / partSize)),
    completed: false,
  });
  return {
    method: "MULTIPART",
    upload_uid: upload.uid,
    part_size: upload.part_size,
    part_count: upload.part_count,
    uploaded_parts: storedParts(partsGrant(upload), upload, state),
  };
}

function giveParts(
  upload: WireRecord,
  { body, url, state: { bucket } }: EmulatedRequest,
): EmulatedResponse {
  const numbers = body.part_numbers;
  const all = partNumbers(upload);
  if (
    !Array.isArray(numbers) || numbers.length === 0 ||
    !numbers.every((number) => all.includes(number))
  ) {
    return invalid({ part_numbers: ["Not a list of part numbers."] });
  }
  const parts = numbers.map((part_number: number) => {
    const grant = partGrant(partsGrant(upload), upload, part_number);
    const { headers } = grant;
    return { part_number, url: bucket.presign(url, grant), headers };
  });
  return respond({ parts });
}

function complete(
  upload: WireRecord,
  { state }: EmulatedRequest,
): EmulatedResponse {
  if (upload.completed) return respond(COMPLETED);
  const { bucket } = state;
  const whole = partsGrant(upload);
  if (missingParts(whole, upload, state).length > 0) {
    return invalid({ parts: ["A part is missing."] });
  }
  const keys = partNumbers(upload).map((n) => partGrant(whole, upload, n).key);
  const hash = new Sha256();
  for (const key of keys) {
    hash.update(new TextEncoder().encode(bucket.get(key)?.sha256));
  }
  bucket.join({ path: whole.path, key: String(upload.key) }, keys, hash.hex());
  state.collection(collection).update(upload, { completed: true });
  return respond(COMPLETED);
}

function createDataset(request: EmulatedRequest): EmulatedResponse {
  const { body, state } = request;
  const refusal = refuse(fieldErrors(body, CREATED));
  if (refusal) return refusal;
  const { name, slug, data_type, visibility = "private" } = body;
  const owner = ownerOf(request);
  if (owner === undefined) {
    return invalid({ [ownerField(body)]: FOREIGN_OWNER });
  }
  if (isTaken(state, owner, slug)) {
    return invalid({ slug: ["A dataset with this slug exists."] });
  }
  // assumption: what was uploaded for oneself can be given to an organization
  const roots = [rootOf(request), rootOf({ ...request, body: {} })];
  const files = roots.map((root) =>
    state.bucket.files.filter(({ key }) => key.startsWith(`${root}${name}/`))
  ).find(({ length }) => length > 0);
  if (!files) return invalid({ name: ["No files were uploaded."] });
  const dataset = state.collection("datasets").add(newDataset(state, {
    name,
    slug,
    data_type,
    visibility,
    owner_name: owner,
    item_count: files.length,
    size_bytes: files.reduce((sum, { size }) => sum + size, 0),
  }));
  const items = state.collection("items");
  files.sort((one, other) => one.path < other.path ? -1 : 1);
  for (const { path, key } of files) {
    // assumption: every file is an item, whatever the data type
    items.add(newItem({
      uid: state.newUid(),
      dataset: dataset.uid,
      id: 2_000_000 + items.size,
      key: path,
      stored_key: key,
      created_at: state.timestamp(),
      updated_at: state.timestamp(),
    }));
  }
  announce(state, "dataset.created", eventOf(dataset));
  return respond(dataset, 201);
}

/** Where the caller's files are stored, or those of the organization that a body names; undefined for a foreign one. */
function rootOf(request: EmulatedRequest): string | undefined {
  const { organization_uid: uid } = request.body;
  if (uid == null) return `__u__=/${callerOf(request).uid}/`;
  return ownOrganization(request, { uid }) ? `__o__=/${uid}/` : undefined;
}

function partsGrant({ uid, path, size }: WireRecord): PresignedGrant {
  return {
    method: "PUT",
    path: String(path),
    key: `parts/${uid}/`,
    size: Number(size),
  };
}
