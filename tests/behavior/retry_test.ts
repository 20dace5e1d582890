import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AvalaError,
  ClientClosedError,
  ServerError,
} from "@avala/client/errors";
import { type Method, Transport } from "@avala/client/transport";
import { type Misbehavior, startFaultServer } from "../servers/fault_server.ts";
import { test } from "../tools/harness.ts";

const KEY = "0b1c7a52-6f0e-4b53-9d1c-3f4f0a2b7c11";

/** What happens, the error it ends in, and whether it is sent again. */
const TABLE: [
  string,
  Misbehavior,
  string,
  { repeatable: boolean; create: boolean },
][] = [
  ["reset", { cut: "before" }, "ConnectionError", {
    repeatable: true,
    create: false,
  }],
  ["truncated", { cut: "body", body: '{"a":1}' }, "ConnectionError", {
    repeatable: true,
    create: false,
  }],
  ["hang", { hang: "before" }, "TimeoutError", {
    repeatable: true,
    create: false,
  }],
  ["hanging body", { hang: "body", body: '{"a":1}' }, "TimeoutError", {
    repeatable: true,
    create: false,
  }],
  ["408", { status: 408 }, "AvalaError", { repeatable: true, create: false }],
  ["429", { status: 429 }, "RateLimitError", {
    repeatable: true,
    create: true,
  }],
  ["500", { status: 500 }, "ServerError", { repeatable: true, create: false }],
  ["502 HTML", { status: 502, body: "<html>bad</html>" }, "ServerError", {
    repeatable: true,
    create: false,
  }],
  ["503", { status: 503 }, "ServerError", { repeatable: true, create: true }],
  [
    "503, Retry-After: 1",
    { status: 503, headers: { "retry-after": "1" } },
    "ServerError",
    { repeatable: true, create: true },
  ],
  [
    "503, a past date",
    {
      status: 503,
      headers: { "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" },
    },
    "ServerError",
    { repeatable: true, create: true },
  ],
  [
    "429, Retry-After: 120",
    { status: 429, headers: { "retry-after": "120" } },
    "RateLimitError",
    { repeatable: false, create: false },
  ],
  ["504", { status: 504 }, "ServerError", { repeatable: true, create: false }],
  ["400", { status: 400 }, "ValidationError", {
    repeatable: false,
    create: false,
  }],
  ["401", { status: 401 }, "AuthenticationError", {
    repeatable: false,
    create: false,
  }],
  ["403", { status: 403 }, "ForbiddenError", {
    repeatable: false,
    create: false,
  }],
  ["404", { status: 404 }, "NotFoundError", {
    repeatable: false,
    create: false,
  }],
  ["409", { status: 409 }, "ConflictError", {
    repeatable: false,
    create: false,
  }],
  ["422", { status: 422 }, "ValidationError", {
    repeatable: false,
    create: false,
  }],
  ["501", { status: 501 }, "ServerError", { repeatable: false, create: false }],
  [
    "302",
    { status: 302, headers: { location: "http://127.0.0.1:1/" } },
    "InvalidResponseError",
    { repeatable: false, create: false },
  ],
  ["broken JSON", { body: '{"a":' }, "InvalidResponseError", {
    repeatable: false,
    create: false,
  }],
  ["HTML as success", { body: "<html></html>" }, "InvalidResponseError", {
    repeatable: false,
    create: false,
  }],
];

const CALLS: [
  string,
  Method,
  { idempotent?: boolean; idempotencyKey?: string },
  boolean,
][] = [
  ["GET", "GET", {}, true],
  ["PUT", "PUT", {}, true],
  ["PATCH", "PATCH", {}, true],
  ["DELETE", "DELETE", {}, true],
  ["POST", "POST", {}, false],
  ["POST idempotent", "POST", { idempotent: true }, true],
  ["POST with a key", "POST", { idempotencyKey: KEY }, true],
];

for (const [name, method, options, repeatable] of CALLS) {
  test(`${name}: attempts and errors`, async () => {
    await Promise.all(TABLE.map(async ([what, misbehavior, error, again]) => {
      const expected = (repeatable ? again.repeatable : again.create) ? 2 : 1;
      await using server = await startFaultServer([
        misbehavior,
        misbehavior,
        misbehavior,
      ]);
      const { baseUrl, seen } = server;
      const transport = connect(baseUrl, 1);
      const body = method === "GET" || method === "DELETE" ? undefined : {};
      const caught: AvalaError = await assertRejects(
        () =>
          transport.request(method, "/x/", {
            body,
            // only what hangs is to be stopped, also on a busy machine
            timeout: misbehavior.hang ? 1_000 : 10_000,
            ...options,
          }),
        AvalaError,
      );
      const outcome =
        `${what}: ${caught.name}, ${caught.attempts}, ${seen.length}`;
      assertEquals(outcome, `${what}: ${error}, ${expected}, ${expected}`);
      assert(!caught.message.includes("<"), caught.message);
      const keys = new Set(
        seen.map(({ headers }) => headers["idempotency-key"]),
      );
      assertEquals([...keys], [options.idempotencyKey]);
    }));
  });
}

test("a request recovers after failures", async () => {
  const script = [{ status: 503 }, { cut: "before" as const }, {
    body: '{"a_b":1}',
  }];
  await using server = await startFaultServer(script);
  const { baseUrl, seen } = server;
  const transport = connect(baseUrl, 2);
  assertEquals(await transport.request("GET", "/x/"), { a_b: 1 });
  assertEquals(seen.length, 3);
});

test("Retry-After is waited out", async () => {
  const script = [{ status: 429, headers: { "retry-after": "1" } }];
  await using server = await startFaultServer(script);
  const { baseUrl } = server;
  const transport = connect(baseUrl, 1);
  const start = performance.now();
  await transport.request("GET", "/x/");
  assert(performance.now() - start >= 990);
});

test("Retry-After as a date is read by the server's clock", async () => {
  let sent = 0;
  const date = (seconds: number) =>
    new Date(Date.now() + seconds * 1_000).toUTCString();
  const transport = new Transport({
    apiKey: "avk_test_key_1",
    fetch: () => {
      // by our clock, the server asks to wait for an hour
      const headers = { date: date(3_600), "retry-after": date(3_601) };
      const status = ++sent === 1 ? 503 : 200;
      return Promise.resolve(new Response("{}", { status, headers }));
    },
  });
  await transport.request("GET", "/x/");
  assertEquals(sent, 2);
});

test("a token that can't be had is no attempt", async () => {
  const outcomes: [() => Promise<string>, string][] = [
    [() => Promise.reject(new Error("no token")), "ConfigurationError"],
    [() => Promise.resolve("not a token"), "ConfigurationError"],
    [() => new Promise(() => {}), "TimeoutError"],
  ];
  for (const [accessToken, name] of outcomes) {
    const transport = new Transport({
      accessToken,
      timeout: 50,
      maxRetries: 1,
      fetch: () => Promise.reject(new Error("nothing may be sent")),
    });
    const error: AvalaError = await assertRejects(
      () => transport.request("GET", "/x/"),
      AvalaError,
    );
    assertEquals([error.name, error.attempts], [name, 0]);
  }
});

test("a reason to abort that looks like a failure is not retried", async () => {
  await using server = await startFaultServer([{ hang: "before" }]);
  const { baseUrl, seen } = server;
  let retries = 0;
  const transport = new Transport({
    apiKey: "avk_test_key_1",
    baseUrl,
    allowInsecureBaseUrl: true,
    hooks: { onRetry: () => retries++ },
  });
  const controller = new AbortController();
  const reason = new ServerError("Cannot go on", { statusCode: 503 });
  setTimeout(() => controller.abort(reason), 100);
  const caught = await transport.request("GET", "/x/", {
    signal: controller.signal,
  }).catch((error: unknown) => error);
  assert(caught === reason);
  assertEquals([seen.length, retries], [1, 0]);
});

test("an abort ends a wait, a hang and a body at once, with its own reason", async () => {
  const scripts: Misbehavior[] = [
    { status: 429, headers: { "retry-after": "50" } },
    { hang: "before" },
    { hang: "body", body: '{"a":1}' },
  ];
  for (const misbehavior of scripts) {
    await using server = await startFaultServer([misbehavior]);
    const { baseUrl, seen } = server;
    const transport = connect(baseUrl, 2);
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 150);
    const caught = await transport.request("GET", "/x/", {
      signal: controller.signal,
    }).catch((error: unknown) => error);
    assert(caught === reason);
    assertEquals(seen.length, 1);
  }
});

test("closing ends what is under way, and what comes later", async () => {
  await using server = await startFaultServer([{ hang: "before" }]);
  const { baseUrl, seen } = server;
  const transport = connect(baseUrl, 2);
  setTimeout(() => transport.close(), 100);
  await assertRejects(
    () => transport.request("GET", "/x/"),
    ClientClosedError,
  );
  transport.close();
  await assertRejects(
    () => transport.request("GET", "/x/"),
    ClientClosedError,
  );
  assertEquals(seen.length, 1);
});

test("1,000 creations, every fifth answer lost: each is seen once", async () => {
  const lost = { cut: "before" as const };
  const script = Array.from(
    { length: 1_000 },
    (_, i) => i % 5 === 4 ? lost : {},
  );
  await using server = await startFaultServer(script, { keepAlive: true });
  const { baseUrl, seen } = server;
  const transport = connect(baseUrl, 2);
  let next = 0;
  let failed = 0;
  await Promise.all(Array.from({ length: 32 }, async () => {
    while (next < 1_000) {
      const body = { id: next++ };
      await transport.request("POST", "/x/", { body }).catch((error) => {
        assertEquals(error.name, "ConnectionError");
        failed++;
      });
    }
  }));
  const ids = seen.map(({ body }) => JSON.parse(body).id);
  assertEquals(ids.length, 1_000);
  assertEquals(new Set(ids).size, 1_000);
  assert(failed >= 200, `${failed} failed`);
});

function connect(baseUrl: string, maxRetries: number): Transport {
  return new Transport({
    apiKey: "avk_test_key_1",
    baseUrl,
    allowInsecureBaseUrl: true,
    maxRetries,
  });
}
