/**
 * Tests that need a folder of their own.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { readdirSync, readlinkSync } from "node:fs";
import { mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "./harness.ts";

/** Declares a test with a folder of its own. */
export function testFolder(
  name: string,
  use: (folder: string) => Promise<void>,
): void {
  test(name, async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "files-")));
    try {
      await use(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

/** The open files below a folder, where the system tells. */
export function openBelow(folder: string): string[] {
  const open: string[] = [];
  try {
    for (const fd of readdirSync("/proc/self/fd")) {
      try {
        const path = readlinkSync(`/proc/self/fd/${fd}`);
        if (path.startsWith(folder)) open.push(path);
      } catch {
        // the descriptor of the listing itself
      }
    }
  } catch {
    // no such folder on this system
  }
  return open;
}

/** What is in a folder beside a file that should be there, in order. */
export async function beside(folder: string, name: string): Promise<string[]> {
  return (await readdir(folder)).filter((entry) => entry !== name).sort();
}

/** SHA-256 of bytes, in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
