import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncClient, type HookRequest, signup } from "@avala/client";
import {
  AuthenticationError,
  AvalaError,
  InvalidArgumentError,
  InvalidResponseError,
  QuotaExceededError,
  ValidationError,
} from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { downloadFile } from "@avala/client/downloads";
import { Transport } from "@avala/client/transport";
import { inspect } from "node:util";
import { test } from "../tools/harness.ts";

const apiKey = "avk_very_secret_key_1";

/** A transport whose answers are made by the test; the wire is not the point. */
function answering(
  answer: (request: Request) => Response | Promise<Response>,
  options: object = {},
): Transport {
  const fetch = (input: RequestInfo | URL, init?: RequestInit) =>
    Promise.resolve(answer(new Request(input, init)));
  return new Transport({ apiKey, fetch, maxRetries: 0, ...options });
}

test("headers: the credential can't be replaced", async () => {
  const seen: Headers[] = [];
  const keep = (request: Request) => {
    seen.push(request.headers);
    return new Response("{}");
  };
  const headers = {
    "x-avala-api-key": "other",
    Authorization: "other",
    "X-Mine": "1",
  };
  const transport = answering(keep, { headers, clientName: "robot_1" });
  await transport.request("GET", "/x/", { headers });
  await transport.request("POST", "/x/", { body: {} });
  const token = answering(keep, {
    apiKey: undefined,
    accessToken: () => Promise.resolve("abc.def"),
  });
  await token.request("GET", "/x/");
  const names = [
    "x-avala-api-key",
    "authorization",
    "x-mine",
    "x-avala-client",
    "content-type",
  ];
  assertEquals(seen.map((headers) => names.map((name) => headers.get(name))), [
    [apiKey, null, "1", "robot_1", null],
    [apiKey, null, "1", "robot_1", "application/json"],
    [null, "Bearer abc.def", null, null, null],
  ]);
});

test("errors say what the server said", async () => {
  const cases: [number, unknown, string, object][] = [
    [
      400,
      { name: ["Required."], events: { 0: { label: ["Too long."] } } },
      "name: Required.; events.0.label: Too long.",
      { name: ["Required."], "events.0.label": ["Too long."] },
    ],
    [400, { detail: { slug: ["Taken."] } }, "slug: Taken.", {
      slug: ["Taken."],
    }],
    [
      422,
      [{ loc: ["body", "a"], msg: "Not a number" }],
      "body.a: Not a number",
      { "body.a": ["Not a number"] },
    ],
    [
      422,
      { detail: [{ loc: ["body", "a"], msg: "Not a number" }] },
      "body.a: Not a number",
      { "body.a": ["Not a number"] },
    ],
    [400, ["Not acceptable."], "Not acceptable.", {}],
    [
      400,
      { error: { code: "c", message: "No such thing" } },
      "No such thing",
      {},
    ],
    [400, null, "responded with 400", {}],
    [400, 7, "responded with 400", {}],
  ];
  for (const [status, body, message, fieldErrors] of cases) {
    const transport = answering(() =>
      new Response(JSON.stringify(body), { status })
    );
    const error = await transport.request("GET", "/x/").catch((error) => error);
    assert(error instanceof ValidationError);
    assert(error.message.endsWith(message), error.message);
    assertEquals(error.fieldErrors, fieldErrors);
  }
  const quota = answering(() =>
    new Response('{"detail":"Full.","limit":5,"used":4}', { status: 413 })
  );
  const error = await quota.request("GET", "/x/").catch((error) => error);
  assert(error instanceof QuotaExceededError);
  assertEquals([error.limit, error.used], [5, 4]);
});

test("errors about a secret field say what is wrong, and never the value", async () => {
  const emulator = new AvalaEmulator();
  const password = "short-1";
  emulator.fault({
    path: "/signup/",
    status: 400,
    body: { password: [`'${password}' is too short.`, "Use 8 characters."] },
  });
  const error = await assertRejects(
    () =>
      signup({ email: "a@example.com", password }, { fetch: emulator.fetch }),
    ValidationError,
  );
  assertEquals(error.fieldErrors, {
    password: ["'[redacted]' is too short.", "Use 8 characters."],
  });
  assert(!`${error.stack}${JSON.stringify(error)}`.includes(password));
});

test("a huge error body is cut", async () => {
  let pulled = 0;
  const body = new ReadableStream({
    pull(controller) {
      pulled++;
      controller.enqueue(new TextEncoder().encode("x".repeat(65_536)));
    },
  });
  const transport = answering(() => new Response(body, { status: 500 }));
  const error = await transport.request("GET", "/x/").catch((error) => error);
  assert(error instanceof AvalaError);
  assertEquals(String(error.body).length, 1_000);
  assert(pulled < 5, `${pulled} chunks were read`);
});

test("secrets reach no message, body, cause, hook or inspection", async () => {
  const shown: unknown[] = [];
  const hooks = Object.fromEntries(
    ["onRequest", "onResponse", "onRetry", "onError"].map((
      name,
    ) => [name, (event: unknown) => {
      shown.push(event);
      throw new Error("a hook only watches");
    }]),
  );
  const echo = (request: Request) =>
    new Response(
      JSON.stringify({
        detail: `No ${request.headers.get("x-avala-api-key")}`,
        secret: "s3cr3t-of-mine",
        list: ["hunter22", "eyJhbGciOi.eyJzdWIi.abc"],
      }),
      {
        status: 401,
        headers: { "x-request-id": `r-${apiKey}`, "set-cookie": "a=hunter22" },
      },
    );
  const transport = answering(echo, { hooks });
  const call = transport.request("POST", `/x-${apiKey}/`, {
    body: { password: "hunter22" },
  });
  const error = await call.catch((error) => error);
  assert(error instanceof AuthenticationError);
  const failing = new Transport({
    apiKey,
    hooks,
    maxRetries: 1,
    fetch: () =>
      Promise.reject(
        new TypeError(`failed with ${apiKey}`, {
          cause: { code: "E", key: apiKey },
        }),
      ),
  });
  const broken = await failing.request("GET", "/x/").catch((error) => error);
  const client = new AsyncClient({ apiKey });
  const everything = [
    error,
    broken,
    transport,
    client,
    client.datasets,
    ...shown,
  ];
  const text = everything.map((value) =>
    `${inspect(value, { depth: 9 })}${JSON.stringify(value)}${value}${
      (value as Error).stack
    }`
  ).join("\n");
  for (
    const secret of [
      apiKey,
      "hunter22",
      "s3cr3t-of-mine",
      "eyJhbGciOi.eyJzdWIi",
    ]
  ) {
    assert(
      !text.includes(secret),
      text.slice(text.indexOf(secret) - 200, text.indexOf(secret) + 40),
    );
  }
  assertEquals(
    (shown[0] as HookRequest).headers["x-avala-api-key"],
    "[redacted]",
  );
  assertEquals(shown.length, 3 + 4);
});

test("pages: links by page number, and links that lead nowhere or back", async () => {
  const pages: { [query: string]: string | null } = {
    "limit=1": "https://evil.example/?page=2",
    "limit=1&page=2": "/api/v1/tasks/?cursor=c1%3D",
    "limit=1&cursor=c1%3D": "/api/v1/tasks/?cursor=c1%3D",
    "limit=1&page=2&cursor=c1%3D": "/api/v1/tasks/?page=2&cursor=c1%3D",
    "status=lost": "https://api.avala.ai/api/v1/tasks/?offset=100",
  };
  const client = new AsyncClient({
    apiKey,
    fetch: (input) => {
      const url = new URL(String(input));
      assertEquals(url.host, "api.avala.ai");
      const next = pages[url.search.slice(1)];
      return Promise.resolve(
        new Response(JSON.stringify({ next, results: [{ uid: url.search }] })),
      );
    },
  });
  for (const options of [{ limit: 1 }, { status: "lost" }]) {
    const uids: string[] = [];
    const walk = async () => {
      for await (const { uid } of client.tasks.list(options)) uids.push(uid);
    };
    await assertRejects(walk, InvalidResponseError, "to the end of the list");
    assertEquals(uids.length, options.limit ? 3 : 1);
  }
});

test("pages: links that go in a circle end in an error", async () => {
  // pages that are read once, then pages of the circle
  for (const [before, circle] of [[0, 2], [1, 2], [3, 3], [5, 7], [20, 1]]) {
    let page = 0;
    const client = new AsyncClient({
      apiKey,
      fetch: () => {
        page++;
        const cursor = page <= before! ? page : before! + page % circle!;
        const next = `/api/v1/tasks/?cursor=c${cursor}`;
        return Promise.resolve(
          new Response(JSON.stringify({ next, results: [{ uid: "t" }] })),
        );
      },
    });
    const walk = async () => {
      for await (const { uid } of client.tasks.list()) assertEquals(uid, "t");
    };
    await assertRejects(walk, InvalidResponseError, "read before");
    assert(page <= 4 * (before! + circle!) + 2, `${page} pages were read`);
  }
});

test("downloads: the key stays with the API, strange hosts are refused", async () => {
  const seen: [string, string | null][] = [];
  const transport = answering((request) => {
    seen.push([
      new URL(request.url).host,
      request.headers.get("x-avala-api-key"),
    ]);
    return new Response("file");
  });
  for (
    const url of [
      "https://api.avala.ai/exports/1/download",
      "https://b.s3.eu-north-1.amazonaws.com/f?X-Amz-Signature=1",
    ]
  ) {
    assertEquals(await (await downloadFile(transport, url)).text(), "file");
  }
  assertEquals(seen, [["api.avala.ai", apiKey], [
    "b.s3.eu-north-1.amazonaws.com",
    null,
  ]]);
  for (
    const url of [
      "http://storage.avala.ai/f",
      "https://evil.example/f",
      "https://u:p@storage.avala.ai/f",
      "https://evil.amazonaws.com/f",
      "file:///etc/passwd",
      "nothing",
    ]
  ) {
    await assertRejects(
      () => downloadFile(transport, url),
      InvalidArgumentError,
    );
  }
  assertEquals(seen.length, 2);
});

test("a failed connection names host and code", async () => {
  const transport = new Transport({
    apiKey,
    baseUrl: "http://127.0.0.1:1/api",
    allowInsecureBaseUrl: true,
    maxRetries: 0,
  });
  const error: AvalaError = await assertRejects(
    () => transport.request("GET", "/x/"),
    AvalaError,
  );
  assert(error.message.includes("127.0.0.1:1"), error.message);
  assert(error.cause instanceof Error);
});
