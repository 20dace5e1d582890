/**
 * Secrets never leave: what is shown, thrown or handed to a hook passes here.
 *
 * @module
 */

/** What stands where a secret was. */
export const REDACTED = "[redacted]";

/** Deeper structures are cut, so that a hostile body can't exhaust the stack. */
const MAX_DEPTH = 64;

/** Key names whose values are secrets, letters and digits only, lowercase. */
const SECRET_NAMES = new Set(
  (
    "awssecretaccesskey secretaccesskey awsaccesskeyid accesskeyid awssessiontoken apikey " +
    "xavalaapikey authorization proxyauthorization auth token accesstoken refreshtoken " +
    "sessiontoken idtoken secret password passwd pwd credentials privatekey privatekeyid " +
    "clientsecret s3secretaccesskey s3accesskeyid gcstorageauthjsoncontent devicetoken " +
    "signature sig xamzsignature xamzcredential xamzsecuritytoken xgoogsignature " +
    "xgoogcredential authheader accepturl copylink cookie setcookie xapikey"
  ).split(" "),
);

/** What makes the query of a URL worth a signature's protection. */
const SIGNED_QUERY =
  /(?:signature|credential|security-token|token|awsaccesskeyid|[?&]sig)=/i;

/** Replaces the query of a presigned URL. */
function redactSignedUrl(url: string): string {
  const start = url.indexOf("?");
  return start >= 0 && SIGNED_QUERY.test(url.slice(start))
    ? `${url.slice(0, start + 1)}${REDACTED}`
    : url;
}

/** A JSON web token has at least the dot and the payload behind its header. */
function redactToken(header: string, rest: string | undefined): string {
  return rest === undefined ? header : REDACTED;
}

type Replacement = string | ((match: string, group?: string) => string);

/** Shapes of secrets inside any text. Every pattern runs in linear time. */
const SECRET_SHAPES: readonly [RegExp, Replacement][] = [
  // PEM blocks, also with escaped line breaks, also when cut off
  [
    /-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,40}-----|$)/g,
    REDACTED,
  ],
  // user name and password in a URL
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@"'<>]{1,512}@/gi, `$1${REDACTED}@`],
  // the query of a presigned URL
  [/\bhttps?:\/\/[^\s"'<>]+/gi, redactSignedUrl],
  // JSON web tokens; what only begins like one is passed over in one step
  [/\beyJ[\w-]{5,}(\.[\w-]{5,}\.[\w-]*)?/g, redactToken],
  // AWS: access key ids, session tokens, secret keys, resource names
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\b(?:FwoG|IQoJ)[A-Za-z0-9+/=]{16,}/g, REDACTED],
  [
    /((?:aws[_-]?)?secret[_-]?access[_-]?key\\?["']?\s{0,8}[=:]\s{0,8}\\?["']?)[A-Za-z0-9+/=]{20,}/gi,
    `$1${REDACTED}`,
  ],
  [/\barn:aws[\w:/.*+=,@-]*/g, REDACTED],
  // Google: refresh tokens, service account key ids
  [/\b1\/\/[\w-]{20,}/g, REDACTED],
  [/(\\?"private_key_id\\?"\s{0,8}:\s{0,8}\\?")[^"\\]*/g, `$1${REDACTED}`],
  // keys of this API and of other providers
  [/\bavk_[\w-]{8,}/g, REDACTED],
  [
    /\b(?:sk|pk|secret|key|token)_(?:(?:live|test|prod)_)?[A-Za-z0-9]{16,}/g,
    REDACTED,
  ],
  [/\bsk-[\w-]{21,}/g, REDACTED],
  [/\b(?:hf_|ghp_)[A-Za-z0-9]{10,}/g, REDACTED],
  [/\bxox[a-z]-[\w-]{8,}/g, REDACTED],
  [/\b[0-9a-f]{40}\b/g, REDACTED],
  // headers
  [/\b(bearer\s{1,8})[\w.~+/-]+=*/gi, `$1${REDACTED}`],
  [
    /\b(x-avala-api-key\\?["']?\s{0,8}[=:]\s{0,8}\\?["']?)[^\s"',;\\]+/gi,
    `$1${REDACTED}`,
  ],
];

/**
 * Tells whether values under a key are secrets.
 *
 * @example Usage
 * ```ts
 * import { isSecretName } from "./redact.ts";
 * import { assert } from "@std/assert";
 *
 * assert(isSecretName("X-Avala-Api-Key"));
 * assert(!isSecretName("name"));
 * ```
 *
 * @param name The key or header name, in any spelling.
 * @returns `true` when values below the key must not be shown.
 */
export function isSecretName(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase().replace(/[^a-z0-9]/g, ""));
}

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
  let clean = text;
  // the longest first: a secret may be the start of another
  const spelled = secrets.flatMap(spellings)
    .sort((a, b) => b.length - a.length);
  for (const spelling of spelled) {
    clean = clean.replaceAll(spelling, REDACTED);
  }
  for (const [shape, replacement] of SECRET_SHAPES) {
    // the overloads of replace() don't take a union
    clean = typeof replacement === "string"
      ? clean.replace(shape, replacement)
      : clean.replace(shape, replacement);
  }
  return clean;
}

/** A secret as it is, inside a URL, and inside JSON. */
function spellings(secret: string): string[] {
  if (secret === "") return [];
  let encoded = secret;
  try {
    encoded = encodeURIComponent(secret);
  } catch {
    // a lone surrogate has no URL spelling
  }
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, encoded, escaped])];
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
  return typeof value === "string" ? redactText(value, secrets) : value;
}

/**
 * Collects the values below secret keys, to be redacted wherever they return.
 *
 * @example Usage
 * ```ts
 * import { secretValues } from "./redact.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(secretValues({ config: { password: "hunter2" } }), ["hunter2"]);
 * ```
 *
 * @param value A JSON value, such as a request body.
 * @returns The secret texts in it that are long enough to be told from words.
 */
export function secretValues(value: unknown): string[] {
  const found = new Set<string>();
  collect(value, false, 0, found);
  return [...found];
}

function collect(
  value: unknown,
  hidden: boolean,
  depth: number,
  found: Set<string>,
): void {
  if (typeof value === "string") {
    if (hidden && value.length >= 4) found.add(value);
  } else if (typeof value === "object" && value !== null && depth < MAX_DEPTH) {
    for (const [key, entry] of Object.entries(value)) {
      const secret = hidden || (!Array.isArray(value) && isSecretName(key));
      collect(entry, secret, depth + 1, found);
    }
  }
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
  const start = url.indexOf("?");
  if (start < 0) return redactText(url, secrets);
  const pairs = url.slice(start + 1).split("&").map((pair) => {
    const name = pair.split("=", 1)[0] ?? "";
    return isSecretName(name)
      ? `${name}=${REDACTED}`
      : redactText(pair, secrets);
  });
  return `${redactText(url.slice(0, start), secrets)}?${pairs.join("&")}`;
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
