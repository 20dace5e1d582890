// What the library uses of `@std/path`. The npm copy of std carries no types;
// the real registry does, and never sees this file.

export interface GlobOptions {
  extended?: boolean;
  globstar?: boolean;
  caseInsensitive?: boolean;
}
export function globToRegExp(glob: string, options?: GlobOptions): RegExp;

export function basename(path: string): string;
export function dirname(path: string): string;
export function join(path: string, ...paths: string[]): string;
export function resolve(...pathSegments: string[]): string;
