/**
 * The demo: what goes wrong between a program and an API, staged on an emulator
 * that runs on this machine. With `--live` it reads from the real API instead.
 *
 * @module
 */

import { AsyncClient } from "@avala/client";
import { AvalaEmulator } from "@avala/client/testing";
import { survivesRefusals } from "./refusals.ts";
import { testsAgainstHang } from "./hang.ts";
import { finishesKilledUpload } from "./killed_upload.ts";
import { createsOnce } from "./lost_response.ts";
import { reads } from "./live.ts";
import { exportsToFile } from "./export.ts";
import { heading, row } from "./screen.ts";

/** What each step gets. */
export interface Stage {
  /** The API, with faults on demand. */
  readonly emulator: AvalaEmulator;
  /** Where it is served. */
  readonly baseUrl: string;
  /** A client that talks to it over HTTP. */
  readonly client: AsyncClient;
}

const API_KEY = "avk_demo_key";

async function main(): Promise<void> {
  const start = performance.now();
  const emulator = new AvalaEmulator();
  await using server = await emulator.serve();
  const { baseUrl } = server;
  await using client = new AsyncClient({
    apiKey: API_KEY,
    baseUrl,
    allowInsecureBaseUrl: true,
  });
  const stage: Stage = { emulator, baseUrl, client };

  heading("@avala/client, with an emulator of the Avala API on this machine");
  const results = [
    await createsOnce(stage),
    await finishesKilledUpload(stage),
    await survivesRefusals(stage),
    await exportsToFile(stage),
    await testsAgainstHang(),
  ];
  const seconds = (performance.now() - start) / 1_000;

  heading(`What you saw, in ${seconds.toFixed(1)} s`);
  for (const result of results) console.log(`   ✓ ${result}`);

  heading("What to read next");
  row("README.md", "how to install it, and recipes");
  row("the docs", "the page of @avala/client on JSR, and one of each module");
  row(
    "the emulator",
    "deno run -A jsr:@avala/client/cli emulator, then open the page it names",
  );
  row("your own data", "AVALA_API_KEY=avk_… deno task demo --live only reads");
}

await (Deno.args.includes("--live") ? reads() : main());
