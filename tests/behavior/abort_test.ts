import { assert, assertEquals } from "@std/assert";
import { AsyncClient } from "@avala/client";
import { ClientClosedError } from "@avala/client/errors";
import { type Fetch, Transport } from "@avala/client/transport";
import { type FileServer, testFile } from "../servers/file_server.ts";
import { test } from "../tools/harness.ts";

const apiKey = "avk_test_key_1";
/** More than any call needs from the headers to its caller. */
const MICROTASKS = 40;

/** Acts so many microtasks later. */
async function after(microtasks: number, act: () => void): Promise<void> {
  for (let i = 0; i < microtasks; i++) await undefined;
  act();
}

/** A `fetch` that acts so many microtasks after the headers of each response. */
function actingAfterHeaders(
  fetch: Fetch,
  microtasks: number,
  act: () => void,
): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    after(microtasks, act);
    return response;
  };
}

async function gone(server: FileServer): Promise<void> {
  for (let wait = 0; server.connections() > 0 && wait < 200; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assertEquals(server.connections(), 0);
}

/** One that knows nothing of signals leaves the end of a response to the client. */
const FETCHES: { [kind: string]: Fetch } = {
  fetch: (url, init) => globalThis.fetch(url, init),
  "a deaf fetch": (url, init) =>
    globalThis.fetch(url, { ...init, signal: null }),
};

for (const how of ["signal", "close"] as const) {
  for (const [kind, fetch] of Object.entries(FETCHES)) {
    testFile(
      `a download by ${kind} ends, by ${how} in any microtask after its headers`,
      Array.from({ length: MICROTASKS }, () => ({ stallAfter: 3_000 })),
      async (server) => {
        for (let count = 0; count < MICROTASKS; count++) {
          const controller = new AbortController();
          const reason = new Error("enough");
          const client: AsyncClient = new AsyncClient({
            apiKey,
            baseUrl: "http://localhost:9/api/v1",
            allowInsecureBaseUrl: true,
            fetch: actingAfterHeaders(
              fetch,
              count,
              () => how === "close" ? client.close() : controller.abort(reason),
            ),
          });
          const { signal } = controller;
          // another file each time, as a browser keeps what it has of one
          const url = `${server.origin}/f?${count}`;
          const ended = await client.download(url, {}, { signal }).then((
            download,
          ) => download.bytes()).catch((error) => error);
          if (how === "signal") assert(ended === reason, `${count}: ${ended}`);
          else assert(ended instanceof ClientClosedError, `${count}: ${ended}`);
          client.close();
        }
        assertEquals(server.seen.length, MICROTASKS);
        await gone(server);
      },
    );
  }

  for (const shape of ["object", "nothing"] as const) {
    for (const status of [200, 404]) {
      test(`a call (${shape}, ${status}) ends, by ${how} in any microtask after its headers`, async () => {
        const ended = new Set<number>();
        for (let count = 0; count < MICROTASKS; count++) {
          const controller = new AbortController();
          const reason = new Error("enough");
          const transport: Transport = new Transport({
            apiKey,
            fetch: actingAfterHeaders(
              (_, init) =>
                Promise.resolve(endless(status, init, () => ended.add(count))),
              count,
              () =>
                how === "close" ? transport.close() : controller.abort(reason),
            ),
          });
          const path = { name: "test", template: "/x/", params: {} };
          const result = await transport.send({ method: "GET", path }, shape, {
            signal: controller.signal,
          }).catch((error) => error);
          // a success that says nothing more was over before the abort
          if (result === null) assertEquals([shape, status], ["nothing", 200]);
          else if (how === "signal") assert(result === reason, `${result}`);
          else assert(result instanceof ClientClosedError, `${result}`);
          transport.close();
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
        assertEquals(ended.size, MICROTASKS);
      });
    }
  }
}

/** A response whose body ends by being canceled, or when its request is aborted. */
function endless(
  status: number,
  { signal }: RequestInit,
  ended: () => void,
): Response {
  const body = new ReadableStream({
    start(controller) {
      // what is no JSON is read to its end by nobody
      if (status !== 200) return;
      signal?.addEventListener("abort", () => {
        ended();
        controller.error(signal.reason);
      });
    },
    cancel: ended,
  });
  return new Response(body, { status });
}
