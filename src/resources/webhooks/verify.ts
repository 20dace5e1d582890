/**
 * Signatures of webhook deliveries.
 *
 * @module
 */

import { show } from "../../wire/options.ts";
import {
  InvalidArgumentError,
  WebhookVerificationError,
} from "../../errors.ts";
import { toWebhookEvent, type WebhookEvent } from "./events.ts";

/** Header with the signature. */
export const SIGNATURE_HEADER = "x-avala-webhook-signature";
/** Header with the name of the event. */
export const EVENT_HEADER = "x-avala-webhook-event";
/** Header with the unique id of the delivery. */
export const DELIVERY_HEADER = "x-avala-webhook-delivery";

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

/** Options of {@linkcode verifyWebhook}. */
export interface VerifyWebhookOptions {
  /**
   * How many bytes of a request are read; a longer body is refused before it is
   * held in memory, for anybody can send one.
   *
   * @default {10_485_760}
   */
  maxBytes?: number | undefined;
}

const DEFAULT_MAX_BYTES = 10_485_760;
const ALGORITHM = { name: "HMAC", hash: "SHA-256" };
const SIGNATURE = /^(?:sha256=)?([0-9a-f]{64})$/i;

/**
 * Verifies that a delivery comes from the service: its signature is the
 * HMAC-SHA256 of the raw body with the webhook's secret.
 *
 * @example A receiver
 * ```ts
 * import { signWebhook, verifyWebhook } from "@avala/client/webhooks";
 * import { WebhookVerificationError } from "@avala/client/errors";
 * import { assertEquals } from "@std/assert";
 *
 * const secret = "whsec_example";
 *
 * // works with Deno.serve, Bun.serve, Hono, and every other handler of requests
 * async function handler(request: Request): Promise<Response> {
 *   try {
 *     const event = await verifyWebhook(request, secret);
 *     if (event.type === "export.completed") {
 *       console.log(event.payload.downloadUrl);
 *     }
 *     return new Response(null, { status: 204 });
 *   } catch (error) {
 *     if (!(error instanceof WebhookVerificationError)) throw error;
 *     return new Response(null, { status: 400 });
 *   }
 * }
 *
 * // a test of it
 * const body = JSON.stringify({ uid: "e-1", status: "exported" });
 * const headers = {
 *   "X-Avala-Webhook-Signature": await signWebhook(body, secret),
 *   "X-Avala-Webhook-Event": "export.completed",
 * };
 * const url = "https://receiver.example/";
 * const delivered = new Request(url, { method: "POST", body, headers });
 * assertEquals((await handler(delivered)).status, 204);
 * ```
 *
 * @example A framework that reads the body itself
 * ```ts
 * import { signWebhook, verifyWebhook } from "@avala/client/webhooks";
 * import { assertEquals } from "@std/assert";
 *
 * const body = new TextEncoder().encode('{"uid":"d-1","item_count":3}');
 * const signature = await signWebhook(body, "whsec_example");
 * const event = await verifyWebhook(
 *   { body, signature, event: "dataset.updated" },
 *   ["whsec_example", "whsec_retired"],
 * );
 * assertEquals(event.type === "dataset.updated" && event.payload.itemCount, 3);
 * ```
 *
 * @param received The request, its body unread; or the raw body and the headers.
 * @param secret The secret of the webhook; several while it is being replaced.
 * @param options Options of the verification.
 * @returns The event.
 * @throws {WebhookVerificationError} If the signature is missing or wrong, the body too long or no JSON.
 * @throws {InvalidArgumentError} If the body was already read or parsed, or a secret is empty.
 */
export async function verifyWebhook(
  received: Request | WebhookDelivered,
  secret: string | readonly string[],
  options: VerifyWebhookOptions = {},
): Promise<WebhookEvent> {
  const secrets = typeof secret === "string" ? [secret] : secret;
  if (!Array.isArray(secrets) || secrets.length === 0) {
    throw new InvalidArgumentError(
      "Cannot verify the webhook as there is no secret: give the secret that the answer to 'webhooks.create' carried, or an array of secrets",
    );
  }
  for (const each of secrets) checkSecret(each, "verify");
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  if (!(maxBytes > 0)) {
    throw new InvalidArgumentError(
      `Cannot verify the webhook as 'maxBytes' must be a number above 0: current value is ${
        show(maxBytes)
      }`,
    );
  }
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
    ? await readBody(received, maxBytes)
    : toBytes(received.body);
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
  return toWebhookEvent(
    parse(body),
    single(given.event),
    single(given.delivery),
  );
}

/**
 * Signs a body as the service does, for tests of one's own receiver.
 *
 * @example Usage
 * ```ts
 * import { signWebhook } from "@avala/client/webhooks";
 * import { assertEquals } from "@std/assert";
 *
 * const signature = await signWebhook("{}", "whsec_example");
 * assertEquals(signature.length, 64);
 * ```
 *
 * @param body The body as it will be sent.
 * @param secret The secret.
 * @returns The value of the header `X-Avala-Webhook-Signature`.
 * @throws {InvalidArgumentError} If the body is neither text nor bytes, or the secret is empty.
 */
export async function signWebhook(
  body: string | Uint8Array | ArrayBuffer,
  secret: string,
): Promise<string> {
  checkSecret(secret, "sign");
  const key = await importKey(secret, "sign");
  const signature = await crypto.subtle.sign("HMAC", key, toBytes(body));
  return Array.from(
    new Uint8Array(signature),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}

function checkSecret(secret: unknown, what: "sign" | "verify"): void {
  if (typeof secret === "string" && secret !== "") return;
  throw new InvalidArgumentError(
    `Cannot ${what} the webhook as a secret must be a non-empty string: give the secret that the answer to 'webhooks.create' carried (is an environment variable unset?)`,
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
    signature: headers.get(SIGNATURE_HEADER),
    event: headers.get(EVENT_HEADER),
    delivery: headers.get(DELIVERY_HEADER),
  };
}

function checkUnread({ bodyUsed, body }: Request): void {
  if (!bodyUsed && !body?.locked) return;
  throw new InvalidArgumentError(
    "Cannot verify the webhook as the body of the request was already read: verify first and use the event's payload, or give { body, signature } with the raw bytes",
  );
}

function checkDelivered(received: WebhookDelivered): void {
  if (
    typeof received !== "object" || received === null ||
    !("signature" in received)
  ) {
    throw new InvalidArgumentError(
      `Cannot verify the webhook as it must be a Request or { body, signature }: current value is ${
        show(received)
      }`,
    );
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
  body: string | Uint8Array | ArrayBuffer,
): Uint8Array<ArrayBuffer> {
  if (typeof body === "string") return new TextEncoder().encode(body);
  // a copy: the bytes must not change while they are verified
  if (ArrayBuffer.isView(body)) return new Uint8Array(body);
  if (Object.prototype.toString.call(body) === "[object ArrayBuffer]") {
    return new Uint8Array(body);
  }
  throw new InvalidArgumentError(
    `Cannot read the webhook as 'body' must be the raw body, as bytes or text: current value is ${
      show(body)
    }. Have the framework hand out the body before it is parsed`,
  );
}

async function readBody(
  request: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = request.body?.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (!chunk || chunk.done) break;
    chunks.push(chunk.value);
    size += chunk.value.byteLength;
    if (size <= maxBytes) continue;
    reader?.cancel().catch(() => {});
    throw new WebhookVerificationError(
      `Cannot verify the webhook as its body is longer than ${maxBytes} bytes`,
    );
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
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
