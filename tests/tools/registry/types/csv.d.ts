// What the command line uses of `@std/csv`. The npm copy of std carries no
// types; the real registry does, and never sees this file.

export interface StringifyOptions {
  headers?: boolean;
  columns?: readonly string[];
}
export function stringify(
  data: readonly unknown[],
  options?: StringifyOptions,
): string;
