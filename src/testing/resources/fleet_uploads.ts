/**
 * Emulated routes of uploads of recordings. Any recording is known.
 *
 * @module
 */

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

const ROOT = "/fleet/recordings/{recordingUid}/upload/";
const SESSIONS = "fleetUploadSessions";
const MAX_FILES = 50_000;

const FILE: BodyFields = {
  path: { type: "string", required: true },
  size_bytes: { type: "integer", required: true },
};
const INIT: BodyFields = {
  files: { type: "array", required: true, fields: FILE },
  storage_config_uid: { type: "string" },
};
const URLS: BodyFields = {
  session_uid: { type: "string", required: true },
  file_paths: { type: "array", required: true },
  ttl_seconds: { type: "integer" },
};
const CONFIRM: BodyFields = {
  session_uid: { type: "string", required: true },
  files: {
    type: "array",
    required: true,
    fields: { ...FILE, etag: { type: "string", required: true } },
  },
};
const FINALIZE: BodyFields = {
  session_uid: { type: "string", required: true },
};

/** A session as the emulator keeps it. */
interface Session extends WireRecord {
  uid: string;
  recording: string;
  prefix: string;
  status: string;
  /** Sizes by path. */
  files: Map<string, number>;
  /** How often each path was confirmed. */
  confirmed: Map<string, number>;
  totalBytes: number;
  confirmedBytes: number;
}

const ROUTES: Route[] = [
  {
    method: "POST",
    path: `${ROOT}init/`,
    handle: ({ body, params, world }) => {
      const refusal = refuse(fieldErrors(body, INIT));
      if (refusal) return refusal;
      const given = body.files as { path: string; size_bytes: number }[];
      const files = new Map(given.map((file) => [file.path, file.size_bytes]));
      if (given.length > MAX_FILES || files.size !== given.length) {
        return refuse({ files: ["Too many files, or a path twice."] }) ??
          notFound();
      }
      const uid = world.newUid();
      const session: Session = {
        uid,
        recording: params.recordingUid ?? "",
        prefix: `recordings/${params.recordingUid}/${uid}/`,
        status: "initiated",
        files,
        confirmed: new Map(),
        totalBytes: given.reduce((sum, file) => sum + file.size_bytes, 0),
        confirmedBytes: 0,
      };
      // assumption: a new session takes the place of an old one
      for (const old of world.collection(SESSIONS).all() as Session[]) {
        if (old.recording === session.recording && isOpen(old)) {
          old.status = "abandoned";
        }
      }
      world.collection(SESSIONS).add(session);
      return answer(
        {
          uid,
          s3_prefix: session.prefix,
          status: session.status,
          ...countsOf(session),
        },
        201,
      );
    },
  },
  {
    method: "POST",
    path: `${ROOT}urls/`,
    handle: (request) =>
      withSession(request, URLS, (session) => {
        const { body, url, world } = request;
        const seconds = Number(body.ttl_seconds ?? 3_600);
        const lifetime = Math.min(world.bucket.lifetime, seconds * 1_000);
        const urls = (body.file_paths as string[]).flatMap((path) => {
          const permit = permitOf(session, path);
          if (!permit) return [];
          return [{
            path,
            put_url: world.bucket.presign(url, permit, lifetime),
            s3_key: permit.key,
            headers: permit.headers,
          }];
        });
        return answer({ urls });
      }),
  },
  {
    method: "POST",
    path: `${ROOT}confirm/`,
    handle: (request) =>
      withSession(request, CONFIRM, (session) => {
        const { body, world } = request;
        const files = body.files as WireRecord[];
        const isStored = files.every(({ path, etag, size_bytes }) => {
          const permit = permitOf(session, String(path));
          const stored = permit && world.bucket.get(permit.key);
          return stored?.etag === etag && stored?.size === size_bytes;
        });
        if (!isStored) {
          return refuse({ files: ["A file is not stored."] }) ?? notFound();
        }
        let confirmed = 0;
        for (const { path } of files) {
          const times = session.confirmed.get(String(path)) ?? 0;
          session.confirmed.set(String(path), times + 1);
          // assumption: a second confirmation counts nothing
          if (times > 0) continue;
          confirmed++;
          session.confirmedBytes += session.files.get(String(path)) ?? 0;
        }
        session.status = "uploading";
        return answer({
          confirmed,
          total_confirmed: session.confirmed.size,
          session_uid: session.uid,
          ...countsOf(session),
        });
      }),
  },
  {
    method: "POST",
    path: `${ROOT}finalize/`,
    handle: (request) =>
      withSession(request, FINALIZE, (session) => {
        if (session.confirmed.size < session.files.size) {
          return refuse({ session_uid: ["Files are missing."] }) ?? notFound();
        }
        session.status = "completing";
        return answer({
          status: "finalized",
          detail: "Upload finalized.",
          session_uid: session.uid,
        });
      }),
  },
  {
    method: "GET",
    path: `${ROOT}status/`,
    handle: ({ params, world }) => {
      const session = (world.collection(SESSIONS).all() as Session[])
        .findLast(({ recording }) => recording === params.recordingUid);
      if (!session) {
        const detail = "No upload session found for this recording.";
        return { status: 404, body: { detail } };
      }
      const pending_paths: string[] = [];
      for (const path of session.files.keys()) {
        if (pending_paths.length >= world.uploads.pendingPathsListed) break;
        if (!session.confirmed.has(path)) pending_paths.push(path);
      }
      return answer({
        session_uid: session.uid,
        status: session.status,
        ...countsOf(session),
        pending_paths,
      });
    },
  },
];

/** Uploads of recordings. */
export const FLEET_UPLOADS: EmulatedResource = { routes: ROUTES };

function withSession(
  { body, params, world }: EmulatedRequest,
  fields: BodyFields,
  handle: (session: Session) => EmulatedAnswer,
): EmulatedAnswer {
  const refusal = refuse(fieldErrors(body, fields));
  if (refusal) return refusal;
  const uid = String(body.session_uid);
  const session = world.collection(SESSIONS).get(uid) as Session | undefined;
  if (session?.recording !== params.recordingUid) return notFound();
  if (session && isOpen(session)) return handle(session);
  // assumption: what is over can't be changed
  const detail = `The session is ${session?.status}.`;
  return { status: 409, body: { detail } };
}

function isOpen({ status }: Session): boolean {
  return status === "initiated" || status === "uploading";
}

function countsOf(session: Session): WireRecord {
  return {
    total_files: session.files.size,
    total_bytes: session.totalBytes,
    confirmed_files: session.confirmed.size,
    confirmed_bytes: session.confirmedBytes,
  };
}

function permitOf(session: Session, path: string): Permit | undefined {
  const size = session.files.get(path);
  if (size === undefined) return undefined;
  const headers = { "x-amz-meta-session": session.uid };
  return { method: "PUT", path, key: session.prefix + path, size, headers };
}
