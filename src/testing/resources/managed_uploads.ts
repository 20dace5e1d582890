/**
 * Emulated routes of managed uploads of recordings. Any recording is known.
 *
 * @module
 */

import type { Permit } from "../storage/bucket.ts";
import { type BodyFields, fieldErrors } from "../engine/fields.ts";
import {
  answer,
  type EmulatedResource,
  notFound,
  refuse,
  type Route,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import type { World } from "../engine/state.ts";

const ROOT = "/fleet/recordings/{recordingUid}/managed-upload/";
const SESSIONS = "managedUploadSessions";
const PART_SIZE = 2 ** 26;
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
      size_bytes: { type: "integer", required: true },
      content_sha256: { type: "string", required: true },
    },
  },
};

const ROUTES: Route[] = [
  {
    method: "POST",
    path: `${ROOT}admit/`,
    handle: ({ body, params, world }) => {
      const refusal = refuse(fieldErrors(body, ADMIT));
      if (refusal) return refusal;
      const sessions = world.collection(SESSIONS);
      const given = body.files as WireRecord[];
      const old = sessions.get(String(body.session_uid));
      if (old) {
        const same = JSON.stringify(given) === old.given;
        return same
          ? answer(show(old))
          : { status: 409, body: { detail: "The session has other files." } };
      }
      // 64 MiB, smaller where a test sets smaller parts
      const partSize = Math.min(PART_SIZE, world.uploads.partSize * 4);
      const session = sessions.add({
        uid: body.session_uid,
        given: JSON.stringify(given),
        protocol: body.protocol,
        recording_uid: params.recordingUid,
        status: "initiated",
        reads: 0,
        files: given.map((file) => ({
          file_uid: world.newUid(),
          ...file,
          content_type: "application/octet-stream",
          content_encoding: null,
          part_size: partSize,
          part_count: Math.max(
            1,
            Math.ceil(Number(file.size_bytes) / partSize),
          ),
          verified: false,
          generation: null,
        })),
        finalization: null,
      });
      return answer(show(session), 201);
    },
  },
  {
    method: "GET",
    path: `${ROOT}status/`,
    handle: ({ url, world }) => {
      const uid = url.searchParams.get("session_uid") ?? "";
      const session = world.collection(SESSIONS).get(uid);
      if (session) publish(session, world);
      return answer(session && show(session));
    },
  },
  {
    method: "POST",
    path: `${ROOT}multipart/init/`,
    handle: ({ body, world }) => {
      const file = fileOf(world, body.file_uid);
      if (!file) return notFound();
      // assumption: an open attempt is given again
      file.generation ??= {
        generation_uid: world.newUid(),
        number: 1,
        state: "open",
      };
      return answer({ generation: file.generation });
    },
  },
  {
    method: "GET",
    path: `${ROOT}multipart/progress/`,
    handle: ({ url, world }) => {
      const file = fileOf(world, url.searchParams.get("file_uid"));
      if (!file) return notFound();
      const after = Number(url.searchParams.get("after") ?? 0);
      const stored = partNumbers(file).filter((number) => number > after)
        .flatMap((number) => {
          const part = world.bucket.get(permitOf(file, number).key);
          return part ? [{ part_number: number, size: part.size }] : [];
        });
      const parts = stored.slice(0, PARTS_LISTED);
      const last = parts[parts.length - 1]?.part_number ?? null;
      const next_cursor = stored.length > PARTS_LISTED ? last : null;
      return answer({ parts, next_cursor });
    },
  },
  {
    method: "POST",
    path: `${ROOT}multipart/parts/`,
    handle: ({ body, url, world }) => {
      const file = fileOf(world, body.file_uid);
      if (!file?.generation) return notFound();
      const lifetime = Math.min(GRANT_MS, world.bucket.lifetime);
      const numbers = Array.isArray(body.numbers) ? body.numbers : [];
      const parts = partNumbers(file).filter((n) => numbers.includes(n))
        .map((number) => {
          const permit = permitOf(file, number);
          return {
            grant_uid: world.newUid(),
            part_number: number,
            offset: (number - 1) * Number(file.part_size),
            size_bytes: permit.size,
            url: world.bucket.presign(url, permit, lifetime),
            headers: permit.headers,
            expires_at: world.timestamp(),
          };
        });
      return answer({ parts });
    },
  },
  {
    method: "POST",
    path: `${ROOT}finalize/`,
    handle: ({ body, world }) => {
      const given = Array.isArray(body.files) ? body.files as WireRecord[] : [];
      const files = given.map(({ file_uid }) => fileOf(world, file_uid));
      const session = world.collection(SESSIONS).all().find((one) =>
        (one.files as WireRecord[]).includes(files[0] ?? {})
      );
      const all = session?.files as WireRecord[] ?? [];
      const isWhole = all.length === files.length &&
        all.every((file) =>
          files.includes(file) &&
          partNumbers(file).every((number) =>
            world.bucket.get(permitOf(file, number).key)
          )
        );
      if (!session || !isWhole) {
        return refuse({ files: ["Parts are missing."] }) ?? notFound();
      }
      // assumption: the hashes of parts that came apart can't be checked here
      for (const file of all) file.verified = true;
      session.status = "completing";
      session.finalization ??= {
        uid: world.newUid(),
        state: "pending",
        stage: "verify",
        attempts: 0,
        failures: 0,
        code: null,
        available_at: null,
        publication_uid: null,
        dataset_uid: null,
      };
      return answer({ finalization: session.finalization }, 202);
    },
  },
];

/** Managed uploads of recordings. */
export const MANAGED_UPLOADS: EmulatedResource = { routes: ROUTES };

// assumption: it is published when its status is read for the second time
function publish(session: WireRecord, world: World): void {
  const finalization = session.finalization as WireRecord | null;
  if (finalization?.state === "succeeded" || !finalization) return;
  session.reads = Number(session.reads) + 1;
  finalization.state = "running";
  if (Number(session.reads) < 2) return;
  finalization.state = "succeeded";
  finalization.publication_uid = world.newUid();
  finalization.dataset_uid = world.newUid();
  session.status = "completed";
}

function show(session: WireRecord): WireRecord {
  const files = session.files as WireRecord[];
  const done = files.filter(({ verified }) => verified);
  const bytes = (some: WireRecord[]) =>
    some.reduce((sum, { size_bytes }) => sum + Number(size_bytes), 0);
  const { protocol, uid, recording_uid, status, finalization } = session;
  return {
    protocol,
    session_uid: uid,
    recording_uid,
    status,
    total_files: files.length,
    total_bytes: bytes(files),
    confirmed_files: done.length,
    confirmed_bytes: bytes(done),
    files,
    finalization,
  };
}

function fileOf(world: World, uid: unknown): WireRecord | undefined {
  return world.collection(SESSIONS).all().flatMap(({ files }) =>
    files as WireRecord[]
  ).find(({ file_uid }) => file_uid === uid);
}

function partNumbers({ part_count }: WireRecord): number[] {
  return Array.from({ length: Number(part_count) }, (_, index) => index + 1);
}

function permitOf(file: WireRecord, number: number): Permit {
  const size = Number(file.size_bytes);
  const partSize = Number(file.part_size);
  return {
    method: "PUT",
    path: String(file.path),
    key: `managed/${file.file_uid}/${number}`,
    size: Math.min(partSize, size - (number - 1) * partSize),
    headers: { "x-amz-meta-part": String(number) },
  };
}
