/**
 * Globs that choose among keys.
 *
 * @module
 */

import { globToRegExp } from "jsr:@std/path@^1.1.4/posix/glob-to-regexp";
import { show } from "../wire/options.ts";
import { InvalidArgumentError } from "../errors.ts";

/** Which keys are meant. */
export interface KeyFilter {
  /**
   * Only keys that one of these globs fits. `*` stands for any part of a name, `**`
   * for any folders; a glob without `/` fits names in every folder.
   *
   * @default {all}
   */
  include?: readonly string[] | undefined;
  /** No keys that one of these globs fits. */
  exclude?: readonly string[] | undefined;
}

/**
 * Makes a test for keys.
 *
 * @example Usage
 * ```ts
 * import { matcherOf } from "./globs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const matches = matcherOf({ include: ["*.jpg"], exclude: ["raw/**"] });
 * assertEquals(matches("run/1.jpg"), true);
 * assertEquals(matches("raw/1.jpg"), false);
 * ```
 *
 * @param filter The globs.
 * @returns Tells whether a key is meant.
 * @throws {InvalidArgumentError} If one of them is none.
 */
export function matcherOf(filter: KeyFilter): (key: string) => boolean {
  const include = compile("include", filter.include);
  const exclude = compile("exclude", filter.exclude);
  if (include?.length === 0) throw wrong("include", "not empty", include);
  return (key) => {
    // a run of slashes takes the expression of a glob forever
    const path = key.replace(/\/{2,}/g, "/");
    return (include?.some((glob) => glob.test(path)) ?? true) &&
      !exclude?.some((glob) => glob.test(path));
  };
}

function compile(
  name: keyof KeyFilter,
  globs: readonly string[] | undefined,
): RegExp[] | undefined {
  if (globs === undefined) return undefined;
  if (!Array.isArray(globs)) throw wrong(name, "an array", globs);
  return globs.map((glob) => {
    if (typeof glob !== "string" || glob === "") {
      throw wrong(name, "an array of non-empty strings", glob);
    }
    const anywhere = glob.includes("/") ? glob : `**/${glob}`;
    return globToRegExp(anywhere.replace(/^\/+/, ""));
  });
}

function wrong(
  name: string,
  wanted: string,
  value: unknown,
): InvalidArgumentError {
  return new InvalidArgumentError(
    `Cannot choose files as '${name}' must be ${wanted}: current value is ${
      show(value)
    }`,
  );
}
