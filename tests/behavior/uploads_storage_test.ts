import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AsyncClient,
  type ClientOptions,
  type HookError,
  type HookRetry,
} from "@avala/client";
import {
  AvalaError,
  ConnectionError,
  ForbiddenError,
  InvalidArgumentError,
  InvalidResponseError,
  RateLimitError,
  ServerError,
} from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { startRawServer, type Wire } from "../servers/raw_server.ts";
import { bytesAt, made, sliceable } from "../servers/upload_sources.ts";
import { withoutBackoff } from "../tools/backoff.ts";
import { test } from "../tools/harness.ts";

/** What the hooks were told. */
interface Told {
  retries: HookRetry[];
  errors: HookError[];
}

/** A client of an emulator in memory, and what its hooks are told. */
function emulated(
  options: ClientOptions = {},
): { client: AsyncClient; emulator: AvalaEmulator; told: Told } {
  const emulator = new AvalaEmulator();
  const told: Told = { retries: [], errors: [] };
  const client = new AsyncClient({
    apiKey: "avk_test_key_1",
    fetch: emulator.fetch,
    hooks: {
      onRetry: (event) => void told.retries.push(event),
      onError: (event) => void told.errors.push(event),
    },
    ...options,
  });
  return { client, emulator, told };
}

const file = (path = "a.bin") => ({ path, blob: new Blob([bytesAt(0, 100)]) });
const puts = (emulator: AvalaEmulator) =>
  emulator.requests.filter(({ path }) => path.startsWith("/storage/")).length;
const noChecks = { preflight: false };

for (const make of [made, sliceable, blob]) {
  test(`storage: a 200 before the file has left is not believed (${make.name})`, async () => {
    const size = 32 * 2 ** 20;
    let early = 2;
    const respond = (wire: Wire) =>
      wire.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\netag: x\r\n\r\n");
    await using server = await startRawServer(({ method }) => {
      if (method === "PUT") return { early: early-- > 0, respond };
      const url = `${server.origin}/storage/a?X-Amz-Signature=00ff`;
      const text = JSON.stringify({ method: "PUT", url, headers: {} });
      return {
        respond: (wire) =>
          wire.send(
            `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
          ),
      };
    });
    const retries: HookRetry[] = [];
    const client = new AsyncClient({
      apiKey: "avk_test_key_1",
      baseUrl: `${server.origin}/api/v1`,
      allowInsecureBaseUrl: true,
      hooks: { onRetry: (event) => void retries.push(event) },
    });
    const files: number[] = [];
    const result = await withoutBackoff(() =>
      client.datasets.uploadFiles("Run", [make("a.bin", size)], {
        ...noChecks,
        onProgress: (progress) => files.push(progress.files),
      })
    );
    client.close();
    assertEquals([result.files, result.bytes], [1, size]);
    const sent = server.seen.filter(({ method }) => method === "PUT");
    assertEquals([sent.length, sent[2]?.body.length], [3, size]);
    assertEquals(files.filter((count) => count > 0), [1]);
    for (const { error } of retries) assert(error instanceof ConnectionError);
    assertEquals(retries.length, 2);
  });
}

/** A file that is a blob. */
function blob(path: string, size: number): { path: string; blob: Blob } {
  return { path, blob: new Blob([new Uint8Array(size)]) };
}

for (const status of [429, 503]) {
  test(`storage: Retry-After of a ${status} is waited out, in seconds and as a date`, async () => {
    const date = "Thu, 01 Jan 2026 00:00:00 GMT";
    const later = "Thu, 01 Jan 2026 00:00:01 GMT";
    for (const retryAfter of ["1", later]) {
      await withoutBackoff(async () => {
        const { client, emulator, told } = emulated();
        const headers = { date, "retry-after": retryAfter };
        emulator.fault({ path: "/storage/", status, headers });
        const start = performance.now();
        await client.datasets.uploadFiles("Run", [file()], noChecks);
        assert(performance.now() - start >= 990);
        assertEquals(
          told.retries.map((retry) => [retry.waitMs, retry.retryAfter]),
          [[1_000, 1]],
        );
        assertEquals([told.errors.length, puts(emulator)], [0, 2]);
      });
    }
  });

  test(`storage: a file fails at once when a ${status} asks for more than a minute`, async () => {
    const date = "Thu, 01 Jan 2026 00:00:00 GMT";
    const later = "Thu, 01 Jan 2026 00:01:01 GMT";
    for (const path of ["/storage/", "/file-upload-url/"]) {
      for (const retryAfter of ["61", later]) {
        const { client, emulator, told } = emulated();
        const headers = { date, "retry-after": retryAfter };
        emulator.fault({ path, times: 9, status, headers });
        const error = await assertRejects(
          () => client.datasets.uploadFiles("Run", [file()], noChecks),
          AvalaError,
        );
        assert(
          error instanceof (status === 429 ? RateLimitError : ServerError),
        );
        assertEquals(error.retryAfter, 61);
        assertEquals([told.retries.length, told.errors.length], [0, 1]);
        assertEquals(told.errors[0]?.attempts, 1);
      }
    }
  });
}

test("storage: an expired address with a Retry-After of more than a minute fails at once", async () => {
  const { client, emulator, told } = emulated();
  emulator.fault({ path: "/storage/", times: 9, status: 403, retryAfter: 61 });
  await assertRejects(
    () => client.datasets.uploadFiles("Run", [file()], noChecks),
    ForbiddenError,
  );
  assertEquals([told.retries.length, puts(emulator)], [0, 1]);
});

test("storage: hooks are told of each failed attempt, and of no error behind a success", async () => {
  await withoutBackoff(async () => {
    const { client, emulator, told } = emulated();
    emulator.fault({ path: "/storage/", drop: "before" });
    emulator.fault({ path: "/storage/", status: 500 });
    emulator.fault({ path: "/storage/", status: 403 });
    emulator.fault({ path: "/file-upload-url/", every: 4, status: 502 });
    await client.datasets.uploadFiles("Run", [file()], noChecks);
    assertEquals(told.errors, []);
    const path =
      "/storage/__u__%3D%2F5eed0000-0000-4000-8000-000000000001%2FRun%2Fa.bin";
    assertEquals(
      told.retries.map((retry) => [
        retry.operation,
        retry.method,
        new URL(retry.url).pathname,
        retry.attempt,
        retry.error.statusCode,
      ]),
      [
        ["PUT", path, 1, null],
        ["PUT", path, 2, 500],
        ["PUT", path, 3, 403],
        ["POST", "/api/v1/datasets/manual-upload/file-upload-url/", 4, 502],
      ].map((row) => ["datasets.uploadFiles", ...row]),
    );
    for (const { waitMs, url } of told.retries) {
      assertEquals(waitMs, 0);
      assert(!/X-Amz-Signature=(?!\[redacted\]$)/.test(url), url);
    }
  });
});

test("storage: hooks are told once of each file that fails for good", async () => {
  await withoutBackoff(async () => {
    const { client, emulator, told } = emulated();
    // the address of the file looks like a secret itself
    const name = "0123456789abcdef0123456789abcdef01234567";
    emulator.fault({ path: name, times: 9, status: 500 });
    emulator.fault({ path: "bad.bin", status: 400 });
    const files = [file(`${name}/a.bin`), file("bad.bin"), file("good.bin")];
    const short = made("short.bin", 200_000, { extra: -1 });
    const { failures } = await client.datasets.uploadFiles(
      "Run",
      [...files, short],
      { ...noChecks, onError: "collect" },
      { maxRetries: 2 },
    );
    assertEquals(failures.length, 3);
    assertEquals(
      told.errors.map(({ method, url, attempts, error }) => [
        method,
        new URL(url).pathname.replace(/^.*%2F/, ""),
        attempts,
        error.name,
      ]).sort(),
      [
        ["PUT", "a.bin", 3, "ServerError"],
        ["PUT", "bad.bin", 1, "ValidationError"],
        ["PUT", "short.bin", 1, "InvalidArgumentError"],
      ],
    );
    assertEquals(told.retries.map(({ attempt }) => attempt), [1, 2]);
    assertEquals(
      failures.map(({ error }) => error.history.length).sort(),
      [1, 1, 3],
    );
  });
});

test("storage: files that end with the failure of another are no failures of their own", async () => {
  const { client, emulator, told } = emulated();
  const waiting = Array.from(
    { length: 5 },
    (_, index) => made(`${index}.bin`, 500_000, { stallAfter: 200_000 }),
  );
  emulator.fault({ path: "bad.bin", status: 400 });
  await assertRejects(
    () => client.datasets.uploadFiles("Run", [...waiting, file("bad.bin")]),
    AvalaError,
    "bad.bin",
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertEquals(told.errors.map(({ attempts }) => attempts), [1]);
  assertEquals(told.retries, []);
});

test("storage: what was not believed, refused or lost in a recording", async () => {
  await withoutBackoff(async () => {
    const { client, emulator, told } = emulated();
    for (const status of [500, 503, 403, 408]) {
      emulator.fault({ path: "/storage/", status });
    }
    emulator.fault({ path: "/storage/", loseAnswer: true });
    emulator.fault({ path: "/urls/", status: 500 });
    const done = await client.fleet.uploads.uploadRecording("r", [file()]);
    assertEquals([done.status, told.errors.length], ["completing", 0]);
    assertEquals(told.retries.map(({ error }) => error.statusCode), [
      500,
      500,
      503,
      403,
      408,
      null,
    ]);
  });
});

test("storage: a redirect and a refusal are final", async () => {
  for (const status of [301, 307, 308]) {
    const { client, emulator } = emulated();
    const headers = { location: "https://evil.example/" };
    emulator.fault({ path: "/storage/", status, headers });
    await assertRejects(
      () => client.datasets.uploadFiles("Run", [file()], noChecks),
      InvalidResponseError,
      "redirects are not followed",
    );
    assertEquals(puts(emulator), 1);
  }
  for (const status of [400, 404, 405, 409, 411, 413, 501]) {
    const { client, emulator, told } = emulated();
    emulator.fault({ path: "/storage/", status });
    const error = await assertRejects(
      () => client.datasets.uploadFiles("Run", [file()], noChecks),
      AvalaError,
    );
    assertEquals([error.statusCode, puts(emulator)], [status, 1]);
    assertEquals([told.retries.length, told.errors.length], [0, 1]);
  }
});

test("storage: a stream that gives no bytes, or none at all, is that file's failure", async () => {
  const { client, emulator } = emulated();
  const broken = (stream: () => unknown) => ({
    path: "a.bin",
    size: 200_000,
    stream: stream as () => ReadableStream<Uint8Array<ArrayBuffer>>,
  });
  const rows: [() => unknown, string][] = [
    [() => {
      throw new Error("no such device");
    }, "no such device"],
    [() => null, "gives no ReadableStream"],
    [() => new ReadableStream({ pull: (c) => c.enqueue("text") }), "no bytes"],
    [() => new ReadableStream({ pull: (c) => c.enqueue(null) }), "no bytes"],
    [
      () =>
        new ReadableStream({
          pull() {
            throw "a text";
          },
        }),
      "its stream has failed",
    ],
  ];
  for (const [stream, said] of rows) {
    for (const uploadProtocolVersion of [1, 2]) {
      for (const size of [100, 200_000]) {
        await assertRejects(
          () =>
            client.datasets.uploadFiles("Run", [{ ...broken(stream), size }], {
              uploadProtocolVersion,
            }),
          InvalidArgumentError,
          said,
        ).then(({ message }) => assert(message.includes('"a.bin" as ')));
      }
    }
  }
  for (const [stream, said] of rows) {
    const file = { ...broken(stream), path: "a.mcap" };
    await assertRejects(
      () => client.fleet.uploads.uploadManagedRecording("r", [file]),
      InvalidArgumentError,
      said,
    ).then(({ message }) => assert(message.includes('"a.mcap" as ')));
  }
  assertEquals(emulator.storedFiles, []);
});
