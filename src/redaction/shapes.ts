/**
 * Hides what looks like a secret, whoever it belongs to.
 *
 * @module
 */

import { isSecretName } from "./names.ts";

/** What stands where a secret was. */
export const REDACTED = "[redacted]";

type Replacement = string | ((...groups: string[]) => string);

/** Shapes of secrets. Every pattern runs in linear time. */
const SHAPES: readonly [RegExp, Replacement][] = [
  // PEM blocks, also with escaped line breaks, also when cut off
  [
    /-----BEGIN[A-Z +%\d]{1,40}PRIVATE[ +%20]{1,3}KEY[^]*?(?:-----END[A-Z +%\d]{0,40}-----|$)/g,
    REDACTED,
  ],
  // user name and password in a URL
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@"'<>]{1,512}@/gi, `$1${REDACTED}@`],
  // what storage repeats of a signed request
  [
    /<(\w{1,64})>[^<]+/g,
    (element, name) => isSecretName(name) ? `<${name}>${REDACTED}` : element,
  ],
  // JSON web tokens; what only begins like one is passed over in one step
  [
    /\beyJ[\w-]{5,}(\.[\w-]{5,}\.[\w-]*)?/g,
    (token, rest) => rest === undefined ? token : REDACTED,
  ],
  // AWS: access key ids, session tokens, resource names; Google: refresh tokens;
  // keys of this API and of other providers
  [
    /\b(?:A[KS]IA[A-Z\d]{16}\b|(?:FwoG|IQoJ)[\w+/=]{16,}|arn:aws[\w:/.*+=,@-]*|1\/\/[\w-]{20,}|(?:avk|whsec)_[\w-]{8,}|(?:sk|pk|secret|key|token)_(?:(?:live|test|prod)_)?[A-Za-z\d]{16,}|sk-[\w-]{21,}|(?:hf_|gh[opsu]_|github_pat_|glpat-|ya29\.|AIza)[\w-]{10,}|xox[a-z]-[\w-]{8,}|[\da-f]{40}\b)/g,
    REDACTED,
  ],
  // secret keys and headers in plain text
  [
    /(secret[_-]?access[_-]?key\s{0,8}[=:]\s{0,8})[\w+/=]{20,}/gi,
    `$1${REDACTED}`,
  ],
  [/\b(x-avala-api-key\s{0,8}[=:]\s{0,8})[^\s"',;\\]+/gi, `$1${REDACTED}`],
  // not "a bearer token of"
  [
    /\b(bearer\s{1,8})([\w.~+/-]+=*)/gi,
    (text, scheme, token) =>
      /^[a-z-]{1,20}[.=]?$/i.test(token) ? text : scheme + REDACTED,
  ],
];

/** A secret's name and what parts it from the value: `name=`, `"name": "`. */
const LABEL =
  /(?<![\w.-])(\\{0,8}["'])([\w.-]{1,64})\1\s{0,8}[:=]\s{0,8}(\\{0,8}["']|(?=[\d-]))|(?:%(?:25)*(?:3F|26|23)|u0026|(?<![\w.-]))([\w.-]{1,64})(?:=|%(?:25)*3D)/gi;

/** Values without quotes: of a number, in a query, in a query that is encoded itself. */
const NUMBER = /[\d.eE+-]+/y;
const BARE_VALUE = /(?:'(?=\w)|[^\s&"'<>\\])+/y;
const ENCODED_VALUE = /(?:%(?!(?:25)*26)|[^\s&"'<>%\\])+/y;

/**
 * Replaces what looks like a secret: private keys, signed queries, tokens of known
 * makes, values behind secret names.
 *
 * @example Usage
 * ```ts
 * import { hideShapes } from "./shapes.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(hideShapes("?page=2&api_key=k3y"), "?page=2&api_key=[redacted]");
 * ```
 *
 * @param text The text.
 * @returns The text without secrets.
 */
export function hideShapes(text: string): string {
  let clean = text;
  for (const [shape, replacement] of SHAPES) {
    // the overloads of replace() don't take a union
    clean = clean.replace(shape, replacement as string);
  }
  return hideLabeled(clean);
}

function hideLabeled(text: string): string {
  let clean = "";
  let shown = 0;
  for (const match of text.matchAll(LABEL)) {
    const [label, , quoted, quote, bare] = match;
    const begin = match.index + label.length;
    if (begin < shown || !isSecretName(quoted ?? bare ?? "")) continue;
    const value = quoted
      ? NUMBER
      : label.endsWith("=")
      ? BARE_VALUE
      : ENCODED_VALUE;
    const end = quote
      ? endOfQuoted(text, quote, begin)
      : endOf(value, text, begin);
    if (end === begin) continue;
    clean += text.slice(shown, begin) + REDACTED;
    shown = end;
  }
  return clean + text.slice(shown);
}

function endOfQuoted(text: string, quote: string, begin: number): number {
  let end = text.indexOf(quote, begin);
  // a quote behind a backslash belongs to the value
  while (text[end - 1] === "\\") end = text.indexOf(quote, end + 1);
  return end < 0 ? text.length : end;
}

function endOf(value: RegExp, text: string, begin: number): number {
  value.lastIndex = begin;
  return value.test(text) ? value.lastIndex : begin;
}
