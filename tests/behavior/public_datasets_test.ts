import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  AsyncClient,
  type DatasetRevision,
  type DatasetRevisionObject,
  type PublicDataset,
} from "@avala/client";
import {
  AvalaError,
  DatasetRevisionWithdrawnError,
  InvalidArgumentError,
  NotFoundError,
} from "@avala/client/errors";
import { AsyncPublicDatasets } from "@avala/client/public-datasets";
import { AvalaEmulator } from "@avala/client/testing";
import { type HookError, Transport } from "@avala/client/transport";
import { readFile } from "node:fs/promises";
import { type Served, served } from "../servers/served.ts";
import { test } from "../tools/harness.ts";

const NAME = "northlight/harbor-crane";
const CREDENTIALS = ["x-avala-api-key", "authorization"];

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

async function all(
  objects: AsyncIterable<DatasetRevisionObject>,
): Promise<DatasetRevisionObject[]> {
  const found: DatasetRevisionObject[] = [];
  for await (const object of objects) found.push(object);
  return found;
}

/** The two arguments that name a revision. */
function placeOf({ datasetUid, revisionSha256 }: DatasetRevision) {
  return [datasetUid, revisionSha256] as const;
}

/** A revision that was withdrawn: the emulator's world has one. */
async function withdrawnOf({ client }: Served): Promise<[string, string]> {
  const [dataset] = (await client.datasets.list({ visibility: "public" }))
    .items;
  return [
    dataset?.uid ?? "",
    // the digest is told nowhere any more
    await digestOfTwo(dataset?.uid ?? ""),
  ];
}

/** The digest of the revision of two episodes, as the emulator makes it. */
async function digestOfTwo(dataset: string): Promise<string> {
  const emulator = new AvalaEmulator();
  await using client = new AsyncClient({
    apiKey: "avk_test_key_1",
    fetch: emulator.fetch,
  });
  const { objects } = await client.publicDatasets.load(NAME);
  const older = (await all(objects)).filter(({ logicalPath }) =>
    !logicalPath.includes("0003")
  );
  const listed = older.map(({ logicalPath, sha256 }) => [logicalPath, sha256]);
  const text = (value: string) => sha256(new TextEncoder().encode(value));
  return await text(`${dataset} ${await text(JSON.stringify(listed))}`);
}

test("public datasets: no key is needed, and none is read", async () => {
  const emulator = new AvalaEmulator();
  await using transport = new Transport({ fetch: emulator.fetch }, "none");
  const publicDatasets = new AsyncPublicDatasets(transport);
  const { revision, objects } = await publicDatasets.load(NAME);
  const found = await all(objects);
  assertEquals(found.length, revision.manifest.objectCount);
  for (const object of found) {
    const download = await publicDatasets.downloadObject(object);
    const bytes = await download.bytes();
    assertEquals(
      [bytes.length, await sha256(bytes), download.contentType],
      [object.sizeBytes, object.sha256, object.contentType],
    );
  }
  assertEquals(emulator.requests.every(({ status }) => status === 200), true);
});

served("public datasets: a credential stays at home", async (used) => {
  const { emulator, baseUrl } = used;
  const open = { baseUrl, allowInsecureBaseUrl: true, clientName: "robot_1" };
  const credentials = [
    { apiKey: "avk_very_secret_key_1" },
    { accessToken: "very.secret" },
    { accessToken: () => Promise.reject(new Error("nobody asks for it")) },
  ];
  for (const credential of credentials) {
    await using client = new AsyncClient({ ...open, ...credential });
    const { publicDatasets } = client;
    const { revision, episodes } = await publicDatasets.load(NAME);
    const [first] = await episodes.toArray({ limit: 1 });
    const place = placeOf(revision);
    await publicDatasets.getObjectAccess(...place, first!.objectUid);
    // a caller's header goes to the API, not to the address
    const headers = { "x-mine": "1", "x-avala-api-key": "avk_sneaked_in" };
    await publicDatasets.downloadObject(first!, {}, { headers })
      .then((download) => download.bytes());
    assertEquals(client.rateLimitInfo.limit, null);
  }
  assertEquals(
    emulator.requests.filter(({ headers }) =>
      CREDENTIALS.some((name) => name in headers)
    ),
    [],
  );
  const addresses = emulator.requests.filter(({ path }) =>
    path.includes("/resolve/download/")
  );
  assertEquals(
    addresses.map((
      { headers },
    ) => [headers["x-mine"], headers["x-avala-client"]]),
    credentials.map(() => [undefined, undefined]),
  );
  assertEquals(
    emulator.requests.filter(({ headers }) => headers["x-mine"]).length,
    credentials.length,
  );
  // the client itself has not lost it
  await using client = new AsyncClient({ ...open, ...credentials[0]! });
  await client.datasets.list();
  assert("x-avala-api-key" in emulator.requests.at(-1)!.headers);
});

test("public datasets: closing the client ends its downloads", async () => {
  const { fetch } = new AvalaEmulator();
  const client = new AsyncClient({ apiKey: "avk_test_key_1", fetch });
  const dataset = await client.publicDatasets.load(NAME);
  client.close();
  await assertRejects(() => all(dataset.objects), AvalaError, "closed");
});

served(
  "public datasets: an alias and a digest lead to one revision",
  async (used) => {
    const { client: { publicDatasets } } = used;
    const main = await publicDatasets.resolve(
      "northlight",
      "harbor-crane",
      "main",
    );
    const { requestedReference: _, ...same } = main;
    const byDigest = await publicDatasets.resolve(
      "northlight",
      "harbor-crane",
      main.revisionSha256,
    );
    const byUid = await publicDatasets.resolveByUid(...placeOf(main));
    assertEquals([byDigest, byUid], [
      { requestedReference: main.displayReference, ...same },
      { requestedReference: main.canonicalReference, ...same },
    ]);
    const older = await publicDatasets.load(NAME, { revision: "release-1" });
    assert(older.revision.revisionSha256 !== main.revisionSha256);
    assertEquals(older.revision.datasetUid, main.datasetUid);
    for (const selector of ["gone", "0".repeat(64)]) {
      await assertRejects(
        () => publicDatasets.resolve("northlight", "harbor-crane", selector),
        NotFoundError,
      );
    }
    // not public
    await assertRejects(
      () => publicDatasets.load("northlight/street-images"),
      NotFoundError,
    );
    await assertRejects(
      () => publicDatasets.resolve("northlight", "harbor-crane@main", "main"),
      InvalidArgumentError,
      "'dataset' must be a text without '@'",
    );
  },
);

served(
  "public datasets: objects by cursor, by number and by numbers",
  async (used) => {
    const { client: { publicDatasets }, emulator } = used;
    const { revision } = await publicDatasets.load(NAME);
    const place = placeOf(revision);
    const first = await publicDatasets.listObjects(...place, { limit: 4 });
    assertEquals([first.results.length, first.previousCursor], [4, null]);
    const next = await publicDatasets.listObjects(...place, {
      limit: 4,
      cursor: first.nextCursor ?? "",
    });
    assertEquals([next.results.length, next.nextCursor], [3, null]);
    assertEquals(
      [...first.results, ...next.results].map(({ role, ordinal }) =>
        `${role} ${ordinal}`
      ),
      [
        "calibration 0",
        "episode 0",
        "episode 1",
        "episode 2",
        "thumbnail 0",
        "thumbnail 1",
        "thumbnail 2",
      ],
    );
    const one = await publicDatasets.listObjects(...place, {
      role: "episode",
      ordinal: 0,
    });
    assertEquals(one.results, [first.results[1]!]);
    const some = await publicDatasets.listObjects(...place, {
      role: "thumbnail",
      ordinals: [0, 2],
    });
    assertEquals(some.results.map(({ ordinal }) => ordinal), [0, 2]);

    const sent = emulator.requests.length;
    const wrong: [object, string][] = [
      [{ ordinals: [] }, "'ordinals' must be an array of 1 to 100 integers"],
      [{ ordinals: [-1] }, "'ordinals' must be an array of 1 to 100 integers"],
      [
        { ordinals: Array(101).fill(0) },
        "'ordinals' must be an array of 1 to 100 integers",
      ],
      [{ ordinal: 0.5 }, "'ordinal' must be an integer from 0"],
      [{ limit: 101 }, "'limit' must be an integer from 1 to 100"],
      [{ roles: "x" }, "no option 'roles'"],
    ];
    for (const [options, message] of wrong) {
      await assertRejects(
        () => publicDatasets.listObjects(...place, options),
        InvalidArgumentError,
        message,
      );
    }
    assertEquals(emulator.requests.length, sent);
  },
);

test("public datasets: a list is sent as one key for each value", async () => {
  const seen: string[] = [];
  const fetch = (url: string) => {
    seen.push(new URL(url).search);
    return Promise.resolve(Response.json({ results: [] }));
  };
  const publicDatasets = new AsyncPublicDatasets(
    new Transport({ fetch }, "none"),
  );
  await publicDatasets.listObjects("u", "r", { role: "a", ordinals: [0, 3] });
  assertEquals(seen, ["?role=a&ordinals=0&ordinals=3"]);
});

served(
  "public datasets: a revision that was withdrawn says so",
  async (used) => {
    const { client: { publicDatasets } } = used;
    const place = await withdrawnOf(used);
    const [datasetUid, revisionSha256] = place;
    const canonicalReference =
      `avala://datasets/${datasetUid}@${revisionSha256}`;
    const calls = [
      () => publicDatasets.load(canonicalReference),
      () => publicDatasets.load(`${NAME}@${revisionSha256}`),
      () => publicDatasets.listObjects(...place),
      () => publicDatasets.getObjectAccess(...place, "u"),
      () => publicDatasets.requestObjectAccess(...place, "u"),
    ];
    for (const call of calls) {
      const error = await assertRejects(call, DatasetRevisionWithdrawnError);
      assert(error instanceof DatasetRevisionWithdrawnError);
      assertEquals(
        [error.datasetUid, error.revisionSha256, error.canonicalReference],
        [datasetUid, revisionSha256, canonicalReference],
      );
      assertEquals(
        error.message,
        `Cannot use ${canonicalReference} as this revision of the dataset was withdrawn: ask for another one, such as 'main'`,
      );
      assertEquals([error.statusCode, error.attempts, error.name], [
        410,
        1,
        "DatasetRevisionWithdrawnError",
      ]);
      assertEquals(error.history.map(({ error }) => error.name), [error.name]);
    }
  },
);

test("public datasets: a withdrawal is believed of what was asked for alone", async () => {
  const { body } = (await contract("operations.json"))
    .find(({ id }: { id: string }) => id === "publicDatasets.resolve")
    .errors.find(({ status }: { status: number }) => status === 410);
  const { dataset_uid: uid, revision_sha256: digest } = body;
  const other = "0".repeat(64);
  const believed: [
    object,
    (api: AsyncPublicDatasets) => Promise<unknown>,
    boolean,
  ][] = [
    [body, (api) => api.resolveByUid(uid, digest), true],
    [body, (api) => api.resolve("o", "d", digest), true],
    [body, (api) => api.resolve("o", "d", "main"), false],
    [body, (api) => api.resolveByUid(uid, other), false],
    [body, (api) => api.resolveByUid("u", digest), false],
    [{ ...body, code: "x" }, (api) => api.resolveByUid(uid, digest), false],
    [
      { ...body, canonical_reference: `avala://datasets/${uid}@${other}` },
      (api) => api.resolveByUid(uid, digest),
      false,
    ],
    [[], (api) => api.resolveByUid(uid, digest), false],
  ];
  for (const [json, call, isBelieved] of believed) {
    const api = replying(() => Response.json(json, { status: 410 }));
    const error = await assertRejects(() => call(api), AvalaError);
    assertEquals(error instanceof DatasetRevisionWithdrawnError, isBelieved);
    assertEquals(error.statusCode, 410);
  }
});

served(
  "public datasets: an older server is asked with GET, after 405 alone",
  async (used) => {
    const { client: { publicDatasets }, emulator } = used;
    const { revision, episodes } = await publicDatasets.load(NAME);
    const [episode] = await episodes.toArray({ limit: 1 });
    const place = [...placeOf(revision), episode!.objectUid] as const;
    const access = () => publicDatasets.requestObjectAccess(...place);
    const methods = async (call: () => Promise<unknown>) => {
      const before = emulator.requests.length;
      await call().catch(() => {});
      return emulator.requests.slice(before).map(({ method }) => method);
    };
    assertEquals(await methods(access), ["POST"]);
    emulator.fault({ method: "POST", status: 405 });
    assertEquals(await methods(access), ["POST", "GET"]);
    for (const status of [400, 403, 404, 409, 410, 501]) {
      emulator.fault({ method: "POST", status });
      assertEquals(await methods(access), ["POST"]);
    }
    // it only issues an address: a lost response is asked for again
    emulator.fault({ method: "POST", loseAnswer: true });
    assertEquals(await methods(access), ["POST", "POST"]);
    // the older server knows of no download either
    emulator.fault({ method: "POST", status: 405 });
    const download = await publicDatasets.downloadObject(episode!);
    assertEquals((await download.bytes()).length, episode!.sizeBytes);
  },
);

test("public datasets: the 405 of an older server is no failure", async () => {
  const told: (number | null)[] = [];
  const api = replying(
    (_, { method }) =>
      new Response(null, { status: method === "POST" ? 405 : 404 }),
    {
      hooks: { onError: ({ error }: HookError) => told.push(error.statusCode) },
    },
  );
  await assertRejects(
    () => api.requestObjectAccess("d", "a".repeat(64), "o"),
    AvalaError,
  );
  assertEquals(told, [404]);
});

async function contract(name: string) {
  const url = new URL("../contract/", import.meta.url);
  return JSON.parse(await readFile(new URL(name, url), "utf8"));
}

type Reply = (url: URL, request: Request) => Response | Promise<Response>;

/** Public datasets of a server that the test makes up. */
function replying(reply: Reply, options: object = {}): AsyncPublicDatasets {
  const fetch = async (input: string, init?: RequestInit) => {
    const request = new Request(input, init);
    return await reply(new URL(request.url), request);
  };
  const all = { fetch, maxRetries: 0, ...options };
  return new AsyncPublicDatasets(new Transport(all, "none"));
}

test("public datasets: references", async () => {
  const { publicReferences: { vectors } } = await contract("http.json");
  const [uid, digest] = [
    "3d296704-31fb-5e4c-8cf3-da45160062fb",
    "ab".repeat(32),
  ];
  const more = [
    { reference: `o/d@${digest}`, path: `/resolve/o/d@${digest}/` },
    { reference: "o/d", revision: digest, path: `/resolve/o/d@${digest}/` },
    ...[
      "",
      "o",
      "o/d/e",
      "o/d@",
      "o/d@a@b",
      "o/d@Main",
      "/d",
      "o/",
      "o/../d",
      " o/d",
      `avala://datasets/${uid}`,
      `avala://datasets/${uid}@main`,
      `avala://datasets/${uid.toUpperCase()}@${digest}`,
      `avala://datasets/${uid}@${digest}/objects`,
      `https://datasets/${uid}@${digest}`,
      7,
      null,
    ].map((reference) => ({ reference, error: "'reference' must be" })),
    {
      reference: "o/d",
      revision: "Main",
      error: "'revision' must be an alias",
    },
    { reference: "o/d", revision: "", error: "'revision' must be" },
    { reference: "O/d", revision: "main", error: "'reference' must be" },
  ];
  for (const { reference, revision, path, error } of [...vectors, ...more]) {
    const asked: string[] = [];
    const api = replying(({ pathname }) => {
      asked.push(pathname.replace("/api/v1", ""));
      return new Response("{}", { status: 404 });
    });
    const options = revision == null ? {} : { revision };
    const call = () => api.load(reference, options);
    if (path) {
      await assertRejects(call, NotFoundError);
      assertEquals(asked, [path]);
    } else {
      const refused = await assertRejects(call, InvalidArgumentError);
      const words: { [code: string]: string } = {
        selector_and_revision: "must not be given beside a reference",
        canonical_reference_with_revision: "must not be given beside",
        invalid_dataset_reference: "'reference' must be",
      };
      assertStringIncludes(refused.message, words[error] ?? error);
      assertEquals(asked, []);
    }
  }
});

served(
  "public datasets: what was loaded lists when it is asked",
  async (used) => {
    const { client: { publicDatasets }, emulator } = used;
    const dataset: PublicDataset = await publicDatasets.load(NAME);
    const count = async (call: () => Promise<unknown>) => {
      const before = emulator.requests.length;
      await call();
      return emulator.requests.length - before;
    };
    assertEquals(emulator.requests.length, 1);
    assertEquals(await count(() => all(dataset.objects)), 1);
    assertEquals(await count(() => all(dataset.episodes)), 1);
    // the episodes that thumbnails belong to are looked up together
    assertEquals(await count(() => all(dataset.forRole("thumbnail"))), 2);
    const { query } = emulator.requests.at(-1)!;
    assertEquals([query.role, query.ordinals], ["episode", "2"]);
    assertEquals(await all(dataset.forRole("nothing")), []);
    assertEquals(await count(() => dataset.getObject("episode", 2)), 1);
    assertEquals((await dataset.getObject("episode", 2))?.ordinal, 2);
    assertEquals(await dataset.getObject("episode", 9), null);
    const some = await dataset.objects.toArray({ limit: 2 });
    assertEquals(some.map(({ role }) => role), ["calibration", "episode"]);

    await assertRejects(
      () => dataset.getObject("", 0),
      InvalidArgumentError,
      "'role' must be a non-empty string",
    );
    await assertRejects(
      () => dataset.objects.toArray({ limit: 0 }),
      InvalidArgumentError,
      "'limit' must be a positive integer",
    );
  },
);

test("public datasets: a signal ends the listing", async () => {
  const { fetch } = new AvalaEmulator();
  const api = new AsyncPublicDatasets(new Transport({ fetch }, "none"));
  const aborting = new AbortController();
  const { signal } = aborting;
  const { objects } = await api.load(NAME, {}, { signal });
  aborting.abort(new Error("enough"));
  await assertRejects(() => all(objects), Error, "enough");
});
