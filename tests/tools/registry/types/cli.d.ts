// What the command line uses of `@std/cli`. The npm copy of std carries no
// types; the real registry does, and never sees this file.

export interface ParseOptions {
  string?: readonly string[];
  boolean?: readonly string[];
  collect?: readonly string[];
  negatable?: readonly string[];
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
export function parseArgs(
  args: string[],
  options?: ParseOptions,
): { [name: string]: unknown; _: string[] };

export function unicodeWidth(str: string): number;
