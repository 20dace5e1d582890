/**
 * The emulator that the demo talks to.
 *
 * @module
 */

import process from "node:process";
import { AvalaEmulator } from "@avala/client/testing";

/** Serves the emulator with trouble on the way, and points the environment to it. */
export async function startEmulator(): Promise<void> {
  const emulator = new AvalaEmulator();
  emulator.fault({ path: "/items/", status: 503, times: 2 });
  emulator.fault({ path: /exports\/$/, status: 429, retryAfter: 1 });
  const server = await emulator.serve();
  process.env.AVALA_API_KEY = "avk_demo_key";
  process.env.AVALA_BASE_URL = server.baseUrl;
  process.env.AVALA_ALLOW_INSECURE_BASE_URL = "1";
}
