/**
 * Stands in for `node:fs/promises` where there are no files: reads those that
 * come with the tests.
 *
 * @module
 */

import { forget, register, send } from "./link.ts";

/** Reads a file: as text with an encoding, else as bytes. */
export function readFile(path: URL | string): Promise<Uint8Array>;
export function readFile(path: URL | string, encoding: "utf8"): Promise<string>;
export function readFile(
  path: URL | string,
  encoding?: "utf8",
): Promise<string | Uint8Array> {
  return new Promise((resolve, reject) => {
    const id = register(({ op }, bytes) => {
      forget(id);
      if (op !== "file") reject(new Error(`Cannot read '${path}'`));
      else resolve(encoding ? new TextDecoder().decode(bytes) : bytes);
    });
    send({ op: "read", id, text: String(path) });
  });
}
