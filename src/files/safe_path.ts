/**
 * Keys of a server as paths inside a folder.
 *
 * @module
 */

import { createHash } from "node:crypto";
import process from "node:process";
import { show } from "../wire/options.ts";
import { InvalidArgumentError } from "../errors.ts";
import { isTemporary } from "./leftovers.ts";

/** What differs between the systems that files are saved on. */
export interface PathRules {
  /** Whether names follow the rules of Windows. */
  readonly isWindows: boolean;
  /** Whether names that differ by case or unicode form alone are one. */
  readonly foldsNames: boolean;
}

/** A file that is to have a path. */
export interface KeyedFile {
  /** What tells it from all others. */
  readonly uid: string;
  /** Its key on the server. */
  readonly key: string | null;
}

const encoder = new TextEncoder();

/** The length that one name may have: bytes, or UTF-16 code units on Windows. */
const MAX_NAME = 255;
/** Most systems take 4,096 for a whole path; the folder is a part of it. */
const MAX_PATH = 3_800;

// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;
const ABSOLUTE = /^(?:[\\/]|[a-z]:[\\/])/i;
const NOT_ON_WINDOWS = /[<>:"|?*\\]|[. ](?:\/|$)/;
/** Devices of Windows, also with an extension. */
const DEVICE =
  /(?:^|\/)(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:[ .][^/]*)?(?:\/|$)/i;

/**
 * Says why a key can be no path inside a folder.
 *
 * @example Usage
 * ```ts
 * import { problemOfKey } from "./safe_path.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(problemOfKey("run/1.jpg", false), undefined);
 * assertEquals(problemOfKey("../1.jpg", false), "it leads out of the folder");
 * ```
 *
 * @param key The key.
 * @param isWindows Whether names follow the rules of Windows.
 * @returns A clause, or undefined when it can.
 */
export function problemOfKey(
  key: string | null,
  isWindows: boolean = process.platform === "win32",
): string | undefined {
  if (typeof key !== "string" || key === "") return "it has no key";
  if (CONTROL.test(key)) return "its key holds a control character";
  if (!key.isWellFormed()) return "its key is no well-formed text";
  if (ABSOLUTE.test(key)) return "its key is an absolute path";
  // the other slash, too: the folder may be moved to a system that heeds it
  if (key.split(/[\\/]/).includes("..")) return "it leads out of the folder";
  const names = key.split("/");
  if (names.includes("")) return "its key has a name without a character";
  if (names.includes(".")) return "its key has '.' as a name";
  const isLong = (text: string, limit: number) =>
    (isWindows ? text.length : encoder.encode(text).length) > limit;
  if (isLong(key, MAX_PATH)) return "its key is too long";
  if (names.some((name) => isLong(name, MAX_NAME))) {
    return "its key has a name that is too long";
  }
  if (isWindows && NOT_ON_WINDOWS.test(key)) {
    return "its key holds what names on Windows can't";
  }
  if (isWindows && DEVICE.test(key)) {
    return "its key has a name that Windows keeps for a device";
  }
  return undefined;
}

/**
 * Gives every file a path of its own inside a folder: its key, unless another file
 * has that path on this system. Then a part of a hash in front of the extension
 * tells them apart (`photo~1a2b3c4d.jpg`). The same files get the same paths in
 * whatever order they come.
 *
 * @param files The files.
 * @param rules The rules of the system.
 * @param known The paths that files have from an earlier run, by their keys.
 * @param reserved Paths that no file may have.
 * @returns The path of each file, or why it can have none, by its uid.
 */
export function placeFiles(
  files: readonly KeyedFile[],
  rules: PathRules,
  known: ReadonlyMap<string, string> = new Map(),
  reserved: readonly string[] = [],
): Map<string, string | InvalidArgumentError> {
  const fold = rules.foldsNames ? foldName : (path: string) => path;
  const places = new Map<string, string | InvalidArgumentError>();
  const taken = new Set(reserved.map(fold));
  const folders = new Set<string>();
  const waiting: { uid: string; key: string }[] = [];
  for (const { uid, key } of files) {
    const problem = problemOfKey(key, rules.isWindows);
    if (problem !== undefined || key === null) {
      places.set(uid, refusal(key || uid, problem ?? ""));
      continue;
    }
    waiting.push({ uid, key });
    for (let at = key.indexOf("/"); at >= 0; at = key.indexOf("/", at + 1)) {
      folders.add(fold(key.slice(0, at)));
    }
  }
  const isFree = (path: string) =>
    !taken.has(fold(path)) && !folders.has(fold(path)) &&
    !isTemporary(path);
  const place = (uid: string, path: string) => {
    taken.add(fold(path));
    places.set(uid, path);
  };
  waiting.sort((a, b) => compare(a.key, b.key) || compare(a.uid, b.uid));
  // who has a path keeps it
  const fresh = waiting.filter(({ uid, key }) => {
    const path = known.get(key);
    const isKept = path !== undefined && isPathOf(path, uid, key) &&
      isFree(path);
    if (isKept) place(uid, path);
    return !isKept;
  });
  for (const { uid, key } of fresh) {
    const path = [key, toldApart(uid, key)].find(isFree);
    if (path === undefined || problemOfKey(path, rules.isWindows)) {
      places.set(uid, refusal(key, "another file has its path on this system"));
    } else place(uid, path);
  }
  return places;
}

/** A path from a journal is taken for no other key's: it may have been tampered with. */
function isPathOf(path: string, uid: string, key: string): boolean {
  return path === key || path === toldApart(uid, key);
}

function toldApart(uid: string, key: string): string {
  const hash = createHash("sha256").update(`${key}\n${uid}`).digest("hex");
  const dot = key.lastIndexOf(".");
  // a dot at the start of a name begins no extension
  const at = dot > key.lastIndexOf("/") + 1 ? dot : key.length;
  return `${key.slice(0, at)}~${hash.slice(0, 8)}${key.slice(at)}`;
}

/** What systems take for one name; that some of them take fewer is no harm. */
function foldName(path: string): string {
  return path.normalize("NFD").toUpperCase().toLowerCase().normalize("NFC");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function refusal(name: string, problem: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `Cannot save the file ${
      show(name)
    } as ${problem}: leave it out by 'exclude', or rename it on the server`,
  );
}
