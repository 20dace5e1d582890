import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AsyncFleetUploads,
  type FleetUploadState,
  type FleetUploadStateStore,
  Transport,
  type UploadFile,
} from "@avala/client";
import {
  AvalaError,
  ConnectionError,
  InvalidArgumentError,
  InvalidResponseError,
  NotFoundError,
  WaitTimeoutError,
} from "@avala/client/errors";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";
import { test } from "../tools/harness.ts";
import { bytesAt, made, sha256, sliceable } from "../servers/upload_sources.ts";

type Use = (
  uploads: AsyncFleetUploads,
  emulator: AvalaEmulator,
) => Promise<void>;

/** In memory: what matters here are the requests, not the sockets. */
async function emulated(
  use: Use,
  options: AvalaEmulatorOptions = {},
): Promise<void> {
  const emulator = new AvalaEmulator(options);
  const { fetch } = emulator;
  const transport = new Transport({ apiKey: "avk_test_key_1", fetch });
  try {
    await use(new AsyncFleetUploads(transport), emulator);
  } finally {
    transport.close();
  }
}

async function served(
  use: Use,
  options: AvalaEmulatorOptions = {},
): Promise<void> {
  const emulator = new AvalaEmulator(options);
  const server = await emulator.serve();
  const transport = new Transport({
    apiKey: "avk_test_key_1",
    baseUrl: server.baseUrl,
    allowInsecureBaseUrl: true,
  });
  try {
    await use(new AsyncFleetUploads(transport), emulator);
  } finally {
    transport.close();
    await server.close();
  }
}

const blobs = (count: number, from = 0): UploadFile[] =>
  Array.from({ length: count }, (_, index) => ({
    path: `cam front/${String(index + from).padStart(5, "0")}.jpg`,
    blob: new Blob([bytesAt(index, 20 + index % 7)]),
  }));

function memory(): FleetUploadStateStore & {
  states: Map<string, FleetUploadState | null>;
} {
  const states = new Map<string, FleetUploadState | null>();
  return {
    states,
    // what is saved is plain JSON
    load: (key) => JSON.parse(JSON.stringify(states.get(key) ?? null)),
    save: (key, state) => void states.set(key, state),
  };
}

function calls(
  emulator: AvalaEmulator,
  end: string,
): { [k: string]: unknown }[] {
  return emulator.requests.filter(({ path }) => path.endsWith(end))
    .map(({ body }) => body as { [k: string]: unknown });
}

/** Paths confirmed with requests that were processed, in order. */
function confirmed(emulator: AvalaEmulator): string[] {
  return emulator.requests.filter(({ path, status }) =>
    path.endsWith("/confirm/") && (status === 200 || status === 0)
  ).flatMap(({ body }) =>
    (body as { files: { path: string }[] }).files.map(({ path }) => path)
  );
}

const puts = (emulator: AvalaEmulator) =>
  emulator.requests.filter(({ method }) => method === "PUT").length;

test("fleet uploads: by the hundred, whole, confirmed once, then finalized", async () => {
  await served(async (uploads, emulator) => {
    const store = memory();
    let files = 0;
    const done = await uploads.uploadRecording("r-1", blobs(250), {
      stateStore: store,
      onProgress: (progress) => files = progress.files,
    });
    const bytes = blobs(250).reduce(
      (n, f) => n + ("blob" in f ? f.blob.size : 0),
      0,
    );
    assertEquals(
      [done.status, done.confirmedFiles, done.totalFiles, done.sentFiles],
      ["completing", 250, 250, 250],
    );
    assertEquals(
      [done.confirmedBytes, done.sentBytes, files],
      [bytes, bytes, 250],
    );
    const asked = calls(emulator, "/urls/").map((body) =>
      (body.file_paths as string[]).length
    );
    assertEquals(asked.sort(), [100, 100, 50]);
    const sizes = calls(emulator, "/confirm/").map((body) =>
      (body.files as unknown[]).length
    );
    // fewer at a time where that takes long
    assert(sizes.every((size) => size > 0 && size <= 100));
    assertEquals(new Set(confirmed(emulator)).size, 250);
    assertEquals(calls(emulator, "/finalize/").length, 1);
    for (const { path, sha256: hash, size } of emulator.storedFiles) {
      const index = Number(path.slice(10, 15));
      assertEquals(hash, await sha256(bytesAt(index, size)));
    }
    // the state is gone with the upload
    assertEquals([...store.states.values()], [null]);
    for (const { method, headers } of emulator.requests) {
      if (method !== "PUT") continue;
      assertEquals(headers["x-avala-api-key"], undefined);
      assertEquals(headers["transfer-encoding"], undefined);
    }
  });
});

test("fleet uploads: every fifth request fails, in each way", async () => {
  await emulated(async (uploads, emulator) => {
    const faults = [
      { drop: "before" as const },
      { loseAnswer: true },
      { status: 500, body: "no" },
      { status: 503, body: "no" },
      { status: 403, body: "<Error><Code>AccessDenied</Code></Error>" },
    ];
    for (const fault of faults) {
      emulator.fault({ path: "/storage/", every: 5, times: 10, ...fault });
    }
    const [lost] = [{ loseAnswer: true }];
    for (const path of ["/init/", "/confirm/", "/finalize/", "/urls/"]) {
      emulator.fault({ path, ...lost });
      emulator.fault({ path, drop: "before" });
    }
    emulator.fault({ path: "/status/", every: 5, times: 5, status: 500 });
    const done = await uploads.uploadRecording("r-1", blobs(250));
    assertEquals([done.confirmedFiles, done.status], [250, "completing"]);
    assertEquals(emulator.storedFiles.length, 250);
    // a lost confirmation counted: it is not sent again
    const twice = confirmed(emulator).length - 250;
    assert(twice <= 100, `${twice} were confirmed twice`);
    // the session whose answer was lost is the one that is used
    assertEquals(
      new Set(calls(emulator, "/confirm/").map((b) => b.session_uid)).size,
      1,
    );
  });
});

const pause = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

test("fleet uploads: a later run sends only what is missing", async () => {
  await emulated(async (uploads, emulator) => {
    const stateStore = memory();
    const controller = new AbortController();
    const { signal } = controller;
    let opened: ReturnType<typeof made>[] = [];
    const files = () =>
      opened = Array.from({ length: 450 }, (_, i) => made(`f/${i}.bin`, 100));
    await assertRejects(
      () =>
        uploads.uploadRecording("r-1", files(), {
          stateStore,
          onProgress: ({ files }) => {
            if (files === 230) controller.abort(new Error("enough"));
          },
        }, { signal }),
      Error,
      "enough",
    );
    assertEquals(opened.filter(({ open }) => open > 0), []);
    // what had arrived is confirmed, though the caller waits for nothing more
    while (confirmed(emulator).length < 230) await pause(10);
    const before = new Set(confirmed(emulator));
    assertEquals(before.size, 230);
    assertEquals(calls(emulator, "/finalize/").length, 0);
    const sent = puts(emulator);
    const progress: number[] = [];
    const done = await uploads.uploadRecording("r-1", files(), {
      stateStore,
      onProgress: ({ files }) => progress.push(files),
    });
    assertEquals([done.sentFiles, puts(emulator) - sent], [220, 220]);
    assertEquals(done.skipped, 230);
    assertEquals([done.confirmedFiles, done.status], [450, "completing"]);
    assertEquals([progress[0], progress[progress.length - 1]], [230, 450]);
    assertEquals(confirmed(emulator).length, 450);
    assertEquals(new Set(confirmed(emulator)).size, 450);
    assertEquals(calls(emulator, "/init/").length, 1);
    // nothing opens again what the server holds
    for (const { path, opened: times } of opened) {
      assertEquals(times, before.has(path) ? 0 : 1);
    }
  });
});

test("fleet uploads: a pending list that is cut proves nothing", async () => {
  // the real cut is at 1,000: 2,345 files take two rounds more
  await emulated(async (uploads, emulator) => {
    const stateStore = memory();
    const all = blobs(2_345);
    const controller = new AbortController();
    await assertRejects(
      () =>
        uploads.uploadRecording("r-1", all, {
          stateStore,
          onProgress: ({ files }) => {
            if (files === 350) controller.abort(new Error("enough"));
          },
        }, { signal: controller.signal }),
      Error,
      "enough",
    );
    while (confirmed(emulator).length < 350) await pause(10);
    const count = confirmed(emulator).length;
    const done = await uploads.uploadRecording("r-1", all, { stateStore });
    assertEquals(
      [done.confirmedFiles, done.sentFiles, done.status],
      [2_345, 2_345 - count, "completing"],
    );
    assertEquals(new Set(confirmed(emulator)).size, 2_345);
    assertEquals(confirmed(emulator).length, 2_345);
    // two rounds, each begins with a status
    assertEquals(calls(emulator, "/status/").length, 4);
  });
});

test("fleet uploads: a lost confirmation is told by counts where the list is cut", async () => {
  await emulated(async (uploads, emulator) => {
    emulator.fault({ path: "/confirm/", loseAnswer: true });
    emulator.fault({ path: "/confirm/", drop: "before" });
    const done = await uploads.uploadRecording("r-1", blobs(1_500));
    assertEquals(done.confirmedFiles, 1_500);
    // one request was dropped before it was processed
    assertEquals(confirmed(emulator).length, 1_600);
    assertEquals(new Set(confirmed(emulator)).size, 1_500);
  });
  await emulated(async (uploads, emulator) => {
    // the list holds none of the batch whose confirmation never arrived
    const all = blobs(1_500);
    const listed = all.slice(500).map((file) =>
      "path" in file ? file.path : ""
    );
    emulator.fault({ path: "/confirm/", drop: "before" });
    emulator.fault({
      path: "/status/",
      body: {
        session_uid: "x",
        status: "initiated",
        total_files: 1_500,
        confirmed_files: 0,
        pending_paths: listed,
      },
    });
    const done = await uploads.uploadRecording("r-1", all);
    assertEquals([done.confirmedFiles, puts(emulator)], [1_500, 1_500]);
  });
});

test("fleet uploads: with a session and no store; other files are refused", async () => {
  await emulated(async (uploads, emulator) => {
    emulator.fault({
      path: "/storage/",
      method: "PUT",
      every: 150,
      status: 400,
    });
    await assertRejects(
      () => uploads.uploadRecording("r-1", blobs(200)),
      AvalaError,
      "the storage responded with 400",
    );
    emulator.clearFaults();
    const { sessionUid, confirmedFiles } = await uploads.getUploadStatus("r-1");
    // what had arrived was confirmed before the error came out
    assert(confirmedFiles > 100);
    await assertRejects(
      () => uploads.uploadRecording("r-1", blobs(199), { sessionUid }),
      InvalidResponseError,
      "does not fit these files",
    );
    await assertRejects(
      () => uploads.uploadRecording("r-1", blobs(200), { sessionUid: "gone" }),
      InvalidArgumentError,
      "'sessionUid'",
    );
    const done = await uploads.uploadRecording("r-1", blobs(200), {
      sessionUid,
    });
    assertEquals(
      [done.uid, done.sentFiles, done.confirmedFiles],
      [sessionUid, 200 - confirmedFiles, 200],
    );
    // a session that is over is left alone
    const sent = puts(emulator);
    const again = await uploads.uploadRecording("r-1", blobs(200), {
      sessionUid,
    });
    assertEquals([again.status, again.sentFiles], ["completing", 0]);
    assertEquals([puts(emulator), calls(emulator, "/finalize/").length], [
      sent,
      1,
    ]);
  });
});

test("fleet uploads: without evidence, a session of somebody else is not used", async () => {
  await emulated(async (uploads, emulator) => {
    const files = [{ path: "a", sizeBytes: 1 }];
    const other = await uploads.initUpload("r-1", { files });
    const done = await uploads.uploadRecording("r-1", [new File(["x"], "a")]);
    assert(done.uid !== other.uid);
    // a state of other files is no evidence either
    const stateStore = memory();
    await uploads.uploadRecording("r-2", [new File(["x"], "a")], {
      stateStore: { ...stateStore, save: () => {} },
    });
    assertEquals(calls(emulator, "/init/").length, 3);
  });
});

test("fleet uploads: a file that fails keeps the session open", async () => {
  await emulated(async (uploads, emulator) => {
    const stateStore = memory();
    const bad = made("bad.bin", 9, { extra: 1 });
    const first = await uploads.uploadRecording("r-1", [...blobs(120), bad], {
      onError: "collect",
      stateStore,
    });
    assertEquals(first.failures.map(({ path }) => path), ["bad.bin"]);
    assertEquals([first.confirmedFiles, first.status], [120, "uploading"]);
    assertEquals(calls(emulator, "/finalize/").length, 0);
    const good = made("bad.bin", 9);
    const done = await uploads.uploadRecording("r-1", [...blobs(120), good], {
      stateStore,
    });
    assertEquals([done.sentFiles, done.status], [1, "completing"]);
  });
});

test("fleet uploads: what the server must not say", async () => {
  const rows: [string, object, string][] = [
    ["/urls/", { urls: [] }, "no address"],
    [
      "/urls/",
      { urls: [{ path: "a", put_url: "https://evil.example/", s3_key: null }] },
      "is not below the session's prefix",
    ],
    ["/storage/", {}, "without an ETag"],
    ["/finalize/", {}, "after it was finalized"],
  ];
  for (const [path, body, said] of rows) {
    await emulated(async (uploads, emulator) => {
      emulator.fault({ path, status: 200, body });
      await assertRejects(
        () => uploads.uploadRecording("r-1", [new File(["x"], "a")]),
        InvalidResponseError,
        said,
      );
    });
  }
  await emulated(async (uploads, emulator) => {
    // a confirmation that the server forgets is no endless loop
    emulator.fault({ path: "/confirm/", times: 99, status: 200, body: {} });
    await assertRejects(
      () => uploads.uploadRecording("r-1", blobs(3)),
      InvalidResponseError,
      "0 of 3 files",
    );
    assert(calls(emulator, "/confirm/").length <= 2);
    assertEquals(calls(emulator, "/finalize/").length, 0);
  });
});

test("fleet uploads: wrong arguments are refused before anything is sent", async () => {
  await emulated(async (uploads, emulator) => {
    const rows: [UploadFile[], object][] = [
      [[], {}],
      [[made("a".repeat(1_025), 1)], {}],
      [[made("a", 1), made("a", 1)], {}],
      [[made("../a", 1)], {}],
      [[made("a", 1)], { ttlSeconds: 0 }],
      [[made("a", 1)], { sessionUid: "" }],
      [[made("a", 1)], { concurrency: -1 }],
      [Array.from({ length: 50_001 }, (_, i) => made(`${i}`, 0)), {}],
    ];
    for (const [files, options] of rows) {
      await assertRejects(
        () => uploads.uploadRecording("r-1", files, options),
        InvalidArgumentError,
      );
    }
    for (const files of [[], [made("a.bag", 1)], [made("a.mcap", 2 ** 34)]]) {
      await assertRejects(
        () => uploads.uploadManagedRecording("r-1", files),
        InvalidArgumentError,
      );
    }
    await assertRejects(
      () =>
        uploads.uploadManagedRecording("r-1", [made("a.mcap", 1)], {
          concurrency: 5,
        }),
      InvalidArgumentError,
      "1 to 4",
    );
    await assertRejects(
      () => uploads.uploadRecording("a/b", [made("a", 1)]),
      InvalidArgumentError,
    );
    assertEquals(emulator.requests, []);
    await assertRejects(() => uploads.getUploadStatus("none"), NotFoundError);
  });
});

for (const make of [made, sliceable]) {
  test(`fleet uploads: managed, ${make.name}, resumed and published`, async () => {
    await served(async (uploads, emulator) => {
      const size = 1_000_001;
      const files = () => [make("a.mcap", size), make("b.mcap", 10)];
      const sessionUid = crypto.randomUUID();
      emulator.fault({ path: /%2F7$/, times: 99, status: 400, body: "no" });
      await assertRejects(
        () => uploads.uploadManagedRecording("r-1", files(), { sessionUid }),
        AvalaError,
        '"a.mcap (part 7)"',
      );
      emulator.clearFaults();
      const before = puts(emulator);
      assert(before >= 7);
      emulator.fault({ path: "/multipart/init/", loseAnswer: true });
      emulator.fault({ path: "/storage/", drop: "before" });
      emulator.fault({ path: "/storage/", status: 403, body: "no" });
      let most = 0;
      const done = await uploads.uploadManagedRecording("r-1", files(), {
        sessionUid,
        wait: { interval: 500 },
        onProgress: ({ bytes }) => most = Math.max(most, bytes),
      });
      assertEquals(
        [done.status, done.finalization?.state, done.confirmedBytes, most],
        ["completed", "succeeded", size + 10, size + 10],
      );
      assertEquals(
        done.files[0]?.contentSha256,
        await sha256(bytesAt(0, size)),
      );
      assert(puts(emulator) - before < 10, "parts were sent again");
      assertEquals(
        emulator.storedFiles.reduce((sum, file) => sum + file.size, 0),
        size + 10,
      );
      // the same session again: nothing to send
      const sent = puts(emulator);
      await uploads.uploadManagedRecording("r-1", files(), { sessionUid });
      assertEquals(puts(emulator), sent);
    }, { uploads: { partSize: 25_000 } });
  });
}

test("fleet uploads: managed, a wait that ends, and a file of another size", async () => {
  await emulated(async (uploads, emulator) => {
    await assertRejects(
      () =>
        uploads.uploadManagedRecording("r-1", [made("a.mcap", 10)], {
          wait: { timeout: 0 },
        }),
      WaitTimeoutError,
    );
    const short = made("b.mcap", 10, { extra: -1 });
    const asked = emulator.requests.length;
    await assertRejects(
      () => uploads.uploadManagedRecording("r-1", [short]),
      InvalidArgumentError,
      '"b.mcap"',
    );
    assertEquals([emulator.requests.length, short.open], [asked, 0]);
  });
});

test("fleet uploads: closing ends a run", async () => {
  const emulator = new AvalaEmulator();
  const { fetch } = emulator;
  const transport = new Transport({ apiKey: "avk_test_key_1", fetch });
  const uploads = new AsyncFleetUploads(transport);
  const files = [made("a", 900_000, { stallAfter: 200_000 })];
  const upload = uploads.uploadRecording("r-1", files);
  while (files[0]?.opened === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  transport.close();
  const error = await assertRejects(() => upload, AvalaError, "closed");
  assert(!(error instanceof ConnectionError));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(files[0]?.open, 0);
});
