import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncClient, type Fetch, type UploadFile } from "@avala/client";
import { InvalidResponseError, TimeoutError } from "@avala/client/errors";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";
import { serveHttp } from "../servers/server.ts";
import { bytesAt, made, sliceable } from "../servers/upload_sources.ts";
import { test } from "../tools/harness.ts";

function emulated(
  options: AvalaEmulatorOptions = {},
  through: (fetch: Fetch) => Fetch = (fetch) => fetch,
): { client: AsyncClient; emulator: AvalaEmulator } {
  const emulator = new AvalaEmulator(options);
  const client = new AsyncClient({
    apiKey: "avk_test_key_1",
    fetch: through(emulator.fetch),
  });
  return { client, emulator };
}

const files = (count: number, name = ""): UploadFile[] =>
  Array.from({ length: count }, (_, index) => ({
    path: `${name}${index}.bin`,
    blob: new Blob([bytesAt(index, 20)]),
  }));
const pause = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
const sends = (emulator: AvalaEmulator) =>
  emulator.requests.filter(({ path }) => path.startsWith("/storage/")).length;

test("limits: all uploads of a client send ten files at a time at most", async () => {
  let running = 0;
  let most = 0;
  const { client, emulator } = emulated(
    { uploads: { multipartFrom: 1_000, partSize: 100 } },
    (fetch) => async (url, init) => {
      if (!url.includes("/storage/")) return await fetch(url, init);
      running++;
      most = Math.max(most, running);
      await pause(2);
      return await fetch(url, init).finally(() => running--);
    },
  );
  const { datasets, fleet } = client;
  await Promise.all([
    datasets.uploadFiles("A", files(40)),
    datasets.uploadFiles("B", files(40), { concurrency: 40 }),
    datasets.uploadFiles("C", [sliceable("c.bin", 2_000)]),
    datasets.uploadFiles("D", files(40), { uploadProtocolVersion: 1 }),
    fleet.uploads.uploadRecording("r", files(40), { concurrency: 40 }),
    fleet.uploads.uploadManagedRecording("m", [sliceable("a.mcap", 2_000)], {
      concurrency: 4,
    }),
  ]);
  assertEquals([most, running], [10, 0]);
  assertEquals(sends(emulator), 40 * 4 + 20 + 5);
});

test("limits: a wait for one's turn ends with its signal, and holds nobody up", async () => {
  let release = () => {};
  const open = new Promise<void>((resolve) => release = resolve);
  let held = 0;
  const { client, emulator } = emulated({}, (fetch) => async (url, init) => {
    if (url.includes("/storage/") && url.includes("%2Fslow")) {
      held++;
      await open;
    }
    return await fetch(url, init);
  });
  const slow = client.datasets.uploadFiles("A", files(10, "slow"), {
    concurrency: 10,
  });
  while (held < 10) await pause(1);
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = client.datasets.uploadFiles("B", files(3), {}, { signal });
  const behind = client.datasets.uploadFiles("C", files(3));
  // each upload asks for its limits twice, and for each of its files
  while (emulator.requests.length < 12 + 5 + 5) await pause(1);
  await pause(20);
  controller.abort(new Error("enough"));
  await assertRejects(() => waiting, Error, "enough");
  release();
  assertEquals((await slow).files, 10);
  assertEquals((await behind).files, 3);
  assertEquals(sends(emulator), 13);
});

test("limits: one address for two files is refused", async () => {
  const target = (url: string, more: object = {}) =>
    Response.json({ method: "PUT", url, headers: {}, ...more });
  const rows: [string, (number: number) => Response][] = [
    // only the signature tells them apart
    [
      "PUT",
      (number) =>
        target(`https://a.s3.amazonaws.com/x?X-Amz-Signature=${number}`),
    ],
    [
      "form",
      () =>
        target("https://a.s3.amazonaws.com/", {
          method: "POST",
          fields: { key: "x" },
        }),
    ],
  ];
  for (const [name, respond] of rows) {
    let asked = 0;
    let stored = 0;
    const client = new AsyncClient({
      apiKey: "avk_test_key_1",
      fetch: async (url, init) => {
        if (url.includes("/file-upload-url/")) return respond(asked++);
        await new Request(url, init).arrayBuffer();
        stored++;
        return new Response(null, { status: 204 });
      },
    });
    const options = { preflight: false, concurrency: 1 };
    await assertRejects(
      () => client.datasets.uploadFiles("Run", files(3), options),
      InvalidResponseError,
      'Cannot upload "1.bin" as the server gives it the address of "0.bin"',
    );
    assertEquals(stored, 1, name);
    const { files: sent, failures } = await client.datasets.uploadFiles(
      "Run",
      files(3),
      { ...options, onError: "collect" },
    );
    assertEquals([sent, failures.map(({ path }) => path)], [1, [
      "1.bin",
      "2.bin",
    ]]);
  }
});

test("limits: one address for two files of a recording, or two parts, is refused", async () => {
  const same: { [path: string]: string } = {};
  const { client, emulator } = emulated(
    { uploads: { multipartFrom: 1_000, partSize: 400 } },
    (fetch) => async (url, init) => {
      const response = await fetch(url, init);
      const list = url.endsWith("/urls/") ? "urls" : "parts";
      if (!/\/(?:urls|parts)\/$/.test(url)) return response;
      const body = await response.json();
      for (const entry of body[list]) {
        const name = list === "urls" ? "put_url" : "url";
        entry[name] = same[url] ??= entry[name];
      }
      return Response.json(body);
    },
  );
  const { datasets, fleet: { uploads } } = client;
  await assertRejects(
    () => uploads.uploadRecording("r", files(3), { concurrency: 1 }),
    InvalidResponseError,
    'Cannot upload "1.bin" as the server gives it the address of "0.bin"',
  );
  await assertRejects(
    () => datasets.uploadFiles("Run", [made("a.bin", 1_200)]),
    InvalidResponseError,
    'Cannot upload "a.bin (part 2)" as the server gives it the address of "a.bin (part 1)"',
  );
  const { sessionUid, confirmedFiles } = await uploads.getUploadStatus("r");
  assert(sessionUid !== "" && confirmedFiles <= 1);
  assert(emulator.storedFiles.length <= 2);
});

test("limits: parts that only the query tells apart have addresses of their own", async () => {
  const stored: string[] = [];
  const client = new AsyncClient({
    apiKey: "avk_test_key_1",
    fetch: async (url, init) => {
      const request = new Request(url, init);
      if (url.endsWith("/file-upload-url/")) {
        return Response.json({
          method: "MULTIPART",
          upload_uid: "u",
          part_size: 10,
          part_count: 3,
        });
      }
      if (url.endsWith("/parts/")) {
        const { part_numbers } = await request.json();
        const parts = part_numbers.map((part_number: number) => ({
          part_number,
          url:
            `https://a.s3.amazonaws.com/x?partNumber=${part_number}&uploadId=u`,
          headers: {},
        }));
        return Response.json({ parts });
      }
      if (url.endsWith("/complete/")) return Response.json({});
      stored.push(new URL(url).searchParams.get("partNumber") ?? "");
      await request.arrayBuffer();
      return new Response(null);
    },
  });
  const options = { preflight: false };
  const file = made("a.bin", 30);
  const result = await client.datasets.uploadFiles("Run", [file], options);
  assertEquals([result.files, stored.sort()], [1, ["1", "2", "3"]]);
});

/** A storage that takes a body bit by bit, and says how long that took. */
async function slowStorage(
  bytesAtATime: number,
): Promise<{ baseUrl: string; sizes: number[] } & AsyncDisposable> {
  const sizes: number[] = [];
  const server = await serveHttp(async (request, response) => {
    if (request.method === "POST") {
      const url = `${server.origin}/storage/x?X-Amz-Signature=00ff`;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ method: "PUT", url, headers: {} }));
      return;
    }
    let size = 0;
    let left = bytesAtATime;
    for await (const chunk of request) {
      size += chunk.length;
      left -= chunk.length;
      for (; left <= 0; left += bytesAtATime) await pause(100);
    }
    sizes.push(size);
    response.end();
  });
  return { ...server, baseUrl: `${server.origin}/api/v1`, sizes };
}

for (const make of [made, sliceable, blob]) {
  test(`limits: a file that takes longer than the time limit arrives (${make.name})`, async () => {
    // two seconds at the storage's pace, and what fits into the system's buffers
    // (28 MiB here) takes less than the time limit
    const size = 56 * 2 ** 20;
    await using server = await slowStorage(5 * 2 ** 19);
    const { baseUrl } = server;
    const client = new AsyncClient({
      apiKey: "avk_test_key_1",
      baseUrl,
      allowInsecureBaseUrl: true,
    });
    const start = performance.now();
    const result = await client.datasets.uploadFiles(
      "Run",
      [make("a.bin", size)],
      { preflight: false },
      { timeout: 1_500, maxRetries: 0 },
    );
    client.close();
    assertEquals([result.bytes, server.sizes], [size, [size]]);
    assert(performance.now() - start > 2_000);
  });
}

/** A file that is a blob. */
function blob(path: string, size: number): UploadFile {
  return { path, blob: new Blob([new Uint8Array(size)]) };
}

for (const size of [100, 20 * 2 ** 20]) {
  test(`limits: a storage that takes nothing ends in a TimeoutError (${size} bytes)`, async () => {
    await using server = await serveHttp((request, response) => {
      if (request.method !== "POST") return;
      const url = `${server.origin}/storage/x?X-Amz-Signature=00ff`;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ method: "PUT", url, headers: {} }));
    });
    const client = new AsyncClient({
      apiKey: "avk_test_key_1",
      baseUrl: `${server.origin}/api/v1`,
      allowInsecureBaseUrl: true,
    });
    const file = made("a.bin", size);
    await assertRejects(
      () =>
        client.datasets.uploadFiles("Run", [file], { preflight: false }, {
          timeout: 300,
          maxRetries: 0,
        }),
      TimeoutError,
      '"a.bin"',
    );
    await pause(20);
    assertEquals(file.open, 0);
    client.close();
  });
}
