// What the command line uses of `@std/text`. The npm copy of std carries no
// types; the real registry does, and never sees this file.

export function closestString(
  givenWord: string,
  possibleWords: readonly string[],
): string;
export function levenshteinDistance(a: string, b: string): number;
export function toKebabCase(input: string): string;
