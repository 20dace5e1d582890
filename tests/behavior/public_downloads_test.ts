import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncClient, type DatasetRevisionObject } from "@avala/client";
import {
  AvalaError,
  InvalidArgumentError,
  InvalidResponseError,
} from "@avala/client/errors";
import { AsyncPublicDatasets } from "@avala/client/public-datasets";
import { AvalaEmulator } from "@avala/client/testing";
import { Transport } from "@avala/client/transport";
import { readFile } from "node:fs/promises";
import { served } from "../servers/served.ts";
import { test } from "../tools/harness.ts";

// What a server of public datasets may say of itself, and how it is caught.

type Json = { [key: string]: unknown };

const NAME = "northlight/harbor-crane";
const API = "https://api.avala.ai/api/v1";
const http = JSON.parse(
  await readFile(new URL("../contract/http.json", import.meta.url), "utf8"),
);

/** What a server says, changed by a test. */
interface Changes {
  /** Of a revision. */
  revision?: (json: Json) => void;
  /** Of a list of objects; told the query. */
  page?: (json: Json, query: URLSearchParams) => void;
  /** Of an address. */
  access?: (json: Json) => void;
  /** Headers of every response of the API. */
  headers?: { [name: string]: string };
  /** Instead of the bytes. */
  bytes?: (request: Request) => Response | Promise<Response>;
}

/** Public datasets of the emulator, through a server that changes what it says. */
function changed(
  changes: Changes,
  options: object = {},
): { api: AsyncPublicDatasets; asked: string[] } {
  const emulator = new AvalaEmulator();
  const asked: string[] = [];
  const fetch = async (input: string, init?: RequestInit) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    asked.push(`${request.method} ${url.host}${url.pathname}${url.search}`);
    const isApi = url.host === "api.avala.ai" &&
      !url.pathname.includes("/resolve/download/");
    if (!isApi && changes.bytes) return await changes.bytes(request);
    const query = new URLSearchParams(url.search);
    // a cursor that the test has made up
    if (changes.page) url.searchParams.delete("cursor");
    const response = await emulator.fetch(new Request(url, request));
    if (!isApi || !response.ok) return response;
    const json = await response.json();
    if (url.pathname.endsWith("/access/")) changes.access?.(json);
    else if (url.pathname.endsWith("/objects/")) {
      changes.page?.(json, query);
    } else changes.revision?.(json);
    return Response.json(json, { headers: changes.headers ?? {} });
  };
  const all = { fetch, maxRetries: 0, ...options };
  const api = new AsyncPublicDatasets(new Transport(all, "none"));
  return { api, asked };
}

/** Sets a field, perhaps of a field. */
function set(path: string, value: unknown): (json: Json) => void {
  return (json) => {
    const names = path.split(".");
    const last = names.pop()!;
    const object = names.reduce((at, name) => at[name] as Json, json);
    object[last] = typeof value === "function" ? value(object[last]) : value;
  };
}

async function walk(objects: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of objects) count++;
  return count;
}

async function firstEpisode(
  api: AsyncPublicDatasets,
): Promise<DatasetRevisionObject> {
  const { episodes } = await api.load(NAME);
  return (await episodes.toArray({ limit: 1 }))[0]!;
}

const OTHER = "00000000-0000-4000-8000-000000000009";
const DIGEST = "ab".repeat(32);
/** Follows what is wrong with bytes whose count no header tells. */
const HINT = ": if it is stored compressed, 'fetch' has decompressed it";

test("public datasets: a revision that does not fit is refused", async () => {
  const cases: [string, unknown][] = [
    ["schema_version", 2],
    ["requested_reference", `${NAME}@other`],
    ["dataset_uid", OTHER],
    ["dataset_uid", (uid: string) => uid.toUpperCase().replace("5", "A")],
    ["revision_uid", null],
    ["revision_sha256", DIGEST],
    ["canonical_reference", `avala://datasets/${OTHER}@${DIGEST}`],
    ["display_reference", `northlight/other@${DIGEST}`],
    ["state", "draft"],
    ["manifest", null],
    ["manifest", []],
    ["manifest.schema_version", 2],
    ["manifest.sha256", "x"],
    ["manifest.object_count", -1],
    ["manifest.object_count", 100_001],
    ["manifest.total_size_bytes", 0.5],
    ["manifest.origins", []],
    ["manifest.origins", null],
    ["manifest.origins", ["primary"]],
    ["manifest.origins", [null]],
    ["manifest.origins", [{ name: "b" }, { name: "a" }]],
    ["manifest.origins", [{ name: "a" }, { name: "a" }]],
    ["manifest.origins", Array(33).fill(0).map((_, n) => ({ name: `a${n}` }))],
    ["manifest.objects_path", `/resolve/uid/${OTHER}/${DIGEST}/objects/`],
    ["manifest.objects_path", `${API}/resolve/`],
  ];
  for (const [path, value] of cases) {
    const { api } = changed({ revision: set(path, value) });
    const error = await assertRejects(() => api.load(NAME));
    assert(error instanceof InvalidResponseError, `${path}: ${error}`);
    assert(error.message.startsWith("Cannot use what the server says of "));
  }
  // by its digest, another one would be a lie
  const { api } = changed({});
  const { revision } = await api.load(NAME);
  const older = await api.load(NAME, { revision: "release-1" });
  const lying = changed({
    revision: (json) => Object.assign(json, { revision_sha256: DIGEST }),
  });
  for (const reference of [revision, older.revision]) {
    await assertRejects(
      () => lying.api.load(reference.canonicalReference),
      InvalidResponseError,
    );
  }
});

test("public datasets: a listing that does not fit is refused", async () => {
  const objects = (change: (objects: Json[]) => void) => (json: Json) =>
    change(json.results as Json[]);
  const cases: [string, Changes["page"]][] = [
    ["schemaVersion", set("schema_version", 2)],
    ["canonicalReference", set("canonical_reference", "x")],
    ["revisionSha256", set("revision_sha256", DIGEST)],
    ["manifestSha256", set("manifest_sha256", DIGEST)],
    ["results", set("results", {})],
    // as good as none
    ["objectCount", set("results", null)],
    ["results", set("results", Array(101).fill({}))],
    ["results", set("results", [null])],
    ["nextCursor", set("next_cursor", "")],
    ["nextCursor", set("next_cursor", 7)],
    ["nextCursor", set("next_cursor", "x".repeat(8_193))],
    // it would never end
    ["previousCursor", set("next_cursor", "again")],
    ["objectUid", objects(([first]) => set("object_uid", "x")(first!))],
    ["objectUid", objects(([a, b]) => set("object_uid", a!.object_uid)(b!))],
    ["role", objects(([first]) => set("role", "Épisode")(first!))],
    ["ordinal", objects(([first]) => set("ordinal", -1)(first!))],
    ["ordinal", objects((all) => all.reverse())],
    [
      "ordinal",
      objects((all) => {
        const { object_uid, access_path, ...again } = all[1]!;
        const path = String(access_path).replace(String(object_uid), OTHER);
        all.splice(2, 0, {
          ...again,
          object_uid: OTHER,
          access_path: path,
        });
      }),
    ],
    ["origin", objects(([first]) => set("origin", "elsewhere")(first!))],
    ["sizeBytes", objects(([first]) => set("size_bytes", null)(first!))],
    ["sha256", objects(([first]) => set("sha256", "x")(first!))],
    ["accessPath", objects(([first]) => set("access_path", "/x/")(first!))],
    [
      "episodeOrdinal",
      objects((all) =>
        all.length > 1 && set("episode_ordinal", 9)(all.at(-1)!)
      ),
    ],
    [
      "episodeOrdinal",
      objects(([first]) => set("episode_ordinal", "0")(first!)),
    ],
    ["objectCount", objects((all) => all.pop())],
    [
      "totalSizeBytes",
      objects((all) => set("size_bytes", (size: number) => size - 1)(all[0]!)),
    ],
    [
      "totalSizeBytes",
      objects((all) => set("size_bytes", 2 ** 40)(all[0]!)),
    ],
    ...[
      "",
      "/etc/passwd",
      "a//b",
      "a/./b",
      "../b",
      "a/..",
      "a\\b",
      "a\u0000b",
      "a%2fb",
      "a%2Fb",
      "u\u0308.txt",
      "x".repeat(1_025),
      null,
    ].map((path): [string, Changes["page"]] => [
      "logicalPath",
      objects(([first]) => set("logical_path", path)(first!)),
    ]),
  ];
  for (const [field, page] of cases) {
    const { api } = changed({ page: page! });
    const { objects } = await api.load(NAME);
    const error = await assertRejects(() => walk(objects));
    assert(error instanceof InvalidResponseError, `${field}: ${error}`);
    assert(error.message.includes(`its '${field}'`), `${field}: ${error}`);
  }
});

test("public datasets: cursors lead on, and never in a circle", async () => {
  const small = (json: Json, query: URLSearchParams) => {
    const start = Number(query.get("cursor") ?? 0);
    const results = json.results as Json[];
    json.next_cursor = start + 2 < results.length ? `${start + 2}` : null;
    json.previous_cursor = start > 0 ? `${start - 2}` : null;
    json.results = results.slice(start, start + 2);
  };
  const cases: [string | null, Changes["page"]][] = [
    [null, small],
    ["nextCursor", (json, query) => {
      small(json, query);
      if (query.get("cursor") === "4") json.next_cursor = "2";
    }],
    ["previousCursor", (json, query) => {
      small(json, query);
      json.previous_cursor = null;
    }],
    ["results", (json, query) => {
      small(json, query);
      if (query.get("cursor") === "4") json.results = [];
    }],
    ["objectUid", (json, query) => {
      const { results } = json;
      small(json, query);
      if (query.get("cursor") === "4") {
        json.results = (results as Json[]).slice(2, 4);
      }
    }],
  ];
  for (const [field, page] of cases) {
    const { api } = changed({ page: page! });
    const dataset = await api.load(NAME);
    const list = () => walk(dataset.objects);
    if (field === null) assertEquals(await list(), 7);
    else {
      await assertRejects(list, InvalidResponseError, `its '${field}'`);
    }
  }
});

test("public datasets: one object is what was asked for", async () => {
  const cases: [string, Changes["page"]][] = [
    ["ordinal", (json) => set("ordinal", 1)((json.results as Json[])[0]!)],
    ["role", (json) => set("role", "thumbnail")((json.results as Json[])[0]!)],
    ["nextCursor", set("next_cursor", "x")],
  ];
  for (const [field, page] of cases) {
    const { api } = changed({ page: page! });
    const dataset = await api.load(NAME);
    await assertRejects(
      () => dataset.getObject("episode", 0),
      InvalidResponseError,
      `its '${field}'`,
    );
  }
});

test("public datasets: an address that does not fit is not used", async () => {
  const cases: [string, unknown][] = [
    ["schema_version", 2],
    ["canonical_reference", `avala://datasets/${OTHER}@${DIGEST}`],
    ["dataset_uid", OTHER],
    ["revision_sha256", DIGEST],
    ["object_uid", OTHER],
    ["method", "POST"],
    ["size_bytes", 1],
    ["sha256", DIGEST],
    ["expires_at", "soon"],
    ["expires_at", null],
    ["url", null],
    ["url", "/relative"],
    ["provider", "avala_edge"],
    ["provider", "another_cloud"],
    ["provider", "__proto__"],
    ["provider", null],
  ];
  for (const [path, value] of cases) {
    const { api, asked } = changed({ access: set(path, value) });
    const episode = await firstEpisode(api);
    const error = await assertRejects(() => api.downloadObject(episode));
    assert(error instanceof InvalidResponseError, `${path}: ${error}`);
    assert(error.message.includes(episode.objectUid), error.message);
    assertEquals(asked.filter((url) => url.includes("/download/")), []);
  }
});

interface Vector {
  provider: string;
  host: string;
  path?: string;
  url?: string;
  allowed: boolean;
  /** Options of the client. */
  options?: object;
}

test("public datasets: the provider decides which hosts are trusted", async () => {
  const { vectors } = http.storageHosts.publicDatasets;
  const edge = (path: string, host = "data.avala.ai") => ({
    provider: "avala_edge",
    host,
    path,
  });
  const more: Vector[] = [
    {
      provider: "gcs",
      host: "bucket.s3.us-west-2.amazonaws.com",
      allowed: false,
    },
    {
      provider: "aws_s3",
      host: "bucket.storage.googleapis.com",
      allowed: false,
    },
    { provider: "aws_s3", host: "s3.eu-north-1.amazonaws.com", allowed: true },
    { provider: "aws_s3", host: "s3-eu-west-1.amazonaws.com", allowed: true },
    {
      provider: "aws_s3",
      host: "b.s3-accelerate.dualstack.amazonaws.com",
      allowed: true,
    },
    { provider: "aws_s3", host: "S3.AMAZONAWS.COM", allowed: true },
    { provider: "aws_s3", host: "s3.amazonaws.com.", allowed: false },
    { provider: "aws_s3", host: "s3.amazonaws.com:444", allowed: false },
    { provider: "aws_s3", host: "a:b@s3.amazonaws.com", allowed: false },
    { provider: "aws_s3", host: "evils3.amazonaws.com", allowed: false },
    {
      provider: "azure_blob",
      host: "a.b.blob.core.windows.net",
      allowed: false,
    },
    { provider: "cloudflare_r2", host: "media.example.net", allowed: false },
    {
      provider: "cloudflare_r2",
      host: "media.example.net",
      options: { storageHosts: ["media.example.net"] },
      allowed: true,
    },
    {
      provider: "aws_s3",
      host: "",
      url: "http://s3.amazonaws.com/1",
      allowed: false,
    },
    {
      provider: "aws_s3",
      host: "",
      url: "https://s3.amazonaws.com/1#a",
      allowed: false,
    },
    {
      provider: "aws_s3",
      host: "",
      url: "https://s3.amazonaws.com/a b",
      allowed: false,
    },
    {
      provider: "aws_s3",
      host: "",
      url: "https://s3.ama\tzonaws.com/",
      allowed: false,
    },
    {
      provider: "avala_proxy",
      host: "api.avala.ai",
      path: "/api/v1/datasets/",
      allowed: false,
    },
    {
      provider: "avala_proxy",
      host: "api.avala.ai",
      path: "/resolve/download/1",
      allowed: false,
    },
    {
      provider: "avala_proxy",
      host: "api.avala.ai",
      path: "/api/v1/resolve/download/../../users/me/",
      allowed: false,
    },
    { provider: "avala_proxy", host: "api.avala.ai:444", allowed: false },
    { ...edge(`PLACE/${DIGEST}?grant=1`), allowed: true },
    { ...edge(`PLACE/${DIGEST}?grant=1`, "data.avala.com"), allowed: false },
    { ...edge(`PLACE/${DIGEST}?grant=1&more=1`), allowed: false },
    { ...edge(`PLACE/${DIGEST}?grant=`), allowed: false },
    { ...edge(`PLACE/${DIGEST}`), allowed: false },
    { ...edge(`PLACE/${DIGEST}?grant=${"1".repeat(4_097)}`), allowed: false },
    { ...edge(`PLACE/${DIGEST}/x?grant=1`), allowed: false },
    { ...edge(`/v1/elsewhere/${DIGEST}?grant=1`), allowed: false },
    { provider: "aws_s3", host: "localhost", allowed: false },
    {
      provider: "aws_s3",
      host: "localhost:8000",
      options: { allowInsecureBaseUrl: true },
      allowed: true,
    },
  ];
  for (const vector of [...vectors as Vector[], ...more]) {
    const { provider, host, url, options, allowed } = vector;
    const usual = provider === "avala_proxy"
      ? "/api/v1/resolve/download/1"
      : "/1.mcap?X-Amz-Signature=00ff";
    const { api, asked } = changed({
      access: (json) => {
        const place =
          `/v1/datasets/${json.dataset_uid}/${json.revision_sha256}` +
          `/${json.manifest_sha256}/objects/${json.object_uid}`;
        const path = (vector.path ?? usual).replace("PLACE", place);
        json.provider = provider;
        json.url = url ?? `https://${host}${path}`;
      },
      bytes: () => new Response("the bytes"),
    }, options);
    const episode = await firstEpisode(api);
    const before = asked.length + 1;
    const download = await api.downloadObject(episode).catch((error) => error);
    const place = `${provider} ${url ?? host}${vector.path ?? ""}`;
    const isAsked = asked.length > before;
    assertEquals([place, isAsked], [place, allowed]);
    if (allowed) await download.cancel();
    else assert(download instanceof InvalidResponseError, `${download}`);
  }
});

test("public datasets: an address about to expire is asked for once more", async () => {
  const expiring = (...lives: number[]) =>
    changed({
      access: (json) => {
        const life = lives.length > 1 ? lives.shift()! : lives[0]!;
        json.expires_at = new Date(Date.now() + life).toISOString();
      },
    });
  const grants = (asked: string[]) =>
    asked.filter((url) => url.startsWith("POST")).length;
  const cases: [number[], number, boolean][] = [
    [[60_000], 1, true],
    [[4_000, 60_000], 2, true],
    [[4_000], 2, false],
    [[-60_000], 2, false],
  ];
  for (const [lives, count, isDone] of cases) {
    const { api, asked } = expiring(...lives);
    const episode = await firstEpisode(api);
    const call = () => api.downloadObject(episode);
    if (isDone) await (await call()).bytes();
    else {
      await assertRejects(call, InvalidResponseError, "about to expire");
    }
    assertEquals(grants(asked), count);
  }
});

test("public datasets: the server's clock measures the life of an address", async () => {
  const at = (ms: number) => new Date(Date.now() + ms).toUTCString();
  const cases: [number, number, string | null][] = [
    // an hour behind: the clock of this machine would call it long-lived
    [-3_600_000, -3_600_000 + 200_000, null],
    [-3_600_000, -3_600_000 + 2_000, "about to expire"],
    [0, 400_000, "its 'expiresAt'"],
    [3_600_000, 3_600_000 + 200_000, "more than 30 s ahead"],
    [20_000, 220_000, null],
  ];
  for (const [clock, expires, message] of cases) {
    const { api } = changed({
      headers: { date: at(clock) },
      access: (json) => {
        json.expires_at = new Date(Date.now() + expires).toISOString();
      },
    });
    const episode = await firstEpisode(api);
    const call = async () => await (await api.downloadObject(episode)).bytes();
    if (message) await assertRejects(call, InvalidResponseError, message);
    else assertEquals((await call()).length, episode.sizeBytes);
  }
});

test("public datasets: other bytes than promised fail at the end", async () => {
  const api = changed({}).api;
  const episode = await firstEpisode(api);
  const right = await (await api.downloadObject(episode)).bytes();
  const wrong = right.slice();
  wrong[9]! ^= 1;
  const longer = new Uint8Array([...right, 0]);
  const cases: [BodyInit, string][] = [
    [wrong, "its bytes have another SHA-256 than they must"],
    [longer, `more bytes came than its ${right.length}`],
    [
      right.subarray(1),
      `${right.length - 1} bytes came instead of ${right.length}`,
    ],
    ["", `0 bytes came instead of ${right.length}`],
  ];
  for (const [body, message] of cases) {
    const { api } = changed({ bytes: () => new Response(body) });
    const download = await api.downloadObject(episode);
    const error = await assertRejects(() => download.bytes());
    assert(error instanceof InvalidResponseError, `${error}`);
    assertEquals(
      error.message,
      `Cannot download object ${episode.objectUid} from avala_proxy as ${message}${HINT}`,
    );
  }
  // a stream of too many bytes is not read to its end
  let pulled = 0;
  let isCanceled = false;
  const endless = changed({
    bytes: () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            pulled++;
            controller.enqueue(new Uint8Array(64));
          },
          cancel() {
            isCanceled = true;
          },
        }, { highWaterMark: 0 }),
      ),
  });
  const download = await endless.api.downloadObject(episode);
  await assertRejects(() => download.bytes(), InvalidResponseError);
  assertEquals([isCanceled, pulled < right.length], [true, true]);
});

test("public datasets: bytes that fetch has decompressed", async () => {
  const api = changed({}).api;
  const episode = await firstEpisode(api);
  const right = await (await api.downloadObject(episode)).bytes();
  // what fetch gives for a body with an encoding: its bytes, and what was sent of them
  const headers = { "content-encoding": "gzip", "content-length": "9" };
  const asTold = changed({ bytes: () => new Response(right, { headers }) }).api;
  assertEquals(await (await asTold.downloadObject(episode)).bytes(), right);

  const other = new Uint8Array(right.length * 3);
  const { api: packed } = changed({
    bytes: () => new Response(other, { headers }),
  });
  const download = await packed.downloadObject(episode);
  await assertRejects(
    () => download.bytes(),
    InvalidResponseError,
    `more bytes came than its ${right.length}${HINT}`,
  );
});

test("public datasets: a redirect and a refusal are no bytes", async () => {
  const cases: [number, string][] = [
    [302, "responded with 302: redirects are not followed"],
    [206, "responded with a part of it"],
    [404, "responded with 404"],
    [500, "responded with 500"],
  ];
  for (const [status, message] of cases) {
    const headers = { location: "https://evil.example/" };
    const { api, asked } = changed({
      bytes: () => new Response("x", { status, headers }),
    });
    const episode = await firstEpisode(api);
    const error = await assertRejects(() => api.downloadObject(episode));
    assert(error instanceof AvalaError);
    assert(error.message.includes(message), error.message);
    assert(
      error.message.startsWith(`Cannot download object ${episode.objectUid}`),
    );
    assertEquals(asked.filter((url) => url.includes("evil")), []);
  }
});

test("public datasets: the address is in no error, hook or inspection", async () => {
  const secrets = ["a-very-secret-path", "a-very-secret-grant"];
  const told: unknown[] = [];
  const hooks = {
    onRequest: (event: unknown) => void told.push(event),
    onResponse: (event: unknown) => void told.push(event),
    onRetry: (event: unknown) => void told.push(event),
    onError: (event: unknown) => void told.push(event),
  };
  const bodies = [
    () => new Response(`not ${secrets}`, { status: 503 }),
    () => new Response(`not ${secrets}`, { status: 403 }),
    () => Promise.reject(new TypeError(`failed ${secrets}`)),
    () => new Response("x"),
  ];
  for (const bytes of bodies) {
    const { api } = changed({
      access: (json) => {
        json.provider = "gcs";
        json.url = `https://storage.googleapis.com/${secrets[0]}?X-Goog=${
          secrets[1]
        }`;
      },
      bytes,
    }, { hooks });
    const episode = await firstEpisode(api);
    const download = api.downloadObject(episode);
    const error = await assertRejects(async () => (await download).bytes());
    assert(error instanceof AvalaError);
    const { message, body, path, history, cause, stack } = error;
    told.push(message, body, path, history, String(cause), stack);
    assert(message.includes(`object ${episode.objectUid} from gcs`), message);
  }
  // an error's own fields are not enumerable
  const shown = told.map((entry) =>
    JSON.stringify(
      entry,
      (_, value) =>
        value instanceof Error
          ? { ...value, message: value.message, stack: value.stack }
          : value,
    )
  ).join("\n");
  assert(shown.includes("storage.googleapis.com"));
  for (const secret of secrets) assert(!shown.includes(secret), secret);
});

test("public datasets: storage is asked for the bytes as they are", async () => {
  const seen: { [provider: string]: Headers } = {};
  const hosts = {
    gcs: "storage.googleapis.com",
    aws_s3: "s3.amazonaws.com",
  };
  for (const [provider, host] of Object.entries(hosts)) {
    const { api } = changed({
      access: (json) => {
        Object.assign(json, { provider, url: `https://${host}/1` });
      },
      bytes: ({ headers }) => {
        seen[provider] = headers;
        return new Response("x");
      },
    }, { clientName: "robot_1", headers: { "x-mine": "1" } });
    const episode = await firstEpisode(api);
    await (await api.downloadObject(episode)).cancel();
  }
  const names = ["accept-encoding", "x-avala-client", "x-mine"];
  assertEquals(
    Object.values(seen).map((headers) =>
      names.map((name) => headers.get(name))
    ),
    [["gzip", null, null], ["identity", null, null]],
  );
});

test("public datasets: a broken connection goes on where it was", async () => {
  const emulator = new AvalaEmulator();
  await using transport = new Transport({ fetch: emulator.fetch }, "none");
  const api = new AsyncPublicDatasets(transport);
  const episode = await firstEpisode(api);
  emulator.fault({ path: "/resolve/download", truncate: true });
  const progress: number[] = [];
  const download = await api.downloadObject(episode, {
    onProgress: ({ bytes }) => progress.push(bytes),
  });
  const bytes = await download.bytes();
  assertEquals([bytes.length, progress.at(-1)], [
    episode.sizeBytes,
    episode.sizeBytes,
  ]);
  const ranges = emulator.requests.filter(({ path }) =>
    path.includes("/resolve/download/")
  ).map(({ headers }) => headers.range);
  assertEquals(ranges, [undefined, `bytes=${episode.sizeBytes >> 1}-`]);
  // parts can be had, too
  const sliced = await api.downloadObject(episode);
  assertEquals([sliced.size, sliced.canSlice], [episode.sizeBytes, true]);
  const part = await new Response(await sliced.slice(1, 5)).text();
  assertEquals(part, "MCAP");
  await sliced.cancel();
});

test("public datasets: the emulator's address takes no credential", async () => {
  const { fetch } = new AvalaEmulator();
  await using transport = new Transport({ fetch }, "none");
  const api = new AsyncPublicDatasets(transport);
  const { revision, episodes } = await api.load(NAME);
  const [{ objectUid }] = await episodes.toArray({ limit: 1 }) as [
    DatasetRevisionObject,
  ];
  const { datasetUid, revisionSha256 } = revision;
  const { url } = await api.getObjectAccess(
    datasetUid,
    revisionSha256,
    objectUid,
  );
  const names = ["x-avala-api-key", "x-avala-client", "authorization"];
  for (const name of names) {
    const response = await fetch(url, { headers: { [name]: "Bearer avk_1" } });
    assertEquals(response.status, 400);
    await response.body?.cancel();
  }
  const forged = url.replace(/.$/, (end) => end === "0" ? "1" : "0");
  const response = await fetch(forged);
  assertEquals(response.status, 403);
  await response.body?.cancel();
});

test("public datasets: an address that expires is asked for again", async () => {
  let now = Date.parse("2026-03-14T09:00:00Z");
  const emulator = new AvalaEmulator({ now: () => now });
  await using transport = new Transport({ fetch: emulator.fetch }, "none");
  const api = new AsyncPublicDatasets(transport);
  const episode = await firstEpisode(api);
  const grants = () =>
    emulator.requests.filter(({ method }) => method === "POST").length;
  await using first = await api.downloadObject(episode);
  assertEquals(grants(), 1);
  now += 300_000;
  // a part is asked for at the same address, which has expired
  const part = await new Response(await first.slice(1, 5)).text();
  assertEquals([part, grants()], ["MCAP", 2]);
});

served(
  "public datasets: what may be read into memory is bounded",
  async (used) => {
    const { client: { publicDatasets } } = used;
    const { episodes } = await publicDatasets.load(NAME);
    const [episode] = await episodes.toArray({ limit: 1 });
    const { sizeBytes } = episode!;
    const open = (maxBytes: number) =>
      publicDatasets.downloadObject(episode!, { maxBytes });
    assertEquals((await (await open(sizeBytes)).bytes()).length, sizeBytes);
    const small = await open(sizeBytes - 1);
    for (const read of ["bytes", "text", "json"] as const) {
      await using download = await open(sizeBytes - 1);
      await assertRejects(
        () => download[read](),
        InvalidArgumentError,
        `has more than the ${sizeBytes - 1} bytes that 'maxBytes' allows`,
      );
    }
    // its stream is not bounded
    const bytes = new Uint8Array(await new Response(small.body).arrayBuffer());
    assertEquals(bytes.length, sizeBytes);
  },
);

test("public datasets: what is no object is refused before anything is sent", async () => {
  const emulator = new AvalaEmulator();
  await using client = new AsyncClient({
    apiKey: "avk_test_key_1",
    fetch: emulator.fetch,
  });
  const { publicDatasets } = client;
  const episode = await firstEpisode(publicDatasets);
  const sent = emulator.requests.length;
  const wrong = [
    null,
    "episode",
    {},
    { ...episode, accessPath: "/users/me/" },
    { ...episode, accessPath: `${API}${episode.accessPath}` },
    { ...episode, objectUid: OTHER },
    { ...episode, sha256: "x" },
    { ...episode, sizeBytes: "1" },
  ];
  for (const object of wrong) {
    await assertRejects(
      () => publicDatasets.downloadObject(object as DatasetRevisionObject),
      InvalidArgumentError,
      "'object' must be an object as a listing gives it",
    );
  }
  await assertRejects(
    () => publicDatasets.downloadObject(episode, { maxBytes: 0 }),
    InvalidArgumentError,
    "'maxBytes' must be a positive integer",
  );
  await assertRejects(
    () => publicDatasets.downloadObject(episode, { limit: 1 } as object),
    InvalidArgumentError,
    "no option 'limit'",
  );
  assertEquals(emulator.requests.length, sent);
});
