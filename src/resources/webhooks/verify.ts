/**
 * Signatures of webhook deliveries.
 *
 * @module
 */

import {
  InvalidArgumentError,
  WebhookReplayError,
  WebhookVerificationError,
} from "../../errors.ts";
import { readBytes } from "../../http/body.ts";
import {
  type Check,
  type OptionTable,
  refusal,
  toBody,
} from "../../wire/options.ts";
import { toWebhookEvent, type WebhookEvent } from "./events.ts";

/** A header as `fetch` or `node:http` gives it. */
type HeaderValue = string | readonly string[] | null | undefined;

/** A delivery whose body was read by somebody else, such as a web framework. */
export interface WebhookDelivered {
  /** The body as it came, byte for byte; never JSON that was parsed and written again. */
  body: string | Uint8Array | ArrayBuffer;
  /** Value of the header `X-Avala-Webhook-Signature`. */
  signature: string | readonly string[] | null | undefined;
  /** Value of the header `X-Avala-Webhook-Event`. */
  event?: string | readonly string[] | null | undefined;
  /** Value of the header `X-Avala-Webhook-Delivery`. */
  delivery?: string | readonly string[] | null | undefined;
}

/**
 * Remembers which bodies were verified. A `Set` does for one process. Where several
 * processes share a store, its `add` has to say whether the key is new.
 */
export interface SeenWebhooks {
  /**
   * Tells whether a body was verified before.
   *
   * @param key SHA-256 of the body, in hexadecimal.
   * @returns Whether the key is known.
   */
  has(key: string): boolean | PromiseLike<boolean>;
  /**
   * Remembers a body.
   *
   * @param key SHA-256 of the body, in hexadecimal.
   * @returns `false` when another process has added the key in the meantime; any other value means that it is new.
   */
  add(key: string): unknown;
}

/** Options of {@linkcode verifyWebhook}. */
export interface VerifyWebhookOptions {
  /**
   * How many bytes of a request are read; a longer body is refused before it is
   * held in memory, for anybody can send one.
   *
   * @default {10_485_760}
   */
  maxBytes?: number | undefined;
  /**
   * Refuses replays: a delivery whose body was verified before rejects with a
   * {@linkcode WebhookReplayError}. Nothing that is signed carries a time or an
   * id, so two events with the same body, such as a task that is completed twice,
   * are one to it.
   *
   * A body is remembered before you have handled its event. When that fails,
   * remove the key, which `add` was given, or the next attempt to deliver it will
   * pass for a replay.
   *
   * @default {replays pass}
   */
  seen?: SeenWebhooks | undefined;
}

const DEFAULT_MAX_BYTES = 10_485_760;
const ALGORITHM = { name: "HMAC", hash: "SHA-256" };
const SIGNATURE = /^(?:sha256=)?([0-9a-f]{64})$/i;

const aboveZero: Check = (value) =>
  typeof value === "number" && value > 0 ? undefined : "a number above 0";

const store: Check = (value) => {
  const { has, add } = value as Partial<SeenWebhooks>;
  return typeof has === "function" && typeof add === "function"
    ? undefined
    : "a store with the methods 'has' and 'add', such as a Set";
};

const OPTIONS: OptionTable<VerifyWebhookOptions> = {
  maxBytes: { check: aboveZero, local: true },
  seen: { check: store, local: true },
};

/**
 * Verifies that a body comes from the service.
 *
 * @param received The request, its body unread; or the raw body and the headers.
 * @param secret The secret of the webhook; several while it is being replaced.
 * @param options Options of the verification.
 * @returns The event.
 */
export async function verifyWebhook(
  received: Request | WebhookDelivered,
  secret: string | readonly string[],
  options: VerifyWebhookOptions = {},
): Promise<WebhookEvent> {
  toBody("verifyWebhook", OPTIONS, options);
  const secrets = typeof secret === "string" ? [secret] : secret;
  checkSecrets("verifyWebhook", secrets);
  const given = isRequest(received) ? ofRequest(received) : received;
  if (isRequest(received)) checkUnread(received);
  else checkDelivered(received);
  const hex = SIGNATURE.exec(single(given.signature) ?? "")?.[1];
  if (hex === undefined) {
    throw new WebhookVerificationError(
      `Cannot verify the webhook as the header X-Avala-Webhook-Signature must be 64 hexadecimal digits: current value is ${
        describe(given.signature)
      }`,
    );
  }
  const body = isRequest(received)
    ? await readBody(received, options.maxBytes ?? DEFAULT_MAX_BYTES)
    : toBytes("verifyWebhook", received.body);
  const signature = Uint8Array.from(
    hex.match(/../g) ?? [],
    (digits) => parseInt(digits, 16),
  );
  // every secret is tried, and WebCrypto compares in constant time
  const verdicts = await Promise.all(secrets.map(async (each) => {
    const key = await importKey(each, "verify");
    return await crypto.subtle.verify("HMAC", key, signature, body);
  }));
  if (!verdicts.includes(true)) {
    throw new WebhookVerificationError(
      "Cannot verify the webhook as the signature does not fit the body: the secret is another one, or the body is not, byte for byte, what was sent",
    );
  }
  const raw = parse(body);
  if (options.seen) await refuseReplay(options.seen, body);
  return toWebhookEvent(raw, single(given.event), single(given.delivery));
}

/**
 * Signs a body as the service does.
 *
 * @param body The body as it will be sent.
 * @param secret The secret.
 * @returns The value of the header `X-Avala-Webhook-Signature`.
 */
export async function signWebhook(
  body: string | Uint8Array | ArrayBuffer,
  secret: string,
): Promise<string> {
  checkSecrets("signWebhook", [secret]);
  const key = await importKey(secret, "sign");
  const bytes = toBytes("signWebhook", body);
  return toHex(await crypto.subtle.sign("HMAC", key, bytes));
}

function toHex(buffer: ArrayBuffer): string {
  return Array.from(
    new Uint8Array(buffer),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}

async function refuseReplay(
  seen: SeenWebhooks,
  body: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const key = toHex(await crypto.subtle.digest("SHA-256", body));
  const known = seen.has(key);
  // no pause where a `Set` has responded: two at once must not both be new
  const isKnown = typeof known === "boolean" ? known : await known;
  if (!isKnown && await seen.add(key) !== false) return;
  throw new WebhookReplayError(
    "Cannot verify the webhook as its body was verified before",
  );
}

/** The error does not show what was given: it may be a secret all the same. */
function checkSecrets(method: string, secrets: unknown): void {
  const isGiven = Array.isArray(secrets) && secrets.length > 0 &&
    secrets.every((secret) => typeof secret === "string" && secret !== "");
  if (isGiven) return;
  throw new InvalidArgumentError(
    `Cannot call ${method} as 'secret' must be a non-empty string: give the one that 'webhooks.create' responded with (is an environment variable unset?)`,
  );
}

/** By what it can do: frameworks have request classes of their own. */
function isRequest(received: Request | WebhookDelivered): received is Request {
  if (typeof received !== "object" || received === null) return false;
  const { headers } = received as Partial<Request>;
  return typeof headers?.get === "function";
}

function ofRequest({ headers }: Request): Omit<WebhookDelivered, "body"> {
  return {
    signature: headers.get("x-avala-webhook-signature"),
    event: headers.get("x-avala-webhook-event"),
    delivery: headers.get("x-avala-webhook-delivery"),
  };
}

function checkUnread({ bodyUsed, body }: Request): void {
  if (!bodyUsed && !body?.locked) return;
  throw new InvalidArgumentError(
    "Cannot call verifyWebhook as the body of the request was already read: verify first and use the event's payload, or give { body, signature } with the raw bytes",
  );
}

function checkDelivered(received: WebhookDelivered): void {
  if (
    typeof received !== "object" || received === null ||
    !("signature" in received)
  ) {
    const wanted = "a Request or { body, signature }";
    throw refusal("verifyWebhook", "'received'", wanted, received);
  }
}

function single(value: HeaderValue): string | null {
  return typeof value === "string"
    ? value.trim()
    : value?.length === 1
    ? value[0]?.trim() ?? null
    : null;
}

function describe(value: HeaderValue): string {
  if (value === null || value === undefined) return "absent";
  return typeof value === "string"
    ? `a string of ${value.length} characters`
    : `a list of ${value.length}`;
}

function toBytes(
  method: string,
  body: string | Uint8Array | ArrayBuffer,
): Uint8Array<ArrayBuffer> {
  if (typeof body === "string") return new TextEncoder().encode(body);
  // a copy: the bytes must not change while they are verified
  if (ArrayBuffer.isView(body)) return new Uint8Array(body);
  if (Object.prototype.toString.call(body) === "[object ArrayBuffer]") {
    return new Uint8Array(body);
  }
  const wanted = "the raw body, as bytes or text, before it is parsed";
  throw refusal(method, "'body'", wanted, body);
}

async function readBody(
  { body }: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = body ? await readBytes(body, maxBytes) : new Uint8Array();
  if (bytes) return bytes;
  throw new WebhookVerificationError(
    `Cannot verify the webhook as its body is longer than ${maxBytes} bytes`,
  );
}

function importKey(
  secret: string,
  usage: "sign" | "verify",
): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  return crypto.subtle.importKey("raw", bytes, ALGORITHM, false, [usage]);
}

function parse(body: Uint8Array<ArrayBuffer>): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new WebhookVerificationError(
      "Cannot read the webhook as its body, which is signed, is no JSON",
    );
  }
}
