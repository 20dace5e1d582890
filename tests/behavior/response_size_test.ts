import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncClient, type ClientOptions } from "@avala/client";
import {
  ConfigurationError,
  InvalidArgumentError,
  InvalidResponseError,
  ServerError,
} from "@avala/client/errors";
import { serveHttp, type TestServer } from "../servers/server.ts";
import { test } from "../tools/harness.ts";

const apiKey = "avk_test_key_1";
const LIMIT = 100_000;

/** JSON of as many bytes. */
function json(bytes: number): string {
  return JSON.stringify({ uid: "x".repeat(bytes - 10) });
}

async function gzipped(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** How a body is sent. */
interface Sending {
  /** Whether it is compressed. */
  gzip?: boolean;
  /** Whether its length is announced. */
  chunked?: boolean;
  /** HTTP status. */
  status?: number;
}

/** A server of one body, and how often it was asked for. */
async function serve(
  body: string,
  { gzip, chunked, status = 200 }: Sending,
): Promise<TestServer & { seen: number }> {
  const bytes = gzip ? await gzipped(body) : new TextEncoder().encode(body);
  const server = await serveHttp((_, response) => {
    result.seen++;
    response.writeHead(status, {
      "content-type": "application/json",
      ...(gzip && { "content-encoding": "gzip" }),
      ...(!chunked && { "content-length": String(bytes.length) }),
    });
    if (chunked) response.write(bytes.subarray(0, 50));
    response.end(chunked ? bytes.subarray(50) : bytes);
  });
  const result = { ...server, seen: 0 };
  return result;
}

function connect(
  { origin }: TestServer,
  options: ClientOptions = {},
): AsyncClient {
  return new AsyncClient({
    apiKey,
    baseUrl: `${origin}/api/v1`,
    allowInsecureBaseUrl: true,
    ...options,
  });
}

const SENDINGS: { [name: string]: Sending } = {
  "plain": {},
  "plain, without a length": { chunked: true },
  "compressed": { gzip: true },
  "compressed, without a length": { gzip: true, chunked: true },
};

for (const [name, sending] of Object.entries(SENDINGS)) {
  test(`a body above the limit is refused, once: ${name}`, async () => {
    await using server = await serve(json(LIMIT + 1), sending);
    const client = connect(server);
    const small = connect(server, { maxResponseBytes: LIMIT });
    const calls = [
      () => small.datasets.get("x"),
      () => client.datasets.get("x", { maxResponseBytes: LIMIT }),
      () => small.request("GET", "/x/"),
    ];
    for (const call of calls) {
      server.seen = 0;
      const error = await assertRejects(call, InvalidResponseError);
      assertEquals(
        error.message.replace(/\/(datasets\/)?x\//, "…"),
        `Cannot GET … as the server responded with more than the ${LIMIT} bytes that 'maxResponseBytes' allows`,
      );
      assertEquals([error.statusCode, error.attempts, server.seen], [
        200,
        1,
        1,
      ]);
    }
    // no byte less than allowed
    const options = { maxResponseBytes: LIMIT + 1 };
    const { uid } = await small.datasets.get("x", options);
    assertEquals(uid.length, LIMIT - 9);
    client.close();
    small.close();
  });
}

for (const gzip of [true, false]) {
  const what = gzip ? "a bomb" : "a huge body";
  test(`${what} is given up where the limit is, not where it ends`, async () => {
    // a runtime may unpack a few buffers more than it is asked for
    const size = 8 * 2 ** 20;
    await using server = await serve(json(size), { gzip });
    let pulled = 0;
    const counting = () =>
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          pulled += chunk.byteLength;
          controller.enqueue(chunk);
        },
      });
    const client = connect(server, {
      maxResponseBytes: LIMIT,
      fetch: async (url, init) => {
        const response = await globalThis.fetch(url, init);
        const { status, headers } = response;
        const body = response.body?.pipeThrough(counting()) ?? null;
        return new Response(body, { status, headers });
      },
    });
    await assertRejects(() => client.datasets.get("x"), InvalidResponseError);
    assert(pulled < size / 2, `${pulled} bytes were unpacked`);
    client.close();
  });
}

test("a refusal of any size is its own error", async () => {
  await using server = await serve(json(LIMIT), { gzip: true, status: 500 });
  const client = connect(server, { maxResponseBytes: 10, maxRetries: 0 });
  const error = await assertRejects(
    () => client.datasets.get("x"),
    ServerError,
  );
  assertEquals(String(error.body).length, 1_000);
  client.close();
});

test("a fetch that hides the length or lies about it is not believed", async () => {
  const body = json(LIMIT + 1);
  const length = String(body.length);
  const bodies: { [name: string]: () => unknown } = {
    "a length that is too small": () =>
      new Response(body, { headers: { "content-length": "10" } }),
    "no length": () => new Response(body),
    "no stream": () => ({
      ok: true,
      status: 200,
      headers: new Headers({ "content-length": "10" }),
      text: () => Promise.resolve(body),
    }),
    "no number": () =>
      new Response(body, { headers: { "content-length": `${length}, 10` } }),
    "a number below 0": () =>
      new Response(body, { headers: { "content-length": "-1" } }),
    "JSON alone": () => ({
      ok: true,
      status: 200,
      headers: new Headers(),
      json: () => Promise.resolve(JSON.parse(body)),
    }),
  };
  for (const [name, make] of Object.entries(bodies)) {
    let sent = 0;
    const client = new AsyncClient({
      apiKey,
      maxResponseBytes: LIMIT,
      fetch: () => {
        sent++;
        return Promise.resolve(make() as Response);
      },
    });
    await assertRejects(
      () => client.datasets.get("x"),
      InvalidResponseError,
      "maxResponseBytes",
      name,
    );
    assertEquals(sent, 1, name);
  }
});

test("'maxResponseBytes' is checked", async () => {
  for (const wrong of [0, -1, 1.5, NaN, Infinity, "1", null]) {
    const maxResponseBytes = wrong as number;
    const create = () =>
      Promise.resolve().then(() =>
        new AsyncClient({ apiKey, maxResponseBytes })
      );
    if (wrong !== null) {
      await assertRejects(create, ConfigurationError, "'maxResponseBytes'");
    }
    const client = new AsyncClient({
      apiKey,
      fetch: () => Promise.reject(new Error("nothing may be sent")),
    });
    await assertRejects(
      () => client.datasets.get("x", { maxResponseBytes }),
      InvalidArgumentError,
      "'maxResponseBytes'",
    );
  }
});
