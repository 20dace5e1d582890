/**
 * Secrets never leave: what is shown, thrown or handed to a hook passes here.
 *
 * @module
 */

import { hideKnown } from "./redaction/known.ts";
import { isSecretName, MAX_DEPTH } from "./redaction/names.ts";
import { hideShapes, REDACTED } from "./redaction/shapes.ts";

export { isSecretName, secretFields, secretValues } from "./redaction/names.ts";
export { REDACTED } from "./redaction/shapes.ts";

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
