/**
 * Which names belong to secrets, and which values of a request are secrets.
 *
 * @module
 */

/** Deeper structures are cut, so that a hostile body can't exhaust the stack. */
export const MAX_DEPTH = 64;

/** A shorter value is hidden in its own field alone: it would tear up any text. */
export const MIN_LENGTH = 4;

/**
 * Names whose values are secrets, by their end: words that make any name secret,
 * a key of its own word, short words of their own, names as a whole. What a hash or
 * a number adds to them, as in `api_key_sha256`, changes nothing.
 */
const SECRET_NAME =
  /(?:(?:token|secrets?|passwords?|passphrase|passcode|passwd|pwd|credentials?|signature|authorization|cookie|connection_?string|auth_?header|(?:access|private)_?key_?id|(?:_|api|secret|private|access|account|auth)key|(?:api|access|auth|refresh)_?(?:key|token)s|(?:^|_)(?:auth|sig|jwt|pat|pin|otp|bearer))(?:_?(?:value|string|confirmation|hash|md5|sha256|\d+))?|^(?:policy|accept_?url|copy_?link|gc_?storage_?auth_?json_?content|signature_?provided|(?:string_?to_?sign|canonical_?request)(?:_?bytes)?))$/;

/** Those that only end alike: paths of files, places in a list, names of rows. */
const OPEN_NAME =
  /(?:(?:next|page|cursor|continuation|sync)_?token|(?:s3|object|file|item|frame|response|cache|idempotency|primary|foreign|partition|sort|public)_?key)$/;

/** What tells nothing in the query, the headers and the form of a presigned request. */
const OPEN_FIELD =
  /^(?:content-|cache-control|x-(?:amz|goog|ms)-(?:date|algorithm|expires|acl|storage-class|server-side-encryption$)|key$|bucket$|acl$|success_action_)/i;

/** A shorter field, such as the number of a part, would tear up messages. */
const FIELD_LENGTH = 12;

/** What tells nothing in a service account. */
const OPEN_MEMBER =
  /^(?:type|universe_domain|(?:auth|token)_uri|auth_provider.*)$/;

/** A name and a value, as in a query, a cookie, a connection string. */
const PAIR = /(?<![\w.-])([\w.-]{1,64})=([^\s&;,"'<>]{4,})/g;

/** What may be JSON. */
const JSON_TEXT = /^\s*[[{]/;

/** The password in a URL, or the token that is there instead of a user. */
const USER_INFO = /\/\/(?:[^\s/?#:@]{0,256}:)?([^\s/?#@]{4,1024})@/g;

/**
 * Tells whether values under a name are secrets.
 *
 * These are names that end in token, secret, key, password, passphrase,
 * credential and the like; not those of paths and places, such as `key` and
 * `s3_key`, `next_token`, `idempotency_key`.
 *
 * @example Usage
 * ```ts
 * import { isSecretName } from "./names.ts";
 * import { assert } from "@std/assert";
 *
 * assert(isSecretName("X-Avala-Api-Key"));
 * assert(!isSecretName("name"));
 * ```
 *
 * @param name The key or header name, in any spelling.
 * @returns `true` when values below the name must not be shown.
 */
export function isSecretName(name: string): boolean {
  // `X-Api-Key`, `apiKey`, `APIKey` and `api_key` are one name
  const words = name.replace(
    /([a-z\d])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g,
    "$1$2_",
  )
    .replace(/[^A-Za-z\d]+/g, "_").toLowerCase();
  return SECRET_NAME.test(words) && !OPEN_NAME.test(words);
}

/**
 * Collects the values below secret names, to be redacted wherever they return.
 *
 * A secret may be part of a value, and a server may repeat that part alone: the
 * members of JSON in a text, a password in a URL or in a connection string, what
 * stands behind `Bearer`, the lines of a private key.
 *
 * @example Usage
 * ```ts
 * import { secretValues } from "./names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(secretValues({ config: { password: "hunter2" } }), ["hunter2"]);
 * ```
 *
 * @param value A JSON value, such as a request body.
 * @returns The secret texts and numbers in it that are long enough to be told from words.
 */
export function secretValues(value: unknown): string[] {
  const found = new Set<string>();
  const keep = (secret: string | undefined) => {
    if (secret && secret.length >= MIN_LENGTH) found.add(secret);
  };
  // how long a value behind `=` must be to be a part of the secret: 0 where none is
  const visit = (node: unknown, least: number, depth: number) => {
    if (typeof node === "string") {
      if (least > 0) partsOf(node).forEach(keep);
      for (const [, name = "", part = ""] of node.matchAll(PAIR)) {
        const isPart = least > 0 && part.length >= least;
        if (isPart || isSecretName(name)) keep(part);
      }
      for (const [, password] of node.matchAll(USER_INFO)) keep(password);
      if (JSON_TEXT.test(node)) visit(parse(node), least, depth + 1);
    } else if (typeof node === "object" && node && depth < MAX_DEPTH) {
      for (const [name, entry] of Object.entries(node)) {
        const above = OPEN_MEMBER.test(name) ? 0 : least;
        visit(entry, isSecretName(name) ? leastOf(name) : above, depth + 1);
      }
    } else if (least > 0 && typeof node === "number") keep(`${node}`);
  };
  visit(value, 0, 0);
  return [...found];
}

/**
 * Collects the values of a record that is one secret as a whole: the query, the
 * signed headers or the form fields of a presigned request. Short ones and those
 * that tell nothing, such as `key` and `Content-Type`, are left out.
 *
 * @example Usage
 * ```ts
 * import { secretFields } from "./names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const fields = { key: "a/b/c/d/e/f.png", "x-amz-meta-owner": "the-owner-of-it" };
 * assertEquals(secretFields(fields), ["the-owner-of-it"]);
 * ```
 *
 * @param record Names and values.
 * @returns The values.
 */
export function secretFields(record: unknown): string[] {
  const fields = Object.entries(record ?? {}).flatMap(([name, value]) =>
    typeof value === "string" && value.length >= FIELD_LENGTH &&
      !OPEN_FIELD.test(name)
      ? [value]
      : []
  );
  return [...new Set([...secretValues(record), ...fields])];
}

/** A cookie holds sessions by any name, a connection string hosts as well. */
function leastOf(name: string): number {
  return /cookie/i.test(name) ? 8 : 20;
}

/** A secret, and what of it may come back alone. */
function partsOf(secret: string): string[] {
  const [, scheme = "", credential = ""] =
    /^(bearer|basic|token)\s+(\S+)$/i.exec(secret) ?? [];
  const lines = JSON_TEXT.test(secret) ? [] : secret.split(/[\r\n]+|\\[rn]/)
    .filter((line) => line.length >= 16 && !line.startsWith("-----"));
  return [
    secret,
    credential,
    /basic/i.test(scheme) ? passwordOf(credential) : "",
    ...lines,
  ];
}

/** The password of a `Basic` credential. */
function passwordOf(credential: string): string {
  try {
    return atob(credential).replace(/^[^:]*:/, "");
  } catch {
    return "";
  }
}

/** Parses what may be JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
