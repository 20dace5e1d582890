/**
 * Emulated routes of uploads into datasets.
 *
 * @module
 */

import { mediaType } from "../../uploads/media_types.ts";
import { Sha256 } from "../../uploads/sha256.ts";
import type { Permit } from "../storage/bucket.ts";
import { type BodyFields, fieldErrors } from "../engine/fields.ts";
import {
  answer,
  type EmulatedAnswer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import { newDataset, type World } from "../engine/state.ts";

const ROOT = "/datasets/manual-upload/";
const KEYS = "manual/";
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
  content_length: { type: "integer", required: true },
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
  metadata: { type: "object" },
};

const ROUTES: Route[] = [
  {
    method: "GET",
    path: `${ROOT}quota/`,
    handle: ({ world }) =>
      answer({ used: usedBytes(world), limit: world.uploads.quota }),
  },
  {
    method: "GET",
    path: `${ROOT}allowed-mimes/`,
    handle: () => answer({ mime_types: MIME_TYPES, video_prefix: "video/" }),
  },
  { method: "POST", path: `${ROOT}file-upload-url/`, handle: giveTarget },
  {
    method: "POST",
    path: `${ROOT}uploads/{uid}/parts/`,
    handle: ({ params, body, url, world }) => {
      const upload = world.collection("manualUploads").get(params.uid ?? "");
      if (!upload) return notFound();
      const numbers = body.part_numbers as number[];
      const count = Number(upload.part_count);
      const fine = Array.isArray(numbers) && numbers.length > 0 &&
        numbers.every((n) => Number.isInteger(n) && n >= 1 && n <= count);
      if (!fine) {
        return refuse({ part_numbers: ["Not a list of part numbers."] }) ??
          notFound();
      }
      const parts = numbers.map((number) => ({
        part_number: number,
        url: world.bucket.presign(url, partPermit(upload, number)),
        headers: { "x-amz-meta-part": String(number) },
      }));
      return answer({ parts });
    },
  },
  {
    method: "POST",
    path: `${ROOT}uploads/{uid}/complete/`,
    handle: ({ params, world }) => {
      const upload = world.collection("manualUploads").get(params.uid ?? "");
      if (!upload) return notFound();
      if (upload.completed) return answer({ detail: "Upload completed." });
      const parts = partNumbers(upload).map((number) =>
        world.bucket.get(partPermit(upload, number).key)
      );
      const hash = new Sha256();
      for (const part of parts) {
        if (!part) {
          return refuse({ parts: ["A part is missing."] }) ?? notFound();
        }
        hash.update(new TextEncoder().encode(part.sha256));
        world.bucket.delete(part.key);
      }
      const permit = upload.permit as Permit;
      world.bucket.put(permit, permit.size, hash.hex());
      upload.completed = true;
      return answer({ detail: "Upload completed." });
    },
  },
  {
    method: "POST",
    path: ROOT,
    handle: ({ body, world }) => {
      const errors = fieldErrors(body, CREATED);
      const prefix = `${KEYS}${body.name}/`;
      const files = world.bucket.files.filter(({ key }) =>
        key.startsWith(prefix)
      );
      if (files.length === 0) errors.name ??= ["No files were uploaded."];
      if (world.datasets.all().some(({ slug }) => slug === body.slug)) {
        errors.slug = ["A dataset with this slug exists."];
      }
      const refusal = refuse(errors);
      if (refusal) return refusal;
      const now = world.timestamp();
      const { name, slug, data_type, visibility = "private" } = body;
      const dataset = world.datasets.add(newDataset(world, {
        name,
        slug,
        data_type,
        visibility,
        status: "creating",
        ...(typeof body.owner_name === "string" &&
          { owner_name: body.owner_name }),
        item_count: files.length,
        size_bytes: files.reduce((sum, { size }) => sum + size, 0),
        project_count: 0,
        created_at: now,
        updated_at: now,
      }));
      return answer({ ...dataset }, 201);
    },
  },
];

/** Uploads into datasets. */
export const DATASET_UPLOADS: EmulatedResource = { routes: ROUTES };

function giveTarget(request: EmulatedRequest): EmulatedAnswer {
  const { body, url, world } = request;
  const path = String(body.file_path_in_dataset);
  const errors = fieldErrors(body, ASKED);
  const type = mediaType({ path }) ?? "application/octet-stream";
  if (!MIME_TYPES.includes(type) && !type.startsWith("video/")) {
    errors.file_path_in_dataset ??= [`Files of the type ${type} are refused.`];
  }
  const refusal = refuse(errors);
  if (refusal) return refusal;
  const { bucket, uploads } = world;
  const size = Number(body.content_length);
  const key = `${KEYS}${body.dataset_name}/${path}`;
  const stored = bucket.get(key);
  const used = usedBytes(world) - (stored?.size ?? 0);
  if (used + size > uploads.quota) {
    const detail = "Upload quota exceeded.";
    return { status: 413, body: { detail, limit: uploads.quota, used } };
  }
  if (body.upload_protocol_version !== 2) {
    const permit: Permit = { method: "POST", path, key, size };
    return answer(bucket.presignForm(url, permit, type));
  }
  const upload_uid = world.newUid();
  // assumption: a file of the same size is the same file
  if (stored?.size === size) return answer({ upload_uid, complete: true });
  if (size >= uploads.multipartFrom) return answer(giveParts(request, key));
  const headers = { "content-type": type, "if-none-match": "*" };
  const permit: Permit = { method: "PUT", path, key, size, headers };
  return answer({
    method: "PUT",
    upload_uid,
    url: bucket.presign(url, { ...permit, once: stored === undefined }),
    headers,
  });
}

/** Opens an upload in parts, or goes on with the one that is open. */
function giveParts({ body, world }: EmulatedRequest, key: string): WireRecord {
  const { partSize } = world.uploads;
  const size = Number(body.content_length);
  const path = String(body.file_path_in_dataset);
  const all = world.collection("manualUploads");
  const upload =
    all.all().find(({ permit, completed }) =>
      (permit as Permit).key === key && (permit as Permit).size === size &&
      !completed
    ) ?? all.add({
      uid: world.newUid(),
      permit: { method: "PUT", path, key, size },
      part_size: partSize,
      part_count: Math.max(1, Math.ceil(size / partSize)),
      completed: false,
    });
  return {
    method: "MULTIPART",
    upload_uid: upload.uid,
    part_size: upload.part_size,
    part_count: upload.part_count,
    uploaded_parts: partNumbers(upload).flatMap((number) => {
      const part = world.bucket.get(partPermit(upload, number).key);
      return part ? [{ part_number: number, size: part.size }] : [];
    }),
  };
}

function partNumbers({ part_count }: WireRecord): number[] {
  return Array.from({ length: Number(part_count) }, (_, index) => index + 1);
}

function partPermit(upload: WireRecord, number: number): Permit {
  const { path, size } = upload.permit as Permit;
  const partSize = Number(upload.part_size);
  return {
    method: "PUT",
    path,
    key: `parts/${upload.uid}/${number}`,
    size: Math.min(partSize, size - (number - 1) * partSize),
    headers: { "x-amz-meta-part": String(number) },
  };
}

function usedBytes(world: World): number {
  return world.bucket.files.reduce((sum, { size }) => sum + size, 0);
}
