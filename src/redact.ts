/**
 * Secrets never leave: what is shown, thrown or handed to a hook passes here.
 *
 * @module
 */

import { hideKnown } from "./redaction/known.ts";
import { isSecretName, MAX_DEPTH } from "./redaction/names.ts";

export { isSecretName, secretFields, secretValues } from "./redaction/names.ts";

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
 * Replaces everything in a text that looks like a secret, and every known one.
 *
 * @example Usage
 * ```ts
 * import { redactText } from "./redact.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(redactText("Bearer abc.def"), "Bearer [redacted]");
 * assertEquals(redactText("no hunter2", ["hunter2"]), "no [redacted]");
 * ```
 *
 * @param text The text.
 * @param secrets Values that must not be shown whatever they look like.
 * @returns The text without secrets.
 */
export function redactText(
  text: string,
  secrets: readonly string[] = [],
): string {
  return hideShapes(hideKnown(text, secrets, REDACTED));
}

/** Replaces what looks like a secret, whoever it belongs to. */
function hideShapes(text: string): string {
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

/**
 * Redacts a JSON value: texts by their shape, values below a secret key whole.
 *
 * @example Usage
 * ```ts
 * import { redactJson } from "./redact.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(redactJson({ password: "x", age: 3 }), {
 *   password: "[redacted]",
 *   age: 3,
 * });
 * ```
 *
 * @param value The value; it is not changed.
 * @param secrets Values that must not be shown whatever they look like.
 * @returns A copy without secrets.
 */
export function redactJson(
  value: unknown,
  secrets: readonly string[] = [],
): unknown {
  return redactNode(value, secrets, false, 0);
}

function redactNode(
  value: unknown,
  secrets: readonly string[],
  hidden: boolean,
  depth: number,
): unknown {
  if (value === null || value === undefined) return value;
  if (typeof value === "object") {
    if (depth >= MAX_DEPTH) return REDACTED;
    if (Array.isArray(value)) {
      return value.map((entry) =>
        redactNode(entry, secrets, hidden, depth + 1)
      );
    }
    const entries = Object.entries(value).map(([key, entry]) => [
      redactText(key, secrets),
      redactNode(entry, secrets, hidden || isSecretName(key), depth + 1),
    ]);
    // fromEntries defines its keys: a key `__proto__` stays a plain field
    return Object.fromEntries(entries);
  }
  if (hidden) return REDACTED;
  if (typeof value === "string") return redactText(value, secrets);
  // a number is a secret as a whole only
  return typeof value === "number" &&
      hideKnown(`${value}`, secrets, REDACTED) === REDACTED
    ? REDACTED
    : value;
}

/**
 * Redacts the query of a URL where it may carry a signature or a token.
 *
 * @example Usage
 * ```ts
 * import { redactUrl } from "./redact.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   redactUrl("https://host/file?X-Amz-Signature=00ff&page=2"),
 *   "https://host/file?X-Amz-Signature=[redacted]&page=2",
 * );
 * ```
 *
 * @param url The URL.
 * @param secrets Values that must not be shown whatever they look like.
 * @returns The URL without secrets.
 */
export function redactUrl(
  url: string,
  secrets: readonly string[] = [],
): string {
  return redactText(url, secrets);
}

/**
 * Redacts headers: those with secret names whole, the others by their values.
 *
 * @example Usage
 * ```ts
 * import { redactHeaders } from "./redact.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(redactHeaders([["X-Auth-Token", "t"], ["Accept", "*"]], []), {
 *   "x-auth-token": "[redacted]",
 *   accept: "*",
 * });
 * ```
 *
 * @param headers Names and values.
 * @param secrets Values that must not be shown.
 * @returns The headers by lowercase name, secrets redacted.
 */
export function redactHeaders(
  headers: Iterable<readonly [string, string]>,
  secrets: readonly string[],
): { [name: string]: string } {
  const copies = Array.from(headers, ([name, value]) => [
    name.toLowerCase(),
    isSecretName(name) ? REDACTED : redactText(value, secrets),
  ]);
  return Object.fromEntries(copies);
}

/**
 * Redacts the cause of an error: its message, code and causes of its own.
 *
 * @example Usage
 * ```ts
 * import { redactCause } from "./redact.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const cause = redactCause(new TypeError("Bearer abc.def was refused"));
 * assertEquals((cause as Error).message, "Bearer [redacted] was refused");
 * ```
 *
 * @param cause Anything that was thrown.
 * @param secrets Values that must not be shown whatever they look like.
 * @returns A copy without secrets, with the same `name` and `code`.
 */
export function redactCause(
  cause: unknown,
  secrets: readonly string[] = [],
): unknown {
  return copyCause(cause, secrets, 0);
}

function copyCause(
  cause: unknown,
  secrets: readonly string[],
  depth: number,
): unknown {
  if (typeof cause === "string") return redactText(cause, secrets);
  if (typeof cause !== "object" || cause === null) return cause;
  if (depth >= 8) return undefined;
  const { name, message, code, cause: inner } = cause as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    cause?: unknown;
  };
  if (typeof message !== "string") return redactJson(toJson(cause), secrets);
  const copy = new Error(redactText(message, secrets));
  copy.name = typeof name === "string" ? redactText(name, secrets) : "Error";
  // the frames below the copy are ours and say nothing about the cause
  copy.stack = `${copy.name}: ${copy.message}`;
  if (inner !== undefined) copy.cause = copyCause(inner, secrets, depth + 1);
  if (typeof code === "string") {
    Object.assign(copy, { code: redactText(code, secrets) });
  } else if (typeof code === "number") Object.assign(copy, { code });
  return copy;
}

/** What JSON keeps of an object; it may hold itself, or refuse. */
function toJson(value: object): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? "null");
  } catch {
    return REDACTED;
  }
}
