/**
 * What only the sources tell of an endpoint: the path as its literal, and the
 * HTTP method beside it.
 *
 * @module
 */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** An endpoint, as a resource names it. */
export interface Endpoint {
  /** HTTP method. */
  http: string;
  /** Template of the path. */
  path: string;
}

const PATH = /\bpath\(\s*"([\w.]+)",\s*"([^"]+)"/g;
/** The end of a method or a function. */
const END = /\n {0,2}\}\n/g;
const METHOD = /"(GET|HEAD|POST|PUT|PATCH|DELETE)"/g;

/** Reads the endpoints from all sources below a folder, by method of the client. */
export async function readEndpoints(
  folder: string,
): Promise<Map<string, Endpoint>> {
  const endpoints = new Map<string, Endpoint>();
  const files = await readdir(folder, { recursive: true });
  for (const file of files.sort()) {
    if (!file.endsWith(".ts")) continue;
    const text = await readFile(join(folder, file), "utf8");
    for (const { 0: found, 1: id, 2: path, index } of text.matchAll(PATH)) {
      const http = methodBeside(text, index, index + found.length);
      if (!id || !path) continue;
      if (!http) throw new Error(`${file}: no HTTP method beside ${found}`);
      endpoints.set(id, { http, path });
    }
  }
  return endpoints;
}

/** The HTTP method in the function around a place. */
function methodBeside(
  text: string,
  start: number,
  end: number,
): string | undefined {
  const before = [...text.slice(0, start).matchAll(END)].at(-1)?.index ?? 0;
  const after = text.slice(end).search(/\n {0,2}\}\n/);
  const own = text.slice(before, after < 0 ? undefined : end + after);
  const [method] = [...own.matchAll(METHOD)].map(([, name]) => name);
  return method ??
    (/\bthis\.pages\(|PagePromise/.test(own) ? "GET" : undefined);
}
