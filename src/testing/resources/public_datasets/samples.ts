/**
 * Sample revisions of the LiDAR dataset: one in force, an older one, and one that
 * was withdrawn.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import type { State } from "../../engine/state.ts";
import { Sha256 } from "../../storage/sha256.ts";
import { contentOf } from "./contents.ts";

const TYPES: { readonly [role: string]: [type: string, path: string] } = {
  calibration: ["application/json", "calibration/rig.json"],
  episode: ["application/x-mcap", "episodes/#.mcap"],
  thumbnail: ["image/svg+xml", "thumbnails/#.svg"],
};
const ORIGIN = "primary";

/**
 * Adds the revisions.
 *
 * @param state Where they are.
 */
export function seedRevisions(state: State): void {
  const dataset = state.collection("datasets").find({ data_type: "lidar" });
  if (!dataset) return;
  addRevision(state, dataset, 1, { aliases: ["release-1"] });
  addRevision(state, dataset, 2, { withdrawn: true });
  addRevision(state, dataset, 3, { aliases: ["main", "release-2"] });
}

/** A revision with as many episodes, each with its thumbnail. */
function addRevision(
  state: State,
  { uid: dataset }: WireRecord,
  episodes: number,
  fields: WireRecord,
): void {
  const uid = state.newUid();
  const objects = [
    newObject(state, uid, "calibration", 0),
    ...Array.from(
      { length: episodes },
      (_, ordinal) => newObject(state, uid, "episode", ordinal),
    ),
    ...Array.from(
      { length: episodes },
      (_, ordinal) => newObject(state, uid, "thumbnail", ordinal),
    ),
  ];
  const origins = [{
    name: ORIGIN,
    kind: "avala",
    canonical_ref: `avala://datasets/${dataset}`,
    external_revision: "",
  }];
  const sha256 = hashOf(
    JSON.stringify(objects.map(({ logical_path, sha256 }) => [
      logical_path,
      sha256,
    ])),
  );
  state.collection("datasetRevisions").add({
    uid,
    dataset,
    // assumption: a revision is the hash of its dataset and its manifest
    revision_sha256: hashOf(`${dataset} ${sha256}`),
    manifest: {
      schema_version: 1,
      sha256,
      object_count: objects.length,
      total_size_bytes: objects.reduce(
        (sum, { size_bytes }) => sum + Number(size_bytes),
        0,
      ),
      origins,
    },
    aliases: [],
    withdrawn: false,
    ...fields,
  });
}

function newObject(
  state: State,
  revision: string,
  role: string,
  ordinal: number,
): WireRecord {
  const [content_type, path] = TYPES[role]!;
  const bytes = contentOf(role, ordinal);
  return state.collection("revisionObjects").add({
    uid: state.newUid(),
    revision,
    role,
    ordinal,
    episode_ordinal: role === "thumbnail" ? ordinal : null,
    logical_path: path.replace("#", String(ordinal + 1).padStart(4, "0")),
    content_type,
    origin: ORIGIN,
    size_bytes: bytes.length,
    sha256: new Sha256().update(bytes).hex(),
  });
}

function hashOf(text: string): string {
  return new Sha256().update(new TextEncoder().encode(text)).hex();
}
