import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AsyncClient, type ClientOptions } from "@avala/client";
import {
  ClientClosedError,
  ConfigurationError,
  ConnectionError,
  ForbiddenError,
  InvalidArgumentError,
  InvalidResponseError,
  NotFoundError,
  TimeoutError,
} from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { type FileServer, testFile } from "../servers/file_server.ts";
import { test } from "../tools/harness.ts";

const KEY = "avk_test_downloads_1";

/** A client whose API is elsewhere, so that the server is foreign storage. */
function foreign(options: ClientOptions = {}): AsyncClient {
  return new AsyncClient({
    apiKey: KEY,
    baseUrl: "http://localhost:9/api/v1",
    allowInsecureBaseUrl: true,
    ...options,
  });
}

/** What was asked for: each request's `Range`. */
function ranges({ seen }: FileServer): unknown[] {
  return seen.map(({ headers }) => headers.range);
}

async function gone(server: FileServer): Promise<void> {
  for (let wait = 0; server.connections() > 0 && wait < 200; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assertEquals(server.connections(), 0);
}

testFile(
  "downloads: a broken connection goes on where it stopped",
  [{ cutAfter: 3_000 }, { cutAfter: 3_000 }, { cutAfter: 3_000 }, {}],
  async (server, file) => {
    const retried: unknown[] = [];
    const client = foreign({
      maxRetries: 1,
      hooks: { onRetry: ({ attempt, url }) => retried.push(attempt, url) },
    });
    const progress: number[] = [];
    const url = `${server.origin}/f?X-Amz-Signature=00ff00ff`;
    const download = await client.download(url, {
      onProgress: ({ bytes, size }) => {
        assertEquals(size, 10_000);
        progress.push(bytes);
      },
    });
    assertEquals(download.size, 10_000);
    assertEquals(download.contentType, "application/octet-stream");
    assertEquals(await download.bytes(), file);
    // three breaks with a single retry: progress resets the count
    assertEquals(ranges(server), [
      undefined,
      "bytes=3000-",
      "bytes=6000-",
      "bytes=9000-",
    ]);
    assertEquals(
      server.seen.slice(1).map(({ headers }) => headers["if-range"]),
      ['"v1"', '"v1"', '"v1"'],
    );
    assertEquals(progress, [...progress].sort((a, b) => a - b));
    assertEquals(progress.at(-1), 10_000);
    const shown = `${server.origin}/f?X-Amz-Signature=[redacted]`;
    assertEquals(retried, [1, shown, 1, shown, 1, shown]);
    for (const { headers } of server.seen) {
      assertEquals(headers["x-avala-api-key"], undefined);
    }
    client.close();
  },
);

testFile(
  "downloads: a stall goes on over another connection",
  [{ stallAfter: 4_000 }, {}],
  async (server, file) => {
    const client = foreign({ timeout: 300 });
    const download = await client.download(`${server.origin}/f`);
    assertEquals(await download.bytes(), file);
    assertEquals(ranges(server), [undefined, "bytes=4000-"]);
    await gone(server);
    client.close();
  },
);

testFile(
  "downloads: without progress the retries run out, with the last error",
  [{ cutAfter: 3_000 }, { cutAfter: 0 }, { status: 503 }, {}],
  async (server) => {
    const client = foreign({ maxRetries: 2 });
    const download = await client.download(`${server.origin}/f`);
    const error = await assertRejects(() => download.bytes());
    // connection, break without a byte, refusal: one and two more attempts
    assertEquals((error as ConnectionError).statusCode, 503);
    assertEquals((error as ConnectionError).attempts, 3);
    assertEquals(server.seen.length, 3);
    client.close();
  },
);

testFile(
  "downloads: no retries means one connection",
  [{ cutAfter: 3_000 }],
  async (server) => {
    const client = foreign({ maxRetries: 0 });
    const download = await client.download(`${server.origin}/f`);
    const error = await assertRejects(() => download.bytes(), ConnectionError);
    assertEquals(error.path, "/f");
    assertEquals(server.seen.length, 1);
    client.close();
  },
);

testFile(
  "downloads: before the first byte the whole file is asked for again",
  [{ cutAfter: 0, headers: { etag: "" } }, { headers: { etag: "" } }],
  async (server, file) => {
    const client = foreign();
    const download = await client.download(`${server.origin}/f`);
    assertEquals(await download.bytes(), file);
    assertEquals(ranges(server), [undefined, undefined]);
    client.close();
  },
);

const CHANGED = Uint8Array.from({ length: 10_000 }, () => 7);

testFile(
  "downloads: a file that changed is an error, not a mixture",
  [{ cutAfter: 3_000 }, { file: CHANGED }],
  async (server) => {
    const client = foreign();
    const download = await client.download(`${server.origin}/f`);
    await assertRejects(
      () => download.bytes(),
      InvalidResponseError,
      "has changed",
    );
    await gone(server);
    client.close();
  },
);

const MEANWHILE: [string, { [name: string]: string }][] = [
  ["another tag", { etag: '"v2"' }],
  ["no tag", { etag: "" }],
  ["another size", { "content-range": "bytes 3000-9999/10001" }],
  ["another part", { "content-range": "bytes 2999-9999/10000" }],
  ["no part", { "content-range": "" }],
  ["another date", { "last-modified": "Thu, 01 Jan 1970 00:00:00 GMT" }],
  ["an encoding", { "content-encoding": "br" }],
];
for (const [what, headers] of MEANWHILE) {
  testFile(
    `downloads: a part with ${what} is refused`,
    [{ cutAfter: 3_000 }, { headers }],
    async (server) => {
      const client = foreign();
      const download = await client.download(`${server.origin}/f`);
      await assertRejects(() => download.bytes(), InvalidResponseError);
      client.close();
    },
  );
}

testFile(
  "downloads: a file that shrank below what is there is an error",
  [{ cutAfter: 3_000 }, { status: 416 }],
  async (server) => {
    const client = foreign();
    const download = await client.download(`${server.origin}/f`);
    const error = await assertRejects(
      () => download.bytes(),
      InvalidResponseError,
      "has changed",
    );
    assertEquals(error.statusCode, 416);
    client.close();
  },
);

const UNBOUND: [string, { [name: string]: string }][] = [
  ["no version", { etag: "" }],
  ["a weak tag alone", { etag: 'W/"v1"' }],
  ["no parts", { "accept-ranges": "none" }],
];
for (const [what, headers] of UNBOUND) {
  testFile(
    `downloads: a server that offers ${what} is not asked to go on`,
    [{ cutAfter: 3_000, headers }],
    async (server) => {
      const client = foreign();
      const download = await client.download(`${server.origin}/f`);
      await assertRejects(() => download.bytes(), ConnectionError);
      assertEquals(server.seen.length, 1);
      client.close();
    },
  );
}

testFile(
  "downloads: a server that sends the whole file again is not appended",
  [{ cutAfter: 3_000 }, { whole: true }],
  async (server) => {
    const client = foreign();
    const download = await client.download(`${server.origin}/f`);
    await assertRejects(() => download.bytes(), ConnectionError);
    await gone(server);
    client.close();
  },
);

const DATE = "Sat, 14 Mar 2026 09:26:53 GMT";
testFile(
  "downloads: a date binds the rest where there is no strong tag",
  [
    { cutAfter: 3_000, headers: { etag: 'W/"v1"', "last-modified": DATE } },
    { headers: { "last-modified": DATE, etag: 'W/"v1"' } },
  ],
  async (server) => {
    const client = foreign();
    const download = await client.download(`${server.origin}/f`);
    // this server knows tags only, and answers with the whole file
    await assertRejects(() => download.bytes(), ConnectionError);
    assertEquals(server.seen[1]?.headers["if-range"], DATE);
    client.close();
  },
);

testFile(
  "downloads: a signature that expires midway is renewed",
  [{ cutAfter: 3_000 }, { status: 403 }, { cutAfter: 3_000 }, { status: 400 }],
  async (server, file) => {
    const client = foreign({ maxRetries: 1 });
    let renewals = 0;
    const download = await client.download(`${server.origin}/f?n=0`, {
      renew: () => Promise.resolve(`${server.origin}/f?n=${++renewals}`),
    });
    assertEquals(await download.bytes(), file);
    assertEquals(server.seen.map(({ url }) => url), [
      "/f?n=0",
      "/f?n=0",
      "/f?n=1",
      "/f?n=1",
      "/f?n=2",
    ]);
    client.close();
  },
);

testFile(
  "downloads: a signature that has expired at the start is renewed once",
  [{ status: 403 }, { status: 403 }],
  async (server) => {
    const client = foreign();
    let renewals = 0;
    const renew = () => `${server.origin}/f?n=${++renewals}`;
    await assertRejects(
      () => client.download(`${server.origin}/f`, { renew }),
      ForbiddenError,
    );
    assertEquals([server.seen.length, renewals], [2, 1]);
    client.close();
  },
);

testFile(
  "downloads: a renewed address must be trusted as well",
  [{ cutAfter: 3_000 }, { status: 403 }],
  async (server) => {
    const client = foreign();
    const renew = () => "https://evil.example/f";
    const download = await client.download(`${server.origin}/f`, { renew });
    await assertRejects(
      () => download.bytes(),
      InvalidArgumentError,
      "evil.example",
    );
    client.close();
  },
);

for (const when of ["reading", "idle", "waiting"] as const) {
  for (const how of ["signal", "close", "cancel"] as const) {
    if (when === "reading" && how === "cancel") continue;
    testFile(
      `downloads: ${how} ends one that is ${when}`,
      when === "waiting"
        ? [{ cutAfter: 3_000 }, { stallAfter: 0 }]
        : [{ stallAfter: 3_000 }],
      async (server) => {
        const client = foreign({ maxRetries: 5, timeout: 60_000 });
        const controller = new AbortController();
        const download = await client.download(`${server.origin}/f`, {}, {
          signal: controller.signal,
        });
        const reader = download.body.getReader();
        let bytes = 0;
        while (bytes < 3_000) {
          bytes += (await reader.read()).value?.byteLength ?? 0;
        }
        const pending = when === "idle"
          ? undefined
          : reader.read().catch((error) => error);
        if (when === "waiting") {
          // until the cut is noticed, in the backoff or in the second request
          await new Promise((resolve) => setTimeout(resolve, 300));
        } else await new Promise((resolve) => setTimeout(resolve, 20));
        const reason = new Error("enough");
        if (how === "signal") controller.abort(reason);
        else if (how === "close") client.close();
        else await reader.cancel();
        const outcome = await (pending ?? reader.read().catch((e) => e));
        if (how === "signal") assertEquals(outcome, reason);
        else if (how === "close") assert(outcome instanceof ClientClosedError);
        else assertEquals(outcome.done, true);
        await gone(server);
        client.close();
      },
    );
  }
}

testFile(
  "downloads: the credential goes to the API's own origin only",
  [],
  async (server) => {
    const headers = { "x-tenant": "t-1" };
    const own = new AsyncClient({
      apiKey: KEY,
      baseUrl: `${server.origin}/api/v1`,
      allowInsecureBaseUrl: true,
      headers,
    });
    const url = `${server.origin}/f`;
    await (await own.download(url, {}, { headers: { "x-trace": "1" } }))
      .bytes();
    const other = foreign({ headers });
    await (await other.download(url, {}, { headers: { "x-trace": "1" } }))
      .bytes();
    assertEquals(
      server.seen.map(({ headers }) => [
        headers["x-avala-api-key"],
        headers["x-tenant"],
        headers["x-trace"],
      ]),
      [[KEY, "t-1", "1"], [undefined, undefined, undefined]],
    );
    own.close();
    other.close();
  },
);

testFile(
  "downloads: more bytes than announced are refused",
  [],
  async () => {
    const body = new Uint8Array(11);
    const client = foreign({
      fetch: () =>
        Promise.resolve(
          new Response(body, { headers: { "content-length": "10" } }),
        ),
    });
    const download = await client.download("https://data.avala.ai/f");
    await assertRejects(
      () => download.bytes(),
      InvalidResponseError,
      "announced 10 bytes",
    );
    client.close();
  },
);

test("downloads: a part that nobody asked for is no file", async () => {
  const client = foreign({
    fetch: () => Promise.resolve(new Response("x", { status: 206 })),
  });
  await assertRejects(
    () => client.download("https://data.avala.ai/f"),
    InvalidResponseError,
    "a part",
  );
  client.close();
});

test("downloads: storage hosts are the service's and those of the option", async () => {
  const sent: string[] = [];
  const client = foreign({
    storageHosts: ["files.example.com", "*.Bucket.example.net"],
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      assertEquals(headers.get("x-avala-api-key"), null);
      sent.push(String(input));
      return Promise.resolve(new Response("x"));
    },
  });
  const fine = [
    "https://bucket.s3.eu-west-1.amazonaws.com/f?X-Amz-Signature=1",
    "https://storage.googleapis.com/b/f",
    "https://account.blob.core.windows.net/f",
    "https://files.example.com/f",
    "https://a.bucket.example.net/f",
    "https://a.b.bucket.example.net/f",
  ];
  for (const url of fine) {
    assertEquals(await (await client.download(url)).text(), "x");
  }
  assertEquals(sent, fine);
  const refused = [
    "https://evil.example/f",
    "https://bucket.example.net/f",
    "https://xbucket.example.net/f",
    "https://.bucket.example.net/f",
    "https://files.example.com.evil.example/f",
    "https://a.files.example.com/f",
    "https://files.example.com:8443/f",
    "http://files.example.com/f",
    "https://user@files.example.com/f",
    "https://files.example.com/f#part",
    "https://ec2.amazonaws.com/f",
    "ftp://files.example.com/f",
    "/f",
    "",
    undefined as unknown as string,
  ];
  for (const url of refused) {
    const error = await assertRejects(
      () => client.download(url),
      InvalidArgumentError,
    );
    assertStringIncludes(error.message, "Cannot download from");
  }
  await assertRejects(
    () => client.download(fine[0]!, { renew: "x" as unknown as () => string }),
    InvalidArgumentError,
    "renew",
  );
  assertEquals(sent.length, fine.length);
  client.close();
});

test("downloads: the option for storage hosts is checked", () => {
  const wrong: unknown[] = [
    "files.example.com",
    [""],
    ["https://files.example.com"],
    ["files.example.com:443"],
    ["files.example.com/"],
    ["*"],
    ["*.com"],
    ["a.*.example.com"],
    ["*.*.example.com"],
    [".example.com"],
    ["example.com."],
    ["bücket.example.com"],
    [7],
    [null],
  ];
  for (const storageHosts of wrong) {
    let error: unknown;
    try {
      foreign({ storageHosts: storageHosts as string[] });
    } catch (thrown) {
      error = thrown;
    }
    assert(error instanceof ConfigurationError, JSON.stringify(storageHosts));
    assertStringIncludes(error.message, "storageHosts");
  }
});

/** An emulator with a finished export, served. */
async function withExport(
  use: (
    client: AsyncClient,
    emulator: AvalaEmulator,
    uid: string,
  ) => Promise<void>,
): Promise<void> {
  const emulator = new AvalaEmulator({ pollsUntilExported: 1 });
  const server = await emulator.serve();
  const client = new AsyncClient({
    apiKey: KEY,
    baseUrl: server.baseUrl,
    allowInsecureBaseUrl: true,
  });
  try {
    const { uid } = await client.exports.create({ dataset: "d" });
    await client.exports.wait(uid);
    await use(client, emulator, uid);
  } finally {
    client.close();
    await server.close();
  }
}

test("downloads: an export survives cut connections", async () => {
  await withExport(async (client, emulator, uid) => {
    const whole = await (await client.exports.download(uid)).text();
    emulator.fault({ path: "/download", truncate: true, times: 3 });
    const download = await client.exports.download(uid);
    assertEquals(await download.text(), whole);
    const asked = emulator.requests.filter(({ path, status }) =>
      path.endsWith("/download") && status === 206
    );
    assertEquals(asked.length, 3);
    assertEquals(whole.length > 0 && typeof JSON.parse(whole), "object");
  });
});

test("downloads: an export's address is read again when it is refused", async () => {
  await withExport(async (client, emulator, uid) => {
    const done = await client.exports.get(uid);
    const before = emulator.requests.length;
    emulator.fault({ path: "/download", status: 403, body: { detail: "No." } });
    // the emulator gives the same address again: the refusal is the outcome
    await assertRejects(() => client.exports.download(done), ForbiddenError);
    assertEquals(
      emulator.requests.slice(before).map(({ path }) => path.slice(-9)),
      ["/download", `${uid.slice(-8)}/`],
    );
    emulator.fault({ path: "/download", status: 403 });
    const { origin } = new URL(done.downloadUrl ?? "");
    const stale = `${origin}/exports/${uid}/download?expired=1`;
    const download = await client.exports.download({
      ...done,
      downloadUrl: stale,
    });
    assertEquals(typeof await download.json(), "object");
    await assertRejects(() => client.exports.download("gone"), NotFoundError);
  });
});

test("downloads: the emulator answers with parts of the version asked for", async () => {
  await withExport(async (client, _, uid) => {
    const { downloadUrl } = await client.exports.get(uid);
    const get = async (headers: { [name: string]: string }) => {
      const response = await fetch(downloadUrl ?? "", {
        headers: { "x-avala-api-key": KEY, ...headers },
      });
      const text = await response.text();
      return { response, text };
    };
    const whole = await get({});
    const etag = whole.response.headers.get("etag") ?? "";
    const date = whole.response.headers.get("last-modified") ?? "";
    const length = whole.text.length;
    for (const version of [etag, date]) {
      const part = await get({ range: "bytes=5-9", "if-range": version });
      assertEquals(part.response.status, 206);
      assertEquals(
        part.response.headers.get("content-range"),
        `bytes 5-9/${length}`,
      );
      assertEquals(part.text, whole.text.slice(5, 10));
    }
    const other = await get({ range: "bytes=5-9", "if-range": '"other"' });
    assertEquals([other.response.status, other.text], [200, whole.text]);
    // with a version, as a browser answers other ranges from its cache
    const beyond = await get({ range: `bytes=${length}-`, "if-range": etag });
    assertEquals(beyond.response.status, 416);
  });
});

testFile(
  "downloads: a stall beyond the retries is a time-out",
  [{ stallAfter: 3_000 }],
  async (server) => {
    const client = foreign({ timeout: 100, maxRetries: 0 });
    const download = await client.download(`${server.origin}/f`);
    await assertRejects(() => download.bytes(), TimeoutError, "100 ms");
    await gone(server);
    client.close();
  },
);

test("downloads: nothing is read ahead of the reader", async () => {
  let pulled = 0;
  const body = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(1_000));
      },
    }, { highWaterMark: 0 });
  const client = foreign({
    fetch: () => Promise.resolve(new Response(body())),
  });
  const download = await client.download("https://data.avala.ai/f");
  const reader = download.body.getReader();
  for (let chunk = 1; chunk <= 5; chunk++) {
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 10));
    // the runtime itself may hold one
    assert(pulled <= chunk + 1, `${pulled} chunks for ${chunk} reads`);
  }
  await reader.cancel();
  client.close();
});
