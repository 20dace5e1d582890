/**
 * MCAP episodes of a dataset, and their message channels.
 *
 * @module
 */

import {
  isJsonObject,
  type JsonObject,
  model,
  type Open,
} from "../../wire/codec.ts";
import type { PageOptions } from "../../wire/options.ts";

/** State of the server's reading of an MCAP file. */
export type McapExtractionStatus = Open<
  "pending" | "processing" | "completed"
>;

/**
 * Nanoseconds since 1970. They pass what a number holds exactly, so that they are
 * text where a number would round them: `BigInt(time)` gives all their digits in
 * either case.
 */
export type McapTime = number | string;

/** One message channel of an MCAP episode. */
export interface McapTopic {
  /** Numeric id. */
  id: number | null;
  /** Name of the channel. */
  topicName: string;
  /** Schema of the messages. */
  schemaName: string | null;
  /** Encoding of the messages, such as `cdr`. */
  messageEncoding: string;
  /** Number of messages. */
  messageCount: number;
  /** Panel of the viewer that suits the channel. */
  panelType: string;
  /** When the first message was written. */
  firstMessageTimeNs: McapTime | null;
  /** When the last message was written. */
  lastMessageTimeNs: McapTime | null;
}

/** A recorded MCAP file of a dataset. It need not belong to a sequence. */
export interface McapEpisode {
  /** Unique id of the episode; it is not that of a sequence. */
  uid: string;
  /** Unique id of the dataset's item that was made of it. */
  itemUid: string | null;
  /** Unique id of the sequence that was made of it. */
  sequenceUid: string | null;
  /** Whether it is hidden; hidden episodes are listed, too. */
  isHidden: boolean;
  /** Size of the file in bytes. */
  fileSizeBytes: number;
  /** Length in nanoseconds. */
  durationNs: number;
  /** Number of messages. */
  messageCount: number;
  /** State of the server's reading of the file. */
  extractionStatus: McapExtractionStatus | null;
  /** Number of channels; may be missing where one episode is read. */
  topicCount: number | null;
  /** Library that wrote the file; may be missing in lists. */
  library: string | null;
  /** MCAP profile, such as `ros2`; may be missing in lists. */
  profile: string | null;
  /** Channels; may be missing in lists. */
  topics: McapTopic[];
  /** Key of the file in the storage; not to be shown to others. */
  fileKey: string | null;
  /** Key of the item in the storage; not to be shown to others. */
  itemKey: string | null;
  /** Key of the sequence in the storage; not to be shown to others. */
  sequenceKey: string | null;
  /** Presigned address of a preview image. Its query is a secret. */
  thumbnailUrl: string | null;
  /** Presigned addresses of preview images. Their queries are secrets. */
  previewUrls: string[] | null;
  /** Why the file could not be read. */
  extractionError: string | null;
  /** Free tags, the JSON of the server untouched. */
  cotTags: JsonObject | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601; may be missing in lists. */
  updatedAt: string | null;
}

/** Options of {@linkcode AsyncDatasets.listMcapEpisodes}. */
export interface ListMcapEpisodesOptions extends PageOptions {
  /**
   * Episodes per page, at most 1,000.
   *
   * @default {100 (chosen by the server)}
   */
  limit?: number | undefined;
}

const decodeEpisode = model<McapEpisode>({
  uid: null,
  itemUid: null,
  sequenceUid: null,
  isHidden: false,
  fileSizeBytes: 0,
  durationNs: 0,
  messageCount: 0,
  extractionStatus: null,
  topicCount: null,
  library: null,
  profile: null,
  topics: [
    model<McapTopic>({
      id: null,
      topicName: null,
      schemaName: null,
      messageEncoding: "",
      messageCount: 0,
      panelType: "",
      firstMessageTimeNs: null,
      lastMessageTimeNs: null,
    }),
  ],
  fileKey: null,
  itemKey: null,
  sequenceKey: null,
  thumbnailUrl: null,
  previewUrls: null,
  extractionError: null,
  cotTags: null,
  createdAt: null,
  updatedAt: null,
});

const TIMES = ["first_message_time_ns", "last_message_time_ns"];
/** A time that a number may not hold; inside a text, its quotes would be escaped. */
const LONG_TIME =
  /("(?:first|last)_message_time_ns"\s*:\s*)(-?\d{16,})(?=\s*[,}])/g;

/**
 * Reads an episode or a page of them, no digit of the times of its channels lost.
 *
 * @param text The JSON.
 * @returns The episode, or the page with its episodes.
 */
export function readEpisodes(text: string): unknown {
  const json = parse(text);
  if (!isJsonObject(json) || !Array.isArray(json.results)) {
    return decodeEpisode(json);
  }
  return { ...json, results: json.results.map(decodeEpisode) };
}

/** What `JSON.parse` gives, but for times that it would round: their digits. */
function parse(text: string): unknown {
  const json: unknown = JSON.parse(text);
  const quoted = text.replace(LONG_TIME, '$1"$2"');
  if (quoted === text) return json;
  const exact = topicsOf(JSON.parse(quoted));
  // free JSON may have the same names, and stays as it is
  topicsOf(json).forEach((topic, index) => {
    for (const name of TIMES) {
      const digits = exact[index]?.[name];
      if (typeof digits === "string" && isRounded(topic[name], digits)) {
        topic[name] = digits;
      }
    }
  });
  return json;
}

function topicsOf(json: unknown): JsonObject[] {
  if (!isJsonObject(json)) return [];
  const { results = [json] } = json;
  return objectsIn(results).flatMap(({ topics }) => objectsIn(topics));
}

function objectsIn(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** Tells whether a number stands for other digits, exactly or when it is printed. */
function isRounded(value: unknown, digits: string): boolean {
  return typeof value === "number" &&
    (String(value) !== digits || BigInt(value) !== BigInt(digits));
}
