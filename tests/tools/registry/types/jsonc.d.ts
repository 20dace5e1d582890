// What the command line uses of `@std/jsonc`. The npm copy of std carries no
// types; the real registry does, and never sees this file.

export function parse(text: string): unknown;
