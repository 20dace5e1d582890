/**
 * The state of uploads in a file.
 *
 * @module
 */

import { readFile, rename, unlink, writeFile } from "node:fs/promises";
import type {
  FleetUploadState,
  FleetUploadStateStore,
} from "../resources/fleet/uploads.ts";
import { codeOf, refused, toPath } from "./paths.ts";

type States = { [key: string]: FleetUploadState };

/**
 * Keeps the state of uploads in a JSON file, so that an upload of a recording goes
 * on where an earlier run ended, even one that was killed. The file is replaced as
 * a whole, and removed when nothing is left to go on with. It holds no secrets. It
 * is for one process at a time.
 *
 * @example Usage
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { stateFile } from "@avala/client/files";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const folder = await Deno.makeTempDir();
 * const files = [{ path: "cam/1.jpg", blob: new Blob(["one"]) }];
 * const done = await client.fleet.uploads.uploadRecording("r-1", files, {
 *   stateStore: stateFile(`${folder}/uploads.json`),
 * });
 * assertEquals(done.sentFiles, 1);
 * await Deno.remove(folder); // the file is gone, as the upload is finished
 * ```
 *
 * @param path Path of the file, or its `file:` URL.
 * @returns The store.
 * @throws {InvalidArgumentError} If the path is none.
 */
export function stateFile(path: string | URL): FleetUploadStateStore {
  const file = toPath(path, "keep the state of uploads");
  return {
    load: async (key) => (await read(file))[key],
    save: async (key, state) => {
      const states = await read(file);
      if (state) states[key] = state;
      else delete states[key];
      await write(file, states);
    },
  };
}

async function read(file: string): Promise<States> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    // half a file can't be there: without one, the upload starts anew
    if (codeOf(error) === "ENOENT") return {};
    throw refused(`read the state of uploads from "${file}"`, error);
  }
}

async function write(file: string, states: States): Promise<void> {
  try {
    if (Object.keys(states).length === 0) {
      await unlink(file).catch((error) => {
        if (codeOf(error) !== "ENOENT") throw error;
      });
      return;
    }
    const draft = `${file}.${crypto.randomUUID()}.part`;
    await writeFile(draft, JSON.stringify(states, null, 2));
    await rename(draft, file);
  } catch (error) {
    throw refused(`keep the state of uploads in "${file}"`, error);
  }
}
