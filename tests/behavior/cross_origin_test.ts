import { assert, assertEquals } from "@std/assert";
import { AsyncClient } from "@avala/client";
import { RateLimitError } from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { test } from "../tools/harness.ts";

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
  const emulator = new AvalaEmulator();
  const { baseUrl, close } = await emulator.serve();
  try {
    emulator.fault({ status: 500 });
    const preflight = await fetch(`${baseUrl}/tasks/`, {
      method: "OPTIONS",
      headers: {
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization,x-mine",
        origin: "https://app.example",
      },
    });
    await preflight.text();
    assertEquals(preflight.status, 204);
    const names = ["origin", "methods", "headers"];
    assertEquals(
      names.map((name) =>
        preflight.headers.get(`access-control-allow-${name}`)
      ),
      ["*", "PATCH", "authorization,x-mine"],
    );
    assertEquals(emulator.requests.length, 0);
    const met = await fetch(`${baseUrl}/tasks/`);
    await met.text();
    assertEquals(met.status, 500);
    assertEquals(met.headers.get("access-control-expose-headers"), "*");
  } finally {
    await close();
  }
});
