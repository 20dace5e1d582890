/**
 * Reads and writes the plain ustar archives inside npm tarballs.
 *
 * @module
 */

import { gunzipSync, gzipSync } from "node:zlib";

const BLOCK = 512;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The files of a `.tgz`, by path, without the leading folder npm adds. */
export function readTarball(tarball: Uint8Array): Map<string, Uint8Array> {
  return readTar(new Uint8Array(gunzipSync(tarball)));
}

/** The files of an archive, by path, without the leading folder. */
export function readTar(archive: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    const name = field(header, 0, 100);
    if (name === "") break;
    const size = parseInt(field(header, 124, 12), 8);
    const kind = field(header, 156, 1);
    const prefix = field(header, 345, 155);
    at += BLOCK;
    if (kind === "0" || kind === "") {
      const path = prefix === "" ? name : `${prefix}/${name}`;
      files.set(
        path.slice(path.indexOf("/") + 1),
        archive.subarray(at, at + size),
      );
    }
    at += Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** A `.tgz` as npm expects it: every file below `package/`. */
export function writeTarball(files: Map<string, string>): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const [path, text] of files) {
    const content = encoder.encode(text);
    const padded = new Uint8Array(Math.ceil(content.length / BLOCK) * BLOCK);
    padded.set(content);
    blocks.push(header(`package/${path}`, content.length), padded);
  }
  blocks.push(new Uint8Array(BLOCK * 2));
  return new Uint8Array(gzipSync(join(blocks)));
}

function field(header: Uint8Array, start: number, length: number): string {
  return decoder.decode(header.subarray(start, start + length))
    .split("\0")[0]!.trim();
}

function header(path: string, size: number): Uint8Array {
  if (path.length > 100) throw new Error(`Cannot pack '${path}': too long`);
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(encoder.encode(text), at);
  put(0, path);
  put(100, "0000644\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, size.toString(8).padStart(11, "0") + "\0");
  put(136, "00000000000\0");
  put(148, " ".repeat(8));
  put(156, "0");
  put(257, "ustar\x0000");
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, sum.toString(8).padStart(6, "0") + "\0 ");
  return block;
}

function join(blocks: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(blocks.reduce((n, b) => n + b.length, 0));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}
