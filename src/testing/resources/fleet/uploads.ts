/**
 * Emulated routes of uploads of recordings. Any recording is known.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { between, type BodyFields, fieldErrors } from "../../engine/fields.ts";
import {
  type EmulatedResponse,
  failure,
  invalid,
  notFound,
  refuse,
  respond,
} from "../../engine/responses.ts";
import type {
  EmulatedRequest,
  EmulatedResource,
  Handler,
} from "../../engine/router.ts";
import type { PresignedGrant } from "../../storage/bucket.ts";

const ROOT = "/fleet/recordings/{recordingUid}/upload/";
const MAX_FILES = 50_000;

const FILE: BodyFields = {
  path: { type: "string", required: true },
  size_bytes: { type: "integer", required: true, check: between(0) },
};
const INIT: BodyFields = {
  files: { type: "array", required: true, fields: FILE },
  storage_config_uid: { type: "string" },
};
const SESSION: BodyFields = { session_uid: { type: "string", required: true } };
const URLS: BodyFields = {
  ...SESSION,
  file_paths: { type: "array", required: true, items: "string" },
  ttl_seconds: { type: "integer" },
};
const CONFIRM: BodyFields = {
  ...SESSION,
  files: {
    type: "array",
    required: true,
    fields: { ...FILE, etag: { type: "string", required: true } },
  },
};

/** Uploads of recordings. */
export const FLEET_UPLOADS: EmulatedResource = {
  routes: [
    { method: "POST", path: `${ROOT}init/`, handle: init },
    {
      method: "POST",
      path: `${ROOT}urls/`,
      handle: withSession(URLS, giveUrls),
    },
    {
      method: "POST",
      path: `${ROOT}confirm/`,
      handle: withSession(CONFIRM, confirm),
    },
    {
      method: "POST",
      path: `${ROOT}finalize/`,
      handle: withSession(SESSION, finalize),
    },
    { method: "GET", path: `${ROOT}status/`, handle: status },
  ],
};

function init({ body, params, state }: EmulatedRequest): EmulatedResponse {
  const refusal = refuse(fieldErrors(body, INIT));
  if (refusal) return refusal;
  const recording = params.recordingUid;
  const given = body.files as WireRecord[];
  const paths = new Set(given.map(({ path }) => path));
  if (given.length > MAX_FILES || paths.size !== given.length) {
    return invalid({ files: ["Too many files, or a path twice."] });
  }
  const sessions = state.collection("fleetUploadSessions");
  // assumption: a new session takes the place of an old one
  for (const old of sessions.filter({ recording })) {
    if (isOpen(old)) sessions.update(old, { status: "abandoned" });
  }
  const uid = state.newUid();
  const session = sessions.add({
    uid,
    recording,
    s3_prefix: `recordings/${recording}/${uid}/`,
    status: "initiated",
    total_files: given.length,
    total_bytes: given.reduce((sum, file) => sum + Number(file.size_bytes), 0),
    confirmed_files: 0,
    confirmed_bytes: 0,
  });
  for (const { path, size_bytes } of given) {
    state.collection("fleetUploadFiles").add({
      uid: `${uid} ${path}`,
      session: uid,
      path,
      size_bytes,
      confirmed: false,
    });
  }
  const { recording: _, ...shown } = session;
  return respond(shown, 201);
}

function giveUrls(
  session: WireRecord,
  request: EmulatedRequest,
): EmulatedResponse {
  const { body, url, state: { bucket } } = request;
  const seconds = Number(body.ttl_seconds ?? 3_600);
  const lifetime = Math.min(bucket.lifetime, seconds * 1_000);
  const urls = (body.file_paths as string[]).flatMap((path) => {
    const file = fileOf(session, path, request);
    const grant = file && grantOf(session, file);
    return grant
      ? [{
        path,
        put_url: bucket.presign(url, grant, lifetime),
        s3_key: grant.key,
        headers: grant.headers,
      }]
      : [];
  });
  return respond({ urls });
}

function confirm(
  session: WireRecord,
  request: EmulatedRequest,
): EmulatedResponse {
  const { body, state } = request;
  const files: WireRecord[] = [];
  for (const said of body.files as WireRecord[]) {
    const file = fileOf(session, said.path, request);
    const stored = file && state.bucket.get(grantOf(session, file).key);
    if (stored?.etag !== said.etag || stored?.size !== said.size_bytes) {
      return invalid({ files: ["A file is not stored."] });
    }
    // assumption: a second confirmation counts nothing
    if (!file!.confirmed && !files.includes(file!)) files.push(file!);
  }
  for (const file of files) {
    state.collection("fleetUploadFiles").update(file, { confirmed: true });
  }
  const confirmed_files = Number(session.confirmed_files) + files.length;
  const updated = state.collection("fleetUploadSessions").update(session, {
    status: "uploading",
    confirmed_files,
    confirmed_bytes: files.reduce(
      (sum, { size_bytes }) => sum + Number(size_bytes),
      Number(session.confirmed_bytes),
    ),
  });
  return respond({
    confirmed: files.length,
    total_confirmed: confirmed_files,
    session_uid: session.uid,
    ...countsOf(updated),
  });
}

function finalize(
  session: WireRecord,
  { state }: EmulatedRequest,
): EmulatedResponse {
  if (Number(session.confirmed_files) < Number(session.total_files)) {
    return invalid({ session_uid: ["Files are missing."] });
  }
  const sessions = state.collection("fleetUploadSessions");
  sessions.update(session, { status: "completing" });
  return respond({
    status: "finalized",
    detail: "Upload finalized.",
    session_uid: session.uid,
  });
}

function status({ params, state }: EmulatedRequest): EmulatedResponse {
  const session = state.collection("fleetUploadSessions")
    .filter({ recording: params.recordingUid }).at(-1);
  if (!session) {
    return failure(404, "No upload session found for this recording.");
  }
  const pending = state.collection("fleetUploadFiles").filter(
    { session: session.uid, confirmed: false },
    state.uploads.pendingPathsListed,
  );
  return respond({
    session_uid: session.uid,
    status: session.status,
    ...countsOf(session),
    pending_paths: pending.map(({ path }) => path),
  });
}

/** Makes the handler of a route for an open session, which the body names. */
function withSession(
  fields: BodyFields,
  handle: (session: WireRecord, request: EmulatedRequest) => EmulatedResponse,
): Handler {
  return (request) => {
    const { body, params, state } = request;
    const refusal = refuse(fieldErrors(body, fields));
    if (refusal) return refusal;
    const session = state.collection("fleetUploadSessions")
      .get(body.session_uid);
    if (session?.recording !== params.recordingUid) return notFound();
    // assumption: what is over can't be changed
    return isOpen(session!)
      ? handle(session!, request)
      : failure(409, `The session is ${session?.status}.`);
  };
}

function isOpen({ status }: WireRecord): boolean {
  return status === "initiated" || status === "uploading";
}

function countsOf(
  { total_files, total_bytes, confirmed_files, confirmed_bytes }: WireRecord,
): WireRecord {
  return { total_files, total_bytes, confirmed_files, confirmed_bytes };
}

function fileOf(
  { uid }: WireRecord,
  path: unknown,
  { state }: EmulatedRequest,
): WireRecord | undefined {
  return state.collection("fleetUploadFiles").get(`${uid} ${path}`);
}

function grantOf(session: WireRecord, file: WireRecord): PresignedGrant {
  return {
    method: "PUT",
    path: String(file.path),
    key: `${session.s3_prefix}${file.path}`,
    size: Number(file.size_bytes),
    headers: { "x-amz-meta-session": String(session.uid) },
  };
}
