/**
 * Emulated routes of managed uploads of recordings. Any recording is known.
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
import type { EmulatedRequest, EmulatedResource } from "../../engine/router.ts";
import type { State } from "../../engine/state.ts";
import type { PresignedGrant } from "../../storage/bucket.ts";
import { missingParts, partGrant, partNumbers, storedParts } from "../parts.ts";

const ROOT = "/fleet/recordings/{recordingUid}/managed-upload/";
const PART_SIZE = 2 ** 26;
const MAX_FILE_SIZE = 2 ** 33;
const PARTS_LISTED = 100;
const GRANT_MS = 300_000;

const ADMIT: BodyFields = {
  protocol: { type: "string", required: true },
  session_uid: { type: "string", required: true },
  files: {
    type: "array",
    required: true,
    fields: {
      path: { type: "string", required: true },
      size_bytes: {
        type: "integer",
        required: true,
        check: between(0, MAX_FILE_SIZE),
      },
      content_sha256: { type: "string", required: true },
    },
  },
};
const FINALIZE: BodyFields = {
  files: {
    type: "array",
    required: true,
    fields: { file_uid: { type: "string", required: true } },
  },
};

/** Managed uploads of recordings. */
export const MANAGED_UPLOADS: EmulatedResource = {
  routes: [
    { method: "POST", path: `${ROOT}admit/`, handle: admit },
    { method: "GET", path: `${ROOT}status/`, handle: status },
    { method: "POST", path: `${ROOT}multipart/init/`, handle: initFile },
    { method: "GET", path: `${ROOT}multipart/progress/`, handle: listParts },
    { method: "POST", path: `${ROOT}multipart/parts/`, handle: giveParts },
    { method: "POST", path: `${ROOT}finalize/`, handle: finalize },
  ],
  advance: (state, steps) => {
    for (const session of state.collection("managedUploadSessions").filter()) {
      publish(session, state, steps);
    }
  },
};

function admit({ body, params, state }: EmulatedRequest): EmulatedResponse {
  const refusal = refuse(fieldErrors(body, ADMIT));
  if (refusal) return refusal;
  const sessions = state.collection("managedUploadSessions");
  const files = body.files as WireRecord[];
  const given = JSON.stringify(files);
  const old = sessions.get(body.session_uid);
  if (old) {
    return given === old.given
      ? respond(show(old, state))
      : failure(409, "The session has other files.");
  }
  const session = sessions.add({
    uid: body.session_uid,
    given,
    protocol: body.protocol,
    recording_uid: params.recordingUid,
    status: "initiated",
    finalization: null,
  });
  // 64 MiB, smaller where a test sets smaller parts
  const part_size = Math.min(PART_SIZE, state.uploads.partSize * 4);
  for (const file of files) {
    const file_uid = state.newUid();
    state.collection("managedUploadFiles").add({
      uid: file_uid,
      session: session.uid,
      file_uid,
      ...file,
      content_type: "application/octet-stream",
      content_encoding: null,
      part_size,
      part_count: Math.max(1, Math.ceil(Number(file.size_bytes) / part_size)),
      verified: false,
      generation: null,
    });
  }
  return respond(show(session, state), 201);
}

function status({ url, state }: EmulatedRequest): EmulatedResponse {
  const session = state.collection("managedUploadSessions")
    .get(url.searchParams.get("session_uid"));
  return respond(session && show(publish(session, state, 1), state));
}

function initFile({ body, state }: EmulatedRequest): EmulatedResponse {
  const files = state.collection("managedUploadFiles");
  const file = files.get(body.file_uid);
  if (!file) return notFound();
  // assumption: an open attempt is given again
  const generation = file.generation ?? {
    generation_uid: state.newUid(),
    number: 1,
    state: "open",
  };
  files.update(file, { generation });
  return respond({ generation });
}

function listParts({ url, state }: EmulatedRequest): EmulatedResponse {
  const file = state.collection("managedUploadFiles")
    .get(url.searchParams.get("file_uid"));
  if (!file) return notFound();
  const after = Number(url.searchParams.get("after") ?? 0);
  const stored = storedParts(grantOf(file), file, state)
    .filter(({ part_number }) => part_number > after);
  const parts = stored.slice(0, PARTS_LISTED);
  const isMore = stored.length > PARTS_LISTED;
  const next_cursor = isMore ? parts.at(-1)?.part_number : null;
  return respond({ parts, next_cursor });
}

function giveParts({ body, url, state }: EmulatedRequest): EmulatedResponse {
  const file = state.collection("managedUploadFiles").get(body.file_uid);
  if (!file?.generation) return notFound();
  const lifetime = Math.min(GRANT_MS, state.bucket.lifetime);
  const wanted = Array.isArray(body.numbers) ? body.numbers : [];
  const numbers = partNumbers(file).filter((n) => wanted.includes(n));
  const parts = numbers.map((part_number) => {
    const grant = partGrant(grantOf(file), file, part_number);
    return {
      grant_uid: state.newUid(),
      part_number,
      offset: (part_number - 1) * Number(file.part_size),
      size_bytes: grant.size,
      url: state.bucket.presign(url, grant, lifetime),
      headers: grant.headers,
      expires_at: state.timestamp(lifetime),
    };
  });
  return respond({ parts });
}

function finalize({ body, state }: EmulatedRequest): EmulatedResponse {
  const refusal = refuse(fieldErrors(body, FINALIZE));
  if (refusal) return refusal;
  const files = state.collection("managedUploadFiles");
  const sessions = state.collection("managedUploadSessions");
  const given = (body.files as WireRecord[]).map((f) => f.file_uid);
  const session = sessions.get(files.get(given[0])?.session);
  const all = files.filter({ session: session?.uid });
  const isWhole = all.length === given.length &&
    all.every((file) =>
      given.includes(file.uid) &&
      missingParts(grantOf(file), file, state).length === 0
    );
  if (!session || !isWhole) return invalid({ files: ["Parts are missing."] });
  // assumption: the hashes of parts that came apart can't be checked here
  for (const file of all) files.update(file, { verified: true });
  const finalization = session.finalization ?? {
    uid: state.newUid(),
    state: "pending",
    stage: "verify",
    attempts: 0,
    failures: 0,
    code: null,
    available_at: null,
    publication_uid: null,
    dataset_uid: null,
  };
  sessions.update(session, { status: "completing", finalization });
  return respond({ finalization }, 202);
}

// assumption: it is published when its status is read for the second time
function publish(
  session: WireRecord,
  state: State,
  steps: number,
): WireRecord {
  const finalization = session.finalization as WireRecord | null;
  if (!finalization || finalization.state === "succeeded") return session;
  const sessions = state.collection("managedUploadSessions");
  if (state.countRead(session.uid, steps) < 2) {
    return sessions.update(session, {
      finalization: { ...finalization, state: "running" },
    });
  }
  return sessions.update(session, {
    status: "completed",
    finalization: {
      ...finalization,
      state: "succeeded",
      publication_uid: state.newUid(),
      dataset_uid: state.newUid(),
    },
  });
}

function show(session: WireRecord, state: State): WireRecord {
  const { protocol, uid, recording_uid, status, finalization } = session;
  const files = state.collection("managedUploadFiles").filter({ session: uid });
  const verified = files.filter((file) => file.verified);
  const bytesOf = (some: WireRecord[]) =>
    some.reduce((sum, { size_bytes }) => sum + Number(size_bytes), 0);
  return {
    protocol,
    session_uid: uid,
    recording_uid,
    status,
    total_files: files.length,
    total_bytes: bytesOf(files),
    confirmed_files: verified.length,
    confirmed_bytes: bytesOf(verified),
    files: files.map(({ uid: _, session: __, ...file }) => file),
    finalization,
  };
}

function grantOf({ file_uid, path, size_bytes }: WireRecord): PresignedGrant {
  return {
    method: "PUT",
    path: String(path),
    key: `managed/${file_uid}/`,
    size: Number(size_bytes),
  };
}
