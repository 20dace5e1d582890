/**
 * Reading and writing of a file of states, one after the other.
 *
 * @module
 */

import { open, readFile, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { InvalidArgumentError } from "../errors.ts";
import { isJsonObject } from "../wire/codec.ts";
import { show } from "../wire/options.ts";
import { syncFolder, writeAll } from "./durable.ts";
import { reapLeftovers, temporaryPath } from "./leftovers.ts";
import { codeOf, refused } from "./paths.ts";

/** The states of a file by their names; a map, as a name may be `__proto__`. */
type States = Map<string, object>;

/** Changes that are written together: what comes while another write is under way. */
interface Batch {
  readonly changes: Map<string, object | null>;
  readonly done: Promise<void>;
}

/** The end of the work on each file, by its path. */
const tails = new Map<string, Promise<unknown>>();
/** The changes of each file that are still to be written, by its path. */
const batches = new Map<string, Batch>();

/**
 * Reads a state, behind the saves that were asked for before.
 *
 * @param file The one path of the file.
 * @param key Name of the state.
 * @returns The state, if there is one.
 * @throws {InvalidArgumentError} If the file can't be read, or holds something else.
 */
export async function loadState(
  file: string,
  key: string,
): Promise<object | undefined> {
  // what is saved from now on is not to be seen
  batches.delete(file);
  return (await inTurn(file, () => read(file))).get(key);
}

/**
 * Saves a state, or removes it.
 *
 * @param file The one path of the file.
 * @param key Name of the state.
 * @param state The state, or null.
 * @returns Nothing; it is on the disk by then.
 * @throws {InvalidArgumentError} If the file can't be read or written, or holds something else.
 */
export function saveState(
  file: string,
  key: string,
  state: object | null,
): Promise<void> {
  const batch = batches.get(file) ?? newBatch(file);
  batch.changes.set(key, state);
  return batch.done;
}

function newBatch(file: string): Batch {
  const changes: Batch["changes"] = new Map();
  const done = inTurn(file, async () => {
    if (batches.get(file) === batch) batches.delete(file);
    const states = await read(file);
    for (const [key, state] of changes) {
      if (state) states.set(key, state);
      else states.delete(key);
    }
    await write(file, states);
  });
  const batch = { changes, done };
  batches.set(file, batch);
  return batch;
}

function inTurn<T>(file: string, work: () => Promise<T>): Promise<T> {
  const result = (tails.get(file) ?? Promise.resolve()).then(work);
  const tail = result.catch(() => {}).then(() => {
    if (tails.get(file) === tail) tails.delete(file);
  });
  tails.set(file, tail);
  return result;
}

async function read(file: string): Promise<States> {
  const bytes = await readFile(file).catch((cause) => {
    // half a file can't be there: without one, the upload starts anew
    if (codeOf(cause) === "ENOENT") return undefined;
    throw refused(`read the state of uploads from ${show(file)}`, cause);
  });
  if (!bytes) return new Map();
  let content: unknown;
  try {
    // leaves a byte order mark out
    content = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    );
  } catch (cause) {
    throw unusable(file, "it is no JSON", cause);
  }
  if (!isJsonObject(content)) {
    throw unusable(file, `it must hold an object: it holds ${kindOf(content)}`);
  }
  const states: States = new Map();
  for (const [key, state] of Object.entries(content)) {
    if (isJsonObject(state)) states.set(key, state);
    else if (state !== null) {
      const what = `the value of ${show(key)} must be an object`;
      throw unusable(file, `${what}: it is ${kindOf(state)}`);
    }
  }
  return states;
}

function unusable(
  file: string,
  why: string,
  cause?: unknown,
): InvalidArgumentError {
  return new InvalidArgumentError(
    `Cannot read the state of uploads from ${
      show(file)
    } as ${why}: remove the file, or name another one, to start anew`,
    { cause },
  );
}

/** Says what a value is, without a word of what it holds. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

async function write(file: string, states: States): Promise<void> {
  await reapLeftovers(file, false);
  try {
    if (states.size === 0) await remove(file);
    else {await replace(
        file,
        JSON.stringify(Object.fromEntries(states), null, 2),
      );}
    await syncFolder(dirname(file));
  } catch (cause) {
    throw refused(`keep the state of uploads in ${show(file)}`, cause);
  }
}

async function remove(file: string): Promise<void> {
  await unlink(file).catch((error) => {
    if (codeOf(error) !== "ENOENT") throw error;
  });
}

/** Puts a text in the place of the file, in one step. */
async function replace(file: string, text: string): Promise<void> {
  const known = await stat(file).catch(() => undefined);
  const draft = temporaryPath(file);
  try {
    await writeDraft(draft, text, known && known.mode & 0o777);
    await rename(draft, file).catch(async (error) => {
      if (codeOf(error) !== "ENOENT") throw error;
      // another process took the draft for a leftover
      await writeDraft(draft, text, known && known.mode & 0o777);
      await rename(draft, file);
    });
  } catch (error) {
    await unlink(draft).catch(() => {});
    throw error;
  }
}

async function writeDraft(
  draft: string,
  text: string,
  mode: number | undefined,
): Promise<void> {
  const handle = await open(draft, "wx", mode ?? 0o600);
  try {
    // the mode of a new file is less what the process takes from all of its files
    if (mode !== undefined) await handle.chmod(mode).catch(() => {});
    await writeAll(handle, new TextEncoder().encode(text));
    await handle.sync();
  } finally {
    await handle.close();
  }
}
