/**
 * Names as they are typed.
 *
 * @module
 */

import { closestString } from "jsr:@std/text@^1.0.19/closest-string";
import { levenshteinDistance } from "jsr:@std/text@^1.0.19/levenshtein-distance";

/**
 * Gives the name of an option or a command: `data-type`.
 *
 * @param name The name in camelCase.
 * @returns The name in kebab-case.
 */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Suggests a name for one that is not known.
 *
 * @param name The name that was typed.
 * @param known The names that there are.
 * @returns A question with a leading blank, or nothing when none is near.
 */
export function didYouMean(name: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const nearest = closestString(name, known);
  const near = levenshteinDistance(name, nearest) <= nearest.length / 2;
  return near ? ` Did you mean '${nearest}'?` : "";
}
