/**
 * The state of uploads in a file.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { realpath } from "node:fs/promises";
import { InvalidArgumentError } from "../errors.ts";
import type { StateStore } from "../uploads/state_store.ts";
import { isJsonObject } from "../wire/codec.ts";
import { show } from "../wire/options.ts";
import { codeOf, refused, toPath } from "./paths.ts";
import { loadState, saveState } from "./state_queue.ts";

/**
 * Keeps the state of uploads in a JSON file, so that an upload goes on where an
 * earlier run ended, even one that was killed.
 *
 * Uploads of one process may share the file, through one store or several: nothing
 * that one of them saves is lost. It is for one process at a time. The file is
 * replaced as a whole, so that it is never half of one; a state is on the disk when
 * `save` is done. The file is removed when nothing is left to go on with. Only its
 * owner can read a new one, though it holds no secrets.
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
 * @param path Path of the file, or its `file:` URL. Its folder must be there.
 * @returns The store. Its methods reject with an {@linkcode InvalidArgumentError}
 * that names the file when it can't be read or written, or holds something else.
 * @throws {InvalidArgumentError} If the path is none.
 */
export function stateFile(path: string | URL): StateStore {
  const file = toPath(path, "keep the state of uploads");
  let found: Promise<string> | undefined;
  // the first look at the path holds, so that calls keep their order
  const find = () =>
    found ??= resolve(file).catch((cause) => {
      found = undefined;
      throw refused(`keep the state of uploads in ${show(file)}`, cause);
    });
  return {
    async load(key) {
      checkKey(key);
      return await loadState(await find(), key);
    },
    async save(key, state) {
      checkKey(key);
      const copy = copyOf(key, state);
      await saveState(await find(), key, copy);
    },
  };
}

/** Finds the one path of a file, which need not be there. */
async function resolve(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    return join(await realpath(dirname(file)), basename(file));
  }
}

function checkKey(key: unknown): void {
  if (typeof key === "string") return;
  throw new InvalidArgumentError(
    `Cannot keep the state of uploads as its key must be a string: current value is ${
      show(key)
    }`,
  );
}

/** Takes the state as it is now: by the time it is written it may have changed. */
function copyOf(key: string, state: object | null): object | null {
  if (state === null) return null;
  try {
    const copy = JSON.parse(JSON.stringify(state));
    if (isJsonObject(state) && isJsonObject(copy)) return copy;
  } catch {
    // a loop, or a value that JSON has no form for
  }
  throw new InvalidArgumentError(
    `Cannot keep the state ${
      show(key)
    } as it must be an object of plain JSON: current value is ${show(state)}`,
  );
}
