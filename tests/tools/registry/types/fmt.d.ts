// What the command line uses of `@std/fmt`: one file for `bytes`, `colors` and
// `duration`. The npm copy of std carries no types; the real registry does, and
// never sees this file.

export interface FormatOptions {
  binary?: boolean;
  maximumFractionDigits?: number;
  style?: "narrow" | "full" | "digital";
  ignoreZero?: boolean;
}
export function format(value: number, options?: FormatOptions): string;

export function bold(str: string): string;
export function cyan(str: string): string;
export function dim(str: string): string;
export function green(str: string): string;
export function setColorEnabled(value: boolean): void;
export function red(str: string): string;
export function yellow(str: string): string;
