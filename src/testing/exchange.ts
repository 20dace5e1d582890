/**
 * What the emulator takes in and gives out, whichever way it is reached.
 *
 * @module
 */

import type { Arriving } from "./bucket.ts";

/** A request as it arrives. */
export interface Arrival {
  /** HTTP method. */
  method: string;
  /** The whole URL. */
  url: URL;
  /** Headers. */
  headers: Headers;
  /** Body as it arrives. */
  stream: Arriving;
}

/** What leaves: an answer, perhaps cut in the middle; status 0 cuts the connection at once. */
export interface Departure {
  /** HTTP status, or 0. */
  status: number;
  /** Headers by lowercase name. */
  headers: { [name: string]: string };
  /** Body. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether the connection is cut in the middle of the body. */
  cut: boolean;
}
