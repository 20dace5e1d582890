/**
 * The second step: an upload that is killed half-way.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { Stage } from "./main.ts";
import { count, expect, row, step } from "./screen.ts";

const FILES = 24;
const UPLOAD = fileURLToPath(new URL("./upload.ts", import.meta.url));

/** What a run of the upload prints. */
export interface UploadReport {
  /** Files that it sent. */
  sent: number;
  /** Files that an earlier run had stored. */
  skipped: number;
  /** State of the dataset. */
  status: string;
}

/** Kills an upload in the middle, and runs the same command again. */
export async function finishesKilledUpload(stage: Stage): Promise<string> {
  step(
    "An upload is killed half-way",
    `A program uploads a folder of ${FILES} files as a new dataset, and is killed.`,
    "Then the same command runs again.",
  );
  const { emulator } = stage;
  const folder = await Deno.makeTempDir({ prefix: "avala-demo-" });
  // slow enough to be killed in time
  const slow = emulator.fault({ path: "/storage/", delay: 30, times: 1_000 });
  try {
    await Deno.mkdir(`${folder}/drive`);
    for (let index = 0; index < FILES; index++) {
      const bytes = new Uint8Array(2_000).fill(index);
      await Deno.writeFile(`${folder}/drive/${index}.jpg`, bytes);
    }
    const first = start(stage, folder);
    while (emulator.storedFiles.length < FILES / 2) await pause(2);
    first.kill("SIGKILL");
    await first.output();
    slow.clear();
    const stored = emulator.storedFiles.length;
    row("first run", `killed when ${stored} of ${FILES} files were stored`);
    expect(stored < FILES, "the upload was over before it was killed");

    const { stdout } = await start(stage, folder).output();
    const { sent, skipped, status }: UploadReport = JSON.parse(
      new TextDecoder().decode(stdout),
    );
    row(
      "second run",
      `sent ${sent}, skipped ${skipped}; the dataset is "${status}"`,
      true,
    );
    expect(sent + skipped === FILES && skipped > 0, "the upload began anew");
    return `A killed upload goes on: ${
      count(skipped, "file")
    } were not sent again`;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function start({ baseUrl }: Stage, folder: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", UPLOAD, folder],
    env: {
      AVALA_API_KEY: "avk_demo_key",
      AVALA_BASE_URL: baseUrl,
      AVALA_ALLOW_INSECURE_BASE_URL: "1",
    },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
