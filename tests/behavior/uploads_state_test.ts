import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AsyncClient,
  type Fetch,
  type StateStore,
  type UploadFile,
  type UploadProgress,
} from "@avala/client";
import {
  AvalaError,
  ClientClosedError,
  ConflictError,
  InvalidArgumentError,
  ServerError,
  ValidationError,
} from "@avala/client/errors";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";
import { bytesAt, sha256 } from "../servers/upload_sources.ts";
import { withoutBackoff } from "../tools/backoff.ts";
import { test } from "../tools/harness.ts";

/** A store in memory that keeps what a file would. */
function memory(): StateStore & { states: Map<string, string> } {
  const states = new Map<string, string>();
  return {
    states,
    load: (key) => JSON.parse(states.get(key) ?? "null"),
    save: (key, state) => {
      if (state) states.set(key, JSON.stringify(state));
      else states.delete(key);
    },
  };
}

function emulated(
  options: AvalaEmulatorOptions = {},
): { emulator: AvalaEmulator; connect: (fetch?: Fetch) => AsyncClient } {
  const emulator = new AvalaEmulator(options);
  return {
    emulator,
    connect: (fetch = emulator.fetch) =>
      new AsyncClient({ apiKey: "avk_test_key_1", fetch }),
  };
}

/** A file whose bytes tell its version. */
const versioned = (
  path: string,
  version: number,
  size = 100,
  lastModified = version,
): UploadFile => ({
  path,
  size,
  lastModified,
  stream: () => new Blob([bytesAt(version, size)]).stream(),
});
const files = (count: number, version = 1): UploadFile[] =>
  Array.from(
    { length: count },
    (_, index) => versioned(`${index}.bin`, version),
  );
const sends = (emulator: AvalaEmulator) =>
  emulator.requests.filter(({ path }) => path.startsWith("/storage/")).length;
const writes = (emulator: AvalaEmulator) =>
  emulator.requests.filter(({ method }) => method !== "GET").length;
const hashes = (emulator: AvalaEmulator) =>
  Object.fromEntries(
    emulator.storedFiles.map(({ path, sha256 }) => [path, sha256]),
  );

for (const uploadProtocolVersion of [1, 2]) {
  test(`state: a later run sends only what is missing (protocol ${uploadProtocolVersion})`, async () => {
    const { emulator, connect } = emulated();
    const stateStore = memory();
    const options = { stateStore, uploadProtocolVersion };
    emulator.fault({ path: "/storage/", every: 4, times: 5, status: 400 });
    const first = await connect().datasets.uploadFiles("Run", files(20), {
      ...options,
      onError: "collect",
    });
    assertEquals([first.files, first.skipped, first.failures.length], [
      15,
      0,
      5,
    ]);
    const sent = sends(emulator);
    const seen: UploadProgress[] = [];
    const second = await connect().datasets.uploadFiles("Run", files(20), {
      ...options,
      onProgress: (progress) => seen.push(progress),
    });
    assertEquals(second, {
      files: 5,
      bytes: 500,
      skipped: 15,
      failures: [],
    });
    assertEquals(sends(emulator) - sent, 5);
    assertEquals([seen[0]?.skipped, seen[0]?.files], [15, 15]);
    assertEquals(seen.at(-1)?.files, 20);
    // not even asked for
    const asked = writes(emulator);
    const third = await connect().datasets.uploadFiles(
      "Run",
      files(20),
      options,
    );
    assertEquals([third.files, third.skipped], [0, 20]);
    assertEquals(writes(emulator), asked);
    // another dataset of the same files knows nothing of them
    const other = await connect().datasets.uploadFiles(
      "Run 2",
      files(20),
      options,
    );
    assertEquals(other.files, 20);
  });

  test(`state: a file that has changed is sent again and never mixed (protocol ${uploadProtocolVersion})`, async () => {
    for (const multipartFrom of [50, 2 ** 20]) {
      const uploads = { multipartFrom, partSize: 30 };
      const { emulator, connect } = emulated({ uploads });
      const stateStore = memory();
      const options = { stateStore, uploadProtocolVersion };
      const upload = (files: UploadFile[]) =>
        connect().datasets.uploadFiles("Run", files, options);
      await upload([...files(3), versioned("4.bin", 1, 120)]);
      const before = hashes(emulator);
      // the same size, another time; another size; both unchanged
      const result = await upload([
        versioned("0.bin", 2),
        versioned("1.bin", 1),
        versioned("2.bin", 1),
        versioned("4.bin", 2, 90, 1),
      ]);
      assertEquals([result.files, result.skipped], [2, 2]);
      const after = hashes(emulator);
      assertEquals(after["1.bin"], before["1.bin"]);
      assert(after["0.bin"] !== before["0.bin"]);
      assert(after["4.bin"] !== before["4.bin"]);
      if (multipartFrom > 200) {
        assertEquals(after["0.bin"], await sha256(bytesAt(2, 100)));
        assertEquals(after["4.bin"], await sha256(bytesAt(2, 90)));
      }
      // and that is the version of the next run
      const again = await upload([
        versioned("0.bin", 2),
        versioned("4.bin", 2, 90, 1),
      ]);
      assertEquals([again.files, again.skipped], [0, 2]);
    }
  });
}

test("state: the parts of an earlier version are not taken over", async () => {
  const uploads = { multipartFrom: 1, partSize: 30 };
  const { emulator, connect } = emulated({ uploads });
  const stateStore = memory();
  const upload = (version: number) =>
    connect().datasets.uploadFiles("Run", [versioned("a.bin", version)], {
      stateStore,
    });
  emulator.fault({ path: /%2F3$/, times: 9, status: 400 });
  await assertRejects(() => upload(1), AvalaError, "part 3");
  emulator.clearFaults();
  const sent = sends(emulator);
  // of the same version, they are
  emulator.fault({ path: /%2F4$/, times: 9, status: 400 });
  await assertRejects(() => upload(1), AvalaError, "part 4");
  emulator.clearFaults();
  assert(sends(emulator) - sent <= 2);
  const before = sends(emulator);
  await upload(2);
  assertEquals(sends(emulator) - before, 4);
});

test("state: a changed file that the storage keeps from a PUT goes as a form", async () => {
  const { emulator, connect } = emulated();
  const stateStore = memory();
  const client = connect();
  await client.datasets.uploadFiles("Run", [versioned("a.bin", 1, 90)], {
    stateStore,
  });
  emulator.fault({ path: "/storage/", method: "PUT", status: 412 });
  let bytes = 0;
  const result = await client.datasets.uploadFiles(
    "Run",
    [versioned("a.bin", 2)],
    { stateStore, onProgress: (progress) => bytes = progress.bytes },
  );
  assertEquals([result.files, bytes], [1, 100]);
  assertEquals(hashes(emulator)["a.bin"], await sha256(bytesAt(2, 100)));
  // a file that has not changed is stored
  emulator.fault({ path: "/storage/", method: "PUT", status: 412 });
  const same = await client.datasets.uploadFiles("Run 2", files(1));
  assertEquals(same.files, 1);
});

test("state: File.lastModified tells versions apart", async () => {
  const { emulator, connect } = emulated();
  const stateStore = memory();
  const file = (text: string, lastModified: number) => [
    new File([text], "a.bin", { lastModified }),
  ];
  const upload = (files: File[]) =>
    connect().datasets.uploadFiles("Run", files, { stateStore });
  await upload(file("one", 1));
  assertEquals((await upload(file("one", 1))).skipped, 1);
  assertEquals((await upload(file("two", 2))).files, 1);
  const two = await sha256(new TextEncoder().encode("two"));
  assertEquals(hashes(emulator)["a.bin"], two);
});

test("state: a dry run gives the plan, and nothing that writes is sent", async () => {
  const { emulator, connect } = emulated();
  const stateStore = memory();
  const client = connect();
  await client.datasets.uploadFiles("Run", files(2), { stateStore });
  const asked = writes(emulator);
  const saved = new Map(stateStore.states);
  const result = await client.datasets.uploadFiles(
    "Run",
    [versioned("0.bin", 1), versioned("1.bin", 2, 7), versioned("2.bin", 1)],
    { stateStore, dryRun: true },
  );
  assertEquals(result, {
    files: 0,
    bytes: 0,
    skipped: 1,
    failures: [],
    plan: [
      { path: "0.bin", size: 100, action: "skip" },
      { path: "1.bin", size: 7, action: "send" },
      { path: "2.bin", size: 100, action: "send" },
    ],
  });
  assertEquals(
    await client.datasets.uploadFiles("Run", [], { dryRun: true }),
    { files: 0, bytes: 0, skipped: 0, failures: [], plan: [] },
  );
  await client.fleet.uploads.uploadRecording("r", files(2), {
    stateStore,
    dryRun: true,
  });
  assertEquals([writes(emulator), stateStore.states], [asked, saved]);
  // what is hopeless is told as well
  await assertRejects(
    () =>
      client.datasets.uploadFiles("Run", [new File(["x"], "a.pdf")], {
        dryRun: true,
      }),
    InvalidArgumentError,
  );
});

test("state: a dry run of a recording that an earlier run has begun", async () => {
  const { emulator, connect } = emulated();
  const stateStore = memory();
  const { uploads } = connect().fleet;
  emulator.fault({ path: "1.bin", status: 400 });
  await uploads.uploadRecording("r", files(3), {
    stateStore,
    onError: "collect",
  });
  const asked = writes(emulator);
  const { plan, skipped } = await uploads.uploadRecording("r", files(3), {
    stateStore,
    dryRun: true,
  });
  assertEquals(plan?.map(({ action }) => action), ["skip", "send", "skip"]);
  assertEquals([skipped, writes(emulator)], [2, asked]);
});

test("state: stays until createFromLocal has made the dataset", async () => {
  const { emulator, connect } = emulated();
  const stateStore = memory();
  const { datasets } = connect();
  const create = (files: UploadFile[], slug: string) =>
    datasets.createFromLocal(files, {
      name: "Run",
      slug,
      dataType: "image",
      stateStore,
    });
  await datasets.create({ name: "x", slug: "taken", dataType: "image" });
  await assertRejects(
    () => create(files(5), "taken"),
    AvalaError,
    "slug",
  ).then((error) => {
    assert(error instanceof ValidationError || error instanceof ConflictError);
  });
  const sent = sends(emulator);
  assertEquals([sent, stateStore.states.size], [5, 1]);
  // what was stored and is not given again would become a part of it
  await assertRejects(
    () => create(files(4), "free"),
    InvalidArgumentError,
    '"4.bin"',
  );
  const dataset = await create([...files(5), versioned("5.bin", 1)], "free");
  assertEquals([dataset.slug, dataset.itemCount], ["free", 6]);
  assertEquals([sends(emulator), stateStore.states.size], [sent + 1, 0]);
});

test("state: a store that fails ends the upload with its own error", async () => {
  for (const onError of ["throw", "collect"] as const) {
    for (const failing of ["load", "save 1", "save 2", "save 4"]) {
      const { emulator, connect } = emulated();
      const broken = new InvalidArgumentError("the disk is full");
      let saves = 0;
      const stateStore: StateStore = {
        load: () => {
          if (failing === "load") throw broken;
          return undefined;
        },
        save: () =>
          failing === `save ${++saves}`
            ? Promise.reject(broken)
            : Promise.resolve(),
      };
      const error = await assertRejects(() =>
        connect().datasets.uploadFiles("Run", files(20), {
          stateStore,
          onError,
          concurrency: 2,
        })
      );
      assert(error === broken, failing);
      const few = failing === "load" || failing === "save 1" ? 0 : 6;
      assert(sends(emulator) <= few, `${failing}: ${sends(emulator)}`);
      saves = 0;
      const recording = await assertRejects(() =>
        connect().fleet.uploads.uploadRecording("r", files(20), {
          stateStore,
          onError,
          concurrency: 2,
        })
      );
      assert(recording === broken, failing);
    }
  }
  // what has failed first is not hidden
  const { emulator, connect } = emulated();
  emulator.fault({ path: "/storage/", status: 400 });
  let saves = 0;
  const stateStore: StateStore = {
    load: () => undefined,
    save: () => {
      if (++saves > 1) throw new Error("the disk is full");
    },
  };
  await assertRejects(
    () => connect().datasets.uploadFiles("Run", files(1), { stateStore }),
    ValidationError,
    "0.bin",
  );
});

test("state: what is none of this upload counts as nothing", async () => {
  const stateStore = memory();
  const { connect } = emulated();
  await connect().datasets.uploadFiles("Other", files(3), { stateStore });
  await assertRejects(
    () =>
      connect((url, init) =>
        url.includes("status")
          ? Promise.reject(new TypeError("gone"))
          : emulated().emulator.fetch(url, init)
      ).fleet.uploads.uploadRecording("r", files(3), { stateStore }, {
        maxRetries: 0,
      }),
    AvalaError,
  );
  const foreign = [...stateStore.states.values()].map((text) =>
    JSON.parse(text)
  );
  assertEquals(foreign.length, 2);
  const known = foreign[0];
  const states: unknown[] = [
    ...foreign,
    null,
    undefined,
    7,
    "text",
    [],
    {},
    { datasetUploadUid: "x", versions: {}, stored: ["0.bin"] },
    { ...known, stored: null },
    { ...known, versions: null },
    { ...known, versions: [], stored: [null, 7, "0.bin"] },
    { ...known, datasetUploadUid: 7 },
    { sessionUid: 7, recordingUid: "r", fingerprint: "" },
    { sessionUid: "s", recordingUid: "r", fingerprint: null, stored: 7 },
  ];
  for (const state of states) {
    const { connect } = emulated();
    // a store that does not mind its keys
    const store: StateStore = {
      load: () => state as object,
      save: () => {},
    };
    const options = { stateStore: store };
    const result = await connect().datasets.uploadFiles(
      "Run",
      files(3),
      options,
    );
    assertEquals([result.files, result.skipped], [3, 0]);
    const { uploads } = connect().fleet;
    const done = await uploads.uploadRecording("r", files(3), options);
    assertEquals([done.sentFiles, done.status], [3, "completing"]);
  }
  // of this upload, but a file without a version may be stored in any
  const { emulator, connect: again } = emulated();
  await again().datasets.uploadFiles("Other", files(3), {
    stateStore: {
      load: () => ({ ...known, versions: {} }),
      save: () => {},
    },
  });
  assertEquals(sends(emulator), 3);
});

test("state: an upload that is cut off goes on, and what is stored is not sent again", async () => {
  for (const kind of ["dataset", "dataset, protocol 1", "recording"]) {
    const { emulator, connect } = emulated();
    const stateStore = memory();
    const concurrency = 3;
    const run = (client: AsyncClient) =>
      kind === "recording"
        ? client.fleet.uploads.uploadRecording("r", files(40), {
          stateStore,
          concurrency,
        })
        : client.datasets.uploadFiles("Run", files(40), {
          stateStore,
          concurrency,
          uploadProtocolVersion: kind === "dataset" ? 2 : 1,
        });
    for (const cut of [10, 25]) {
      const client: AsyncClient = connect(async (url, init) => {
        const response = await emulator.fetch(url, init);
        // it ends between a response and what the client makes of it
        if (sends(emulator) >= cut) client.close();
        return response;
      });
      await assertRejects(() => run(client), ClientClosedError);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await run(connect());
    assertEquals(emulator.storedFiles.length, 40);
    const twice = emulator.storedFiles.filter(({ stores }) => stores > 1);
    assert(twice.length <= 2 * concurrency, `${kind}: ${twice.length}`);
    for (const { sha256: hash } of emulator.storedFiles) {
      assertEquals(hash, await sha256(bytesAt(1, 100)));
    }
  }
});

test("state: a recording with a changed file begins anew, and nothing is mixed", async () => {
  const { emulator, connect } = emulated();
  const stateStore = memory();
  const { uploads } = connect().fleet;
  emulator.fault({ path: "2.bin", status: 400 });
  await assertRejects(
    () => uploads.uploadRecording("r", files(3), { stateStore }),
    AvalaError,
  );
  const changed = [versioned("0.bin", 2), ...files(3).slice(1)];
  const done = await uploads.uploadRecording("r", changed, { stateStore });
  assertEquals([done.sentFiles, done.skipped], [3, 0]);
  const latest = emulator.storedFiles.filter(({ key }) =>
    key.includes(done.uid)
  );
  assertEquals(
    Object.fromEntries(latest.map(({ path, sha256 }) => [path, sha256])),
    {
      "0.bin": await sha256(bytesAt(2, 100)),
      "1.bin": await sha256(bytesAt(1, 100)),
      "2.bin": await sha256(bytesAt(1, 100)),
    },
  );
});

test("state: a session whose opening is unsure is looked for by the next run", async () => {
  await withoutBackoff(async () => {
    const { emulator, connect } = emulated();
    const stateStore = memory();
    const { uploads } = connect().fleet;
    emulator.fault({ path: "/init/", loseAnswer: true });
    emulator.fault({ path: "/status/", times: 9, status: 502 });
    await assertRejects(
      () => uploads.uploadRecording("r", files(3), { stateStore }),
      ServerError,
    );
    emulator.clearFaults();
    const done = await uploads.uploadRecording("r", files(3), { stateStore });
    assertEquals([done.status, done.sentFiles], ["completing", 3]);
    const opened = emulator.requests.filter(({ path }) =>
      path.endsWith("/init/")
    );
    assertEquals(opened.length, 1);
    // without one, the next run opens it
    emulator.fault({ path: "/init/", times: 9, drop: "before" });
    await assertRejects(() =>
      uploads.uploadRecording("r2", files(3), { stateStore })
    );
    emulator.clearFaults();
    await uploads.uploadRecording("r2", files(3), { stateStore });
    assertEquals(stateStore.states.size, 0);
  });
});

test("state: what the storage has forgotten of a recording is sent again", async () => {
  const { emulator, connect } = emulated();
  const stateStore = memory();
  const { uploads } = connect().fleet;
  emulator.fault({ path: "/confirm/", times: 9, status: 400 });
  await assertRejects(
    () => uploads.uploadRecording("r", files(3), { stateStore }),
    ValidationError,
  );
  // the first confirmation of the next run is refused as well
  emulator.clearFaults();
  emulator.fault({ path: "/confirm/", status: 400 });
  const done = await uploads.uploadRecording("r", files(3), { stateStore });
  assertEquals([done.sentFiles, done.confirmedFiles], [3, 3]);
});

test("state: a store must be one", async () => {
  const { emulator, connect } = emulated();
  for (const stateStore of [7, {}, { load: () => null }]) {
    const options = { stateStore: stateStore as unknown as StateStore };
    await assertRejects(
      () => connect().datasets.uploadFiles("Run", files(1), options),
      InvalidArgumentError,
      "'stateStore'",
    );
    await assertRejects(
      () => connect().fleet.uploads.uploadRecording("r", files(1), options),
      InvalidArgumentError,
      "'stateStore'",
    );
  }
  assertEquals(emulator.requests, []);
});
