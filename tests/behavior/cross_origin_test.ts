import { assert, assertEquals, assertThrows } from "@std/assert";
import { AsyncClient } from "@avala/client";
import { ConfigurationError, RateLimitError } from "@avala/client/errors";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";
import { test } from "../tools/harness.ts";

const PREFLIGHT = {
  "access-control-request-method": "PATCH",
  "access-control-request-headers": "authorization,x-mine",
};

/** Serves an emulator; asks it with headers, and gives status, headers and body. */
async function asking(
  options: AvalaEmulatorOptions,
  use: (
    ask: (
      headers: { [name: string]: string },
      method?: string,
    ) => Promise<{ status: number; headers: Headers; text: string }>,
    emulator: AvalaEmulator,
  ) => Promise<void>,
): Promise<void> {
  const emulator = new AvalaEmulator(options);
  const { baseUrl, close } = await emulator.serve();
  try {
    await use(async (headers, method = "GET") => {
      const response = await fetch(`${baseUrl}/tasks/`, { method, headers });
      const { status } = response;
      return { status, headers: response.headers, text: await response.text() };
    }, emulator);
  } finally {
    await close();
  }
}

test("cross-origin: a page sends every header of the client and reads every answer's", async () => {
  const emulator = new AvalaEmulator();
  const { baseUrl, close } = await emulator.serve();
  const options = { baseUrl, allowInsecureBaseUrl: true, maxRetries: 0 };
  const headers = { "x-mine": "1" };
  const idempotencyKey = "0b1c7a52-6f0e-4b53-9d1c-3f4f0a2b7c11";
  const keyed = new AsyncClient({
    apiKey: "avk_test_key_1",
    clientName: "robot_1",
    ...options,
  });
  const bearing = new AsyncClient({ accessToken: "abc.def", ...options });
  try {
    emulator.fault({
      status: 429,
      retryAfter: 7,
      headers: { "x-request-id": "r-1" },
    });
    const error = await keyed.request("POST", "/exports/", {
      body: {},
      headers,
      idempotencyKey,
    }).catch((error) => error);
    assert(error instanceof RateLimitError, String(error));
    assertEquals([error.retryAfter, error.requestId], [7, "r-1"]);
    assertEquals(keyed.rateLimitInfo.limit, "100");
    assertEquals((await bearing.projects.list()).length, 3);

    assertEquals(emulator.requests.map(({ method }) => method), [
      "POST",
      "GET",
    ]);
    const [first, second] = emulator.requests.map(({ headers }) => headers);
    assertEquals(first?.["x-avala-client"], "robot_1");
    assertEquals(first?.["idempotency-key"], idempotencyKey);
    assertEquals(first?.["x-mine"], "1");
    assertEquals(second?.authorization, "[redacted]");
  } finally {
    keyed.close();
    bearing.close();
    await close();
  }
});

test("cross-origin: a served emulator answers preflights, and does not log them", async () => {
  await asking({}, async (ask, emulator) => {
    emulator.fault({ status: 500 });
    const origin = "http://localhost:3000";
    const preflight = await ask({ ...PREFLIGHT, origin }, "OPTIONS");
    assertEquals(preflight.status, 204);
    const names = ["origin", "methods", "headers"];
    assertEquals(
      names.map((name) =>
        preflight.headers.get(`access-control-allow-${name}`)
      ),
      [origin, "PATCH", "authorization,x-mine"],
    );
    assertEquals(emulator.requests.length, 0);
    const met = await ask({ origin });
    assertEquals([met.status, met.headers.get("vary")], [500, "origin"]);
    assertEquals(met.headers.get("access-control-expose-headers"), "*");
  });
});

test("cross-origin: pages from elsewhere are refused, and read nothing", async () => {
  await asking({}, async (ask, emulator) => {
    emulator.fault({ status: 500 });
    for (
      const origin of [
        "https://app.example",
        "http://localhost.example",
        "http://127.0.0.1.example:3000",
        "https://user@localhost",
        "null",
        "",
      ]
    ) {
      for (const method of ["GET", "POST", "OPTIONS"]) {
        const more = method === "OPTIONS" ? PREFLIGHT : {};
        const { status, headers, text } = await ask(
          { ...more, origin },
          method,
        );
        assertEquals([origin, status], [origin, 403]);
        assertEquals(headers.get("access-control-allow-origin"), null);
        assert(text.includes("'allowedOrigins'"), text);
      }
    }
    // nothing of it has happened
    assertEquals(emulator.requests.length, 0);
    assertEquals((await ask({})).status, 500);
    for (const host of ["localhost", "127.0.0.1:1", "[::1]:8787"]) {
      const { status } = await ask({ origin: `http://${host}` });
      assertEquals([host, status], [host, 401]);
    }
  });
});

test("cross-origin: pages that are allowed are answered", async () => {
  const allowedOrigins = ["https://app.example", "null"];
  await asking({ allowedOrigins }, async (ask) => {
    for (const origin of allowedOrigins) {
      const { status, headers } = await ask({ origin });
      assertEquals([origin, status], [origin, 401]);
      assertEquals(headers.get("access-control-allow-origin"), origin);
    }
    assertEquals((await ask({ origin: "http://app.example" })).status, 403);
  });
  const wrong: [AvalaEmulatorOptions, string][] = [
    [{ allowedOrigins: ["app.example"] }, "'allowedOrigins' must be an origin"],
    [{ allowedOrigins: ["https://app.example/"] }, "https://app.example/"],
    [
      { allowedHosts: ["https://app.example"] },
      "'allowedHosts' must be a host",
    ],
    [{ allowedHosts: ["a/b"] }, '"a/b"'],
    [{ allowedHosts: "a" as unknown as string[] }, "must be an array"],
  ];
  for (const [options, said] of wrong) {
    assertThrows(() => new AvalaEmulator(options), ConfigurationError, said);
  }
});
