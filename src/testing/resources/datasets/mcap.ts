/**
 * Emulated routes of MCAP episodes.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import { cursorPage } from "../../engine/pages.ts";
import { type EmulatedResponse, notFound } from "../../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../../engine/router.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";
import {
  CHANNELS,
  MCAP,
  mcapFile,
  picture,
} from "../public_datasets/contents.ts";
import { withDataset } from "./paths.ts";

const PATH = "/datasets/{owner}/{slug}/mcap-episodes/";
const collection = "mcapEpisodes";
const RUNS = 3;
/** Nanoseconds since 1970, of which no number holds all digits. */
const START = 1_773_480_413_589_793_001n;
const LENGTH = 2_000_000_000n;

/** MCAP episodes of datasets. */
export const MCAP_EPISODES: EmulatedResource = {
  routes: [
    { method: "GET", path: PATH, handle: withDataset(list) },
    { method: "GET", path: `${PATH}{episodeUid}/`, handle: withDataset(get) },
  ],
  results: [{
    method: "GET",
    path: "/mcap-episodes/{uid}/thumbnail",
    handle: ({ params, state }) => {
      const episode = state.collection(collection).get(params.uid);
      if (!episode) return notFound();
      const headers = { "content-type": "image/svg+xml" };
      const body = picture(String(episode.file_key));
      return { status: 200, body, headers };
    },
  }],
  seed,
};

function list(
  { url, state }: EmulatedRequest,
  dataset: WireRecord,
): EmulatedResponse {
  // assumption: these fields are left out of lists
  const show = (episode: WireRecord) => {
    const { library: _, profile: __, topics: ___, ...rest } = episode;
    return withThumbnail(rest, url);
  };
  const match = { dataset: dataset.uid };
  const page = cursorPage(state.collection(collection), url, { match, show });
  return page.status === 200 ? exact(page.body) : page;
}

function get(
  { params: { episodeUid = "" }, url, state }: EmulatedRequest,
  dataset: WireRecord,
): EmulatedResponse {
  const wanted = episodeUid.replaceAll("-", "");
  const episode = state.collection(collection).find([
    { dataset: dataset.uid },
    ({ uid }) => String(uid).replaceAll("-", "") === wanted,
  ]);
  if (!episode) return notFound();
  return exact(withThumbnail(episode, url));
}

function withThumbnail(
  { dataset: _, ...episode }: WireRecord,
  { origin }: URL,
): WireRecord {
  const thumbnail_url = `${origin}/mcap-episodes/${episode.uid}/thumbnail`;
  return { ...episode, thumbnail_url, preview_urls: [thumbnail_url] };
}

/** Responds with JSON in which texts of digits are numbers, however long. */
function exact(body: unknown): EmulatedResponse {
  const text = JSON.stringify(body)
    .replace(/("\w+_time_ns":)"(\d+)"/g, "$1$2");
  const headers = { "content-type": "application/json" };
  return { status: 200, body: text, headers };
}

function seed(state: State): void {
  const dataset = state.collection("datasets").find({ data_type: "lidar" });
  if (!dataset) return;
  const sequences = state.collection("sequences")
    .filter({ dataset_uid: dataset.uid }, RUNS);
  for (let run = 0; run < RUNS; run++) {
    const start = START + BigInt(run) * 60_000_000_000n;
    const name = `run_${String(run + 1).padStart(2, "0")}`;
    state.collection(collection).add({
      uid: state.newUid(),
      dataset: dataset.uid,
      item_uid: null,
      sequence_uid: sequences[run]?.uid ?? null,
      is_hidden: run === RUNS - 1,
      file_size_bytes: mcapFile(run).length,
      duration_ns: Number(LENGTH),
      message_count: 60,
      extraction_status: run === RUNS - 1 ? "processing" : "completed",
      topic_count: CHANNELS.length,
      ...MCAP,
      topics: CHANNELS.map(([topic_name, schema_name], index) => ({
        id: 41 + index,
        topic_name,
        schema_name,
        message_encoding: "cdr",
        message_count: 20,
        panel_type: index === 0 ? "image" : "raw",
        first_message_time_ns: `${start + BigInt(index)}`,
        last_message_time_ns: `${start + LENGTH - BigInt(index)}`,
      })),
      file_key: `${dataset.slug}/${name}.mcap`,
      item_key: null,
      sequence_key: sequences[run]?.key ?? null,
      extraction_error: null,
      cot_tags: { grip_type: "pinch", "dotted.tag": { inner_tag: run } },
      created_at: CREATED,
      updated_at: UPDATED,
    });
  }
}
