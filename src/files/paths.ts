/**
 * Paths of the file system.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { type Check, refusal, refuseUnknown, show } from "../wire/options.ts";
import { InvalidArgumentError } from "../errors.ts";

/**
 * Checks a path.
 *
 * @param path A path, or a `file:` URL.
 * @param what What can't be done without it.
 * @returns The path.
 * @throws {InvalidArgumentError} If it is none.
 */
export function toPath(path: string | URL, what: string): string {
  if (path instanceof URL && path.protocol === "file:") {
    return fileURLToPath(path);
  }
  // a zero byte would end the path in the system's eyes
  if (typeof path === "string" && path !== "" && !path.includes("\0")) {
    return path;
  }
  throw new InvalidArgumentError(
    `Cannot ${what} as the path must be a non-empty string or a file URL: current value is ${
      show(path instanceof URL ? path.href : path)
    }`,
  );
}

/**
 * Checks options.
 *
 * @param method The function that they are for.
 * @param options The options given.
 * @param checks What each of them must be; without it, their names and values are
 * checked where they are used.
 * @throws {InvalidArgumentError} If they are none, or one is wrong or unknown.
 */
export function checkOptions(
  method: string,
  options: unknown,
  checks?: { readonly [name: string]: Check },
): void {
  if (typeof options !== "object" || options === null) {
    throw refusal(method, "the options", "an object", options);
  }
  if (!checks) return;
  refuseUnknown(`call ${method}`, options, Object.keys(checks));
  for (const [name, value] of Object.entries(options)) {
    const wanted = value === undefined ? undefined : checks[name]?.(value);
    if (wanted) throw refusal(method, `'${name}'`, wanted, value);
  }
}

/**
 * Makes the error for a path that the system refuses.
 *
 * @param what What can't be done.
 * @param cause The system's error.
 * @returns The error.
 */
export function refused(what: string, cause: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot ${what} as ${reasonOf(cause)}`, {
    cause,
  });
}

/** Errors of a write that Deno gives by number alone: those of Unix, and a full disk on Windows. */
const CODES: { [number: string]: string } = {
  27: "EFBIG",
  28: "ENOSPC",
  69: "EDQUOT",
  112: "ENOSPC",
  122: "EDQUOT",
};

/**
 * Reads the system's code of an error.
 *
 * @param error What was thrown.
 * @returns The code, such as `ENOENT`, if there is one.
 */
export function codeOf(error: unknown): string | undefined {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === "string") return code;
  const [, number = ""] = /\(os error (\d+)\)/.exec(String(message)) ?? [];
  return CODES[number];
}

/**
 * Says why the system refused, and what helps.
 *
 * @param cause The system's error.
 * @returns A clause.
 */
export function reasonOf(cause: unknown): string {
  switch (codeOf(cause)) {
    case "ENOENT":
      return "there is no such file or folder";
    case "EACCES":
    case "EPERM":
      return "the system does not permit it";
    case "ENOTDIR":
      return "a part of its path is no folder";
    case "ELOOP":
      return "its path has a symbolic link that is not followed";
    case "EISDIR":
      return "that is a folder";
    case "ENAMETOOLONG":
      return "its name is longer than the system permits";
    case "EROFS":
      return "the disk can only be read: choose another folder";
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full: make room, or choose another one";
    case "EFBIG":
      return "it is larger than the system permits";
  }
  return cause instanceof Error ? cause.message : "the system refused";
}
