import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { AsyncClient, type ClientOptions } from "@avala/client";
import { ConfigurationError, InvalidArgumentError } from "@avala/client/errors";
import { test } from "../tools/harness.ts";

const apiKey = "avk_test_key_1";
const refused: [string, ClientOptions, string][] = [
  ["empty key", { apiKey: "" }, "apiKey"],
  ["key with a line break", { apiKey: `${apiKey}\n` }, "apiKey"],
  ["both credentials", { apiKey, accessToken: "t" }, "accessToken"],
  ["token with a space", { accessToken: "a b" }, "accessToken"],
  ["negative time limit", { apiKey, timeout: -1 }, "'timeout'"],
  ["fraction of a retry", { apiKey, maxRetries: 1.5 }, "'maxRetries'"],
  ["ftp", { apiKey, baseUrl: "ftp://x" }, '"ftp://x"'],
  [
    "plain http",
    { apiKey, baseUrl: "http://example.com" },
    '"http://example.com"',
  ],
  ["plain http, flag set", {
    apiKey,
    baseUrl: "http://example.com",
    allowInsecureBaseUrl: true,
  }, "baseUrl"],
  ["no URL", { apiKey, baseUrl: "api.avala.ai" }, "baseUrl"],
  [
    "password in the URL",
    { apiKey, baseUrl: "https://a:hunter22@x.y" },
    "baseUrl",
  ],
  ["query in the URL", { apiKey, baseUrl: "https://x.y/?a=1" }, "baseUrl"],
  ["line break in a header", { apiKey, headers: { a: "b\r\nc" } }, "headers"],
  ["client name", { apiKey, clientName: "My App" }, '"My App"'],
];

test("bad options are refused by name and value, without secrets", () => {
  for (const [what, options, named] of refused) {
    const error: Error = assertThrows(
      () => new AsyncClient(options),
      ConfigurationError,
    );
    assert(error.message.includes(named), `${what}: ${error.message}`);
    assert(!error.message.includes(apiKey), what);
    assert(!error.message.includes("hunter22"), what);
  }
});

test("bad arguments are refused before anything is sent", async () => {
  let sent = 0;
  const client = new AsyncClient({
    apiKey,
    fetch: () => Promise.resolve(new Response(`${++sent}`)),
  });
  const calls: [() => PromiseLike<unknown>, string][] = [
    [
      () => client.datasets.list({ limit: 0 }),
      "'limit' must be a positive integer: current value is 0",
    ],
    [() => client.datasets.list({ cursor: "" }), "'cursor'"],
    [() => client.datasets.get(""), "'uid'"],
    [() => client.datasets.get("../admin"), '"../admin"'],
    [() => client.datasets.get(".."), "'uid'"],
    [() => client.datasets.get("a%2Fb/"), "'uid'"],
    [() => client.datasets.get(undefined as unknown as string), "undefined"],
    [() => client.datasets.create({ name: "n" } as never), "'slug'"],
    [() => client.datasets.getFrame("o", "s", "q", -1), "'frameIdx'"],
    [() => client.exports.create({}), "'project', 'dataset'"],
    [() => client.exports.wait("e", { interval: -1 }), "'interval'"],
    [
      () => client.webhooks.create({ targetUrl: "https://x.y", events: [] }),
      "'events'",
    ],
    [
      () => client.consensus.updateConfig("p", { iouThreshold: 2 }),
      "'iouThreshold'",
    ],
    [() => client.tasks.get("t", { timeout: 0 }), "'timeout'"],
    [() => client.tasks.get("t", { maxRetries: -1 }), "'maxRetries'"],
    [() => client.tasks.get("t", { idempotencyKey: "1" }), "'idempotencyKey'"],
    [() => client.request("GET", "https://evil.example/"), "'path'"],
    [() => client.request("GET", "//evil.example/"), "'path'"],
    [() => client.request("GET", "/a/%2e%2e/b/"), "'path'"],
  ];
  for (const [call, named] of calls) {
    const error: Error = await assertRejects(
      async () => await call(),
      InvalidArgumentError,
    );
    assert(error.message.includes(named), error.message);
  }
  assertEquals(sent, 0);
});
