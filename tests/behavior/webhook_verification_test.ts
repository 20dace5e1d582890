import {
  assert,
  assertEquals,
  assertMatch,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import {
  AvalaError,
  InvalidArgumentError,
  WebhookReplayError,
  WebhookVerificationError,
} from "@avala/client/errors";
import {
  type SeenWebhooks,
  signWebhook,
  verifyWebhook,
  type WebhookEvent,
} from "@avala/client/webhooks";
import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { serveHttp } from "../servers/server.ts";
import { test } from "../tools/harness.ts";

const SECRET = "whsec_Schlüssel 1";
const PAYLOAD = {
  uid: "5d0c7f3e-0b34-4f6d-9a51-2f5a6c1f8e10",
  status: "exported",
  download_url: "https://api.avala.ai/exports/5d0c7f3e/download",
  format: "avala-json-external",
  created_at: "2026-05-04T08:15:30.120000Z",
  new_key: { left_alone: ["ü"] },
};
const BODY = JSON.stringify(PAYLOAD);

/** The payload with its names in camelCase. */
const PAYLOAD_MODEL = {
  uid: PAYLOAD.uid,
  status: PAYLOAD.status,
  downloadUrl: PAYLOAD.download_url,
  format: PAYLOAD.format,
  createdAt: PAYLOAD.created_at,
  newKey: PAYLOAD.new_key,
} as WebhookEvent["payload"];

/** The signature by another implementation than the one under test. */
function sign(body: string | Uint8Array, secret = SECRET): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

/** The SHA-256 by another implementation. */
function digest(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

function requestOf(
  body: string,
  headers: { [name: string]: string } = {
    "x-avala-webhook-signature": sign(body),
    "x-avala-webhook-event": "export.completed",
    "x-avala-webhook-delivery": "7c1f2f2e-6a3a-4f0e-8d7e-0a7b4a1f5c11",
  },
): Request {
  const url = "https://receiver.example/hook";
  return new Request(url, { method: "POST", body, headers });
}

test("webhooks: a request becomes an event", async () => {
  const event = await verifyWebhook(requestOf(BODY), SECRET);
  assert(event.type === "export.completed");
  // the type of the payload follows from the type of the event
  const url: string | null = event.payload.downloadUrl;
  assertEquals(url, PAYLOAD.download_url);
  assertEquals(event, {
    type: "export.completed",
    event: "export.completed",
    delivery: "7c1f2f2e-6a3a-4f0e-8d7e-0a7b4a1f5c11",
    payload: PAYLOAD_MODEL,
    raw: PAYLOAD,
  } as WebhookEvent);
  assertEquals(JSON.stringify(event.raw), BODY);
});

test("webhooks: signWebhook signs like another implementation", async () => {
  for (const body of ["", "{}", BODY, "\u0000\ud83d\ude00 \r\n"]) {
    assertEquals(await signWebhook(body, SECRET), sign(body));
    const bytes = new TextEncoder().encode(body);
    assertEquals(await signWebhook(bytes, SECRET), sign(body));
    assertEquals(await signWebhook(bytes.buffer, SECRET), sign(body));
  }
  // a view into a larger buffer signs its own bytes only
  const bytes = new TextEncoder().encode("xx{}yy").subarray(2, 4);
  assertEquals(await signWebhook(bytes, SECRET), sign("{}"));
});

test("webhooks: body, signature and names by themselves", async () => {
  const body = new TextEncoder().encode(BODY);
  const signature = sign(BODY);
  for (const form of [body, body.buffer, BODY]) {
    const event = await verifyWebhook({ body: form, signature }, SECRET);
    assertEquals([event.type, event.event, event.delivery], [
      "unknown",
      null,
      null,
    ]);
    assertEquals(event.payload, PAYLOAD);
  }
  const named = await verifyWebhook({
    body,
    signature: [`sha256=${signature.toUpperCase()}`],
    event: ["export.failed"],
    delivery: "d-1",
  }, SECRET);
  assertEquals([named.type, named.delivery], ["export.failed", "d-1"]);
});

test("webhooks: unknown events and unexpected bodies pass as they are", async () => {
  for (const event of ["autolabel.finished", "__proto__", "toString"]) {
    const signature = sign(BODY);
    const got = await verifyWebhook({ body: BODY, signature, event }, SECRET);
    assertEquals([got.type, got.event], ["unknown", event]);
    assertEquals(got.payload, PAYLOAD);
  }
  for (const body of ["[1]", "null", "7", '"x"']) {
    const got = await verifyWebhook(
      { body, signature: sign(body), event: "task.completed" },
      SECRET,
    );
    assertEquals([got.type, got.event], ["unknown", "task.completed"]);
    assertEquals(got.payload, JSON.parse(body));
  }
});

test("webhooks: one of several secrets is enough, none of them is not", async () => {
  const received = () => requestOf(BODY);
  const event = await verifyWebhook(received(), ["new", SECRET, "newer"]);
  assertEquals(event.type, "export.completed");
  await assertRejects(
    () => verifyWebhook(received(), ["new", "newer"]),
    WebhookVerificationError,
  );
});

test("webhooks: a wrong signature or a changed body is refused", async () => {
  const signature = sign(BODY);
  const wrong: [string, string, string | null | undefined][] = [
    ["missing", BODY, null],
    ["absent", BODY, undefined],
    ["empty", BODY, ""],
    ["no hex", BODY, "z".repeat(64)],
    ["short", BODY, signature.slice(2)],
    ["odd", BODY, signature.slice(1)],
    ["long", BODY, `${signature}00`],
    ["two", BODY, `${signature}, ${signature}`],
    ["another prefix", BODY, `sha1=${signature}`],
    ["first digit", BODY, flip(signature, 0)],
    ["last digit", BODY, flip(signature, 63)],
    ["tampered", BODY.replace("exported", "exporteD"), signature],
    ["truncated", BODY.slice(0, -1), signature],
    ["appended", `${BODY}\n`, signature],
    ["written again", JSON.stringify(JSON.parse(BODY), null, 1), signature],
    [
      "re-encoded",
      BODY.replace("ü", "\\u00fc"),
      signature,
    ],
    ["empty body", "", signature],
    ["another secret", BODY, sign(BODY, "whsec_other")],
  ];
  for (const [name, body, given] of wrong) {
    for (const form of [body, new TextEncoder().encode(body)]) {
      const error = await verifyWebhook(
        { body: form, signature: given },
        SECRET,
      )
        .then(() => undefined, (error) => error);
      assert(error instanceof WebhookVerificationError, name);
      assert(error instanceof AvalaError, name);
      assertEquals(error.name, "WebhookVerificationError");
      assert(!error.message.includes(SECRET), name);
      assert(!error.message.includes(signature), name);
    }
    const headers = given ? { "x-avala-webhook-signature": given } : undefined;
    await assertRejects(
      () => verifyWebhook(requestOf(body, headers ?? {}), SECRET),
      WebhookVerificationError,
    );
  }
  const latin = Uint8Array.from(BODY, (letter) => letter.charCodeAt(0));
  await assertRejects(
    () => verifyWebhook({ body: latin, signature }, SECRET),
    WebhookVerificationError,
  );
});

function flip(hex: string, index: number): string {
  const digit = hex[index] === "0" ? "1" : "0";
  return hex.slice(0, index) + digit + hex.slice(index + 1);
}

test("webhooks: a signed body that is no JSON is refused", async () => {
  const invalid = Uint8Array.of(0x22, 0xff, 0x22);
  for (const body of ["", "{", invalid]) {
    await assertRejects(
      () => verifyWebhook({ body, signature: sign(body) }, SECRET),
      WebhookVerificationError,
      "no JSON",
    );
  }
});

test("webhooks: a body longer than the limit is not held in memory", async () => {
  const signature = sign(BODY);
  const headers = { "x-avala-webhook-signature": signature };
  const length = new TextEncoder().encode(BODY).length;
  await verifyWebhook(requestOf(BODY, headers), SECRET, { maxBytes: length });
  await assertRejects(
    () =>
      verifyWebhook(requestOf(BODY, headers), SECRET, { maxBytes: length - 1 }),
    WebhookVerificationError,
    "longer than",
  );
  let pulled = 0;
  let canceled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(65_536));
    },
    cancel() {
      canceled = true;
    },
  });
  const init = { method: "POST", body: endless, headers, duplex: "half" };
  await assertRejects(
    () =>
      verifyWebhook(
        new Request("https://receiver.example/", init as RequestInit),
        SECRET,
      ),
    WebhookVerificationError,
    "longer than 10485760 bytes",
  );
  assert(canceled);
  assert(pulled < 200);
});

test("webhooks: a body in one-byte chunks is copied, not held in views", async () => {
  const bytes = new TextEncoder().encode(BODY);
  // a runtime may reuse the buffer behind its chunks
  const buffer = new Uint8Array(65_536);
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (next === bytes.length) return controller.close();
      buffer[0] = bytes[next++] ?? 0;
      controller.enqueue(buffer.subarray(0, 1));
    },
  }, { highWaterMark: 0 });
  const headers = new Headers({ "x-avala-webhook-signature": sign(BODY) });
  // frameworks have request classes of their own
  const received = { headers, body, bodyUsed: false } as unknown as Request;
  assertEquals((await verifyWebhook(received, SECRET)).raw, PAYLOAD);
});

test("webhooks: what was seen before is a replay", async () => {
  const seen = new Set<string>();
  const verify = (body: string, event: string, secret = SECRET) =>
    verifyWebhook(
      { body, signature: sign(body, secret), event, delivery: event },
      [SECRET, "whsec_next"],
      { seen },
    );
  assertEquals((await verify(BODY, "export.completed")).payload, PAYLOAD_MODEL);
  // neither another name nor another secret makes a new delivery of it
  for (const secret of [SECRET, "whsec_next"]) {
    const error = await assertRejects(
      () => verify(BODY, "export.failed", secret),
      WebhookReplayError,
      "was verified before",
    );
    assert(error instanceof WebhookVerificationError);
    assertEquals(error.name, "WebhookReplayError");
  }
  assertEquals((await verify("{}", "quality.alert")).raw, {});
  // what is remembered is no signature that could be used
  assertEquals([...seen], [digest(BODY), digest("{}")]);
  // what is refused for another reason is not remembered
  await assertRejects(() => verify("[", "x"), WebhookVerificationError, "JSON");
  await assertRejects(() => verify("[1]", "x", "whsec_other"));
  assertEquals(seen.size, 2);
});

test("webhooks: of two at once, one is the replay", async () => {
  const received = { body: BODY, signature: sign(BODY) };
  const outcomes = async (seen: SeenWebhooks) => {
    const calls = Array.from(
      { length: 5 },
      () => verifyWebhook(received, SECRET, { seen }),
    );
    const results = await Promise.allSettled(calls);
    return results.map(({ status }) => status).sort();
  };
  const expected = ["fulfilled", ...Array(4).fill("rejected")];
  assertEquals(await outcomes(new Set()), expected);
  // a store that processes share, such as a database
  const keys = new Set<string>();
  assertEquals(
    await outcomes({
      has: (key) => Promise.resolve(keys.has(key)),
      add: (key) => Promise.resolve(!keys.has(key) && keys.add(key) && true),
    }),
    expected,
  );
  assertEquals([...keys], [digest(BODY)]);
});

test("webhooks: a store that fails lets nothing through", async () => {
  const received = { body: BODY, signature: sign(BODY) };
  const broken = new Error("the database is down");
  for (
    const seen of [
      { has: () => Promise.reject(broken), add: () => true },
      { has: () => false, add: () => Promise.reject(broken) },
    ]
  ) {
    const error = await assertRejects(() =>
      verifyWebhook(received, SECRET, { seen })
    );
    assertStrictEquals(error, broken);
  }
});

test("webhooks: misuse is an argument error that tells the way out", async () => {
  const read = requestOf(BODY);
  await read.text();
  const locked = requestOf(BODY);
  const reader = locked.body?.getReader();
  const parsed = { body: PAYLOAD, signature: sign(BODY) };
  const misuses: [() => Promise<unknown>, string][] = [
    [() => verifyWebhook(read, SECRET), "verify first"],
    [() => verifyWebhook(locked, SECRET), "verify first"],
    [
      () => verifyWebhook(parsed as unknown as Request, SECRET),
      "before it is parsed",
    ],
    [
      () => verifyWebhook({ headers: {} } as unknown as Request, SECRET),
      "{ body, signature }",
    ],
    [
      () => verifyWebhook(null as unknown as Request, SECRET),
      "{ body, signature }",
    ],
    [() => verifyWebhook(requestOf(BODY), ""), "environment variable"],
    [() => verifyWebhook(requestOf(BODY), [SECRET, ""]), "non-empty string"],
    [() => verifyWebhook(requestOf(BODY), []), "non-empty string"],
    [
      () => verifyWebhook(requestOf(BODY), undefined as unknown as string),
      "environment variable",
    ],
    [
      () => verifyWebhook(requestOf(BODY), SECRET, { maxBytes: NaN }),
      "Cannot call verifyWebhook as 'maxBytes' must be a number above 0: current value is NaN",
    ],
    [
      () => verifyWebhook(requestOf(BODY), SECRET, { maxByte: 1 } as object),
      "Cannot call verifyWebhook as it has no option 'maxByte': known are maxBytes, seen",
    ],
    [
      () => verifyWebhook(requestOf(BODY), SECRET, { seen: [] } as object),
      "Cannot call verifyWebhook as 'seen' must be a store with the methods 'has' and 'add', such as a Set: current value is an empty array",
    ],
    [() => signWebhook(BODY, ""), "non-empty string"],
    [
      () => signWebhook(PAYLOAD as unknown as string, SECRET),
      "bytes or text",
    ],
  ];
  for (const [misuse, text] of misuses) {
    const error = await assertRejects(misuse, InvalidArgumentError);
    assertStringIncludes(error.message, text);
    assertMatch(error.message, /^Cannot call (verify|sign)Webhook as /);
  }
  await reader?.cancel();
});

test("webhooks: the bytes can't change while they are verified", async () => {
  const body = new TextEncoder().encode(BODY);
  const pending = verifyWebhook({ body, signature: sign(BODY) }, SECRET);
  body.fill(32);
  const { raw } = await pending;
  assertEquals(raw, PAYLOAD);
  assertNotStrictEquals(raw, PAYLOAD);
});

/** The receiver of a framework such as Hono, whose context holds the request. */
async function honoStyle(context: {
  req: { raw: Request };
  json(value: unknown, status?: number): Response;
}): Promise<Response> {
  try {
    const event = await verifyWebhook(context.req.raw, SECRET);
    return context.json({ got: event.type });
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    return context.json({ refused: true }, 400);
  }
}

test("webhooks: a receiver in the style of Hono", async () => {
  const json = (value: unknown, status = 200) =>
    Response.json(value, { status });
  const send = (raw: Request) => honoStyle({ req: { raw }, json });
  const good = await send(requestOf(BODY));
  assertEquals([good.status, await good.json()], [200, {
    got: "export.completed",
  }]);
  const headers = { "x-avala-webhook-signature": sign(`${BODY} `) };
  const bad = await send(requestOf(BODY, headers));
  assertEquals([bad.status, await bad.json()], [400, { refused: true }]);
});

/** The receiver on `node:http`. */
async function onNodeHttp(request: IncomingMessage): Promise<number> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = await new Blob(chunks).arrayBuffer();
  try {
    await verifyWebhook({
      body,
      signature: request.headers["x-avala-webhook-signature"],
      event: request.headers["x-avala-webhook-event"],
      delivery: request.headers["x-avala-webhook-delivery"],
    }, SECRET);
    return 204;
  } catch (error) {
    return error instanceof WebhookVerificationError ? 400 : 500;
  }
}

test("webhooks: a receiver on node:http", async () => {
  await using server = await serveHttp(async (request, response) => {
    response.writeHead(await onNodeHttp(request)).end();
  });
  const send = async (signature: string) => {
    const response = await fetch(`${server.origin}/`, {
      method: "POST",
      body: BODY,
      headers: { "X-Avala-Webhook-Signature": signature },
    });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await send(sign(BODY)), 204);
  assertEquals(await send(sign("{}")), 400);
});
