import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AsyncClient,
  type ClientOptions,
  type UploadFile,
  type UploadProgress,
} from "@avala/client";
import {
  AvalaError,
  ClientClosedError,
  ConnectionError,
  ForbiddenError,
  InvalidArgumentError,
  InvalidResponseError,
  QuotaExceededError,
  TimeoutError,
} from "@avala/client/errors";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";
import { test } from "../tools/harness.ts";
import { bytesAt, made, sha256, sliceable } from "../servers/upload_sources.ts";

type Use = (client: AsyncClient, emulator: AvalaEmulator) => Promise<void>;

async function served(
  use: Use,
  options: AvalaEmulatorOptions = {},
  more: ClientOptions = {},
): Promise<void> {
  const emulator = new AvalaEmulator(options);
  const server = await emulator.serve();
  const client = new AsyncClient({
    apiKey: "avk_test_key_1",
    baseUrl: server.baseUrl,
    allowInsecureBaseUrl: true,
    ...more,
  });
  try {
    await use(client, emulator);
  } finally {
    client.close();
    await server.close();
  }
}

const storage = (emulator: AvalaEmulator) =>
  emulator.requests.filter(({ path }) => path.startsWith("/storage/"));
const small = (count: number): UploadFile[] =>
  Array.from({ length: count }, (_, index) => ({
    path: `cam/${String(index).padStart(4, "0")}.jpg`,
    blob: new Blob([bytesAt(index, 100 + index)]),
  }));

for (const version of [1, 2]) {
  test(`uploads: many small files arrive whole (protocol ${version})`, async () => {
    await served(async (client, emulator) => {
      const seen: UploadProgress[] = [];
      const result = await client.datasets.uploadFiles("Run 7", small(60), {
        uploadProtocolVersion: version,
        onProgress: (progress) => seen.push(progress),
      });
      const bytes = 60 * 100 + 59 * 30;
      assertEquals(result, { files: 60, bytes, skipped: 0, failures: [] });
      assertEquals(emulator.storedFiles.length, 60);
      for (const { path, size, sha256: hash, stores } of emulator.storedFiles) {
        const index = Number(path.slice(4, 8));
        assertEquals([size, stores], [100 + index, 1]);
        assertEquals(hash, await sha256(bytesAt(index, size)));
      }
      const last = seen[seen.length - 1];
      assertEquals(
        [last?.files, last?.totalFiles, last?.bytes, last?.totalBytes],
        [60, 60, bytes, bytes],
      );
      for (const { headers } of storage(emulator)) {
        assertEquals(headers["x-avala-api-key"], undefined);
        assertEquals(headers["transfer-encoding"], undefined);
        assert(Number(headers["content-length"]) > 0);
      }
      if (version === 1) return;
      // the server says that it has them already
      const again = await client.datasets.uploadFiles("Run 7", small(60));
      assertEquals([again.files, storage(emulator).length], [0, 60]);
    });
  });
}

test("uploads: empty files, strange names and files that only stream", async () => {
  for (const uploadProtocolVersion of [1, 2]) {
    await served(async (client, emulator) => {
      const streamed = made('data/größe "x".txt', 200_000);
      const files = [new File([], "leer.txt"), streamed];
      await client.datasets.uploadFiles("Run", files, {
        uploadProtocolVersion,
      });
      assertEquals(
        emulator.storedFiles.map(({ path, size }) => [path, size]).sort(),
        [['data/größe "x".txt', 200_000], ["leer.txt", 0]],
      );
      const file = emulator.storedFiles.find(({ size }) => size > 0);
      assertEquals(file?.sha256, await sha256(bytesAt(0, 200_000)));
      assertEquals([streamed.opened, streamed.open], [1, 0]);
    });
  }
});

test("uploads: one large file as a stream, as a form and a PUT", async () => {
  const size = 64 * 2 ** 20;
  const hashes = new Set<string>();
  for (const uploadProtocolVersion of [1, 2]) {
    await served(async (client, emulator) => {
      const file = made("run.bin", size);
      await client.datasets.uploadFiles("Run", [file], {
        uploadProtocolVersion,
      });
      const [stored] = emulator.storedFiles;
      assertEquals([stored?.size, file.open], [size, 0]);
      hashes.add(stored?.sha256 ?? "");
    });
  }
  assertEquals(hashes.size, 1);
});

test("uploads: a large blob arrives whole, as a form and a PUT", async () => {
  const bytes = bytesAt(7, 2_500_001);
  const hash = await sha256(bytes);
  for (const uploadProtocolVersion of [1, 2]) {
    await served(async (client, emulator) => {
      let steps = 0;
      const files = [{ path: "run.bin", blob: new Blob([bytes]) }];
      await client.datasets.uploadFiles("Run", files, {
        uploadProtocolVersion,
        onProgress: () => steps++,
      });
      const [stored] = emulator.storedFiles;
      assertEquals([stored?.size, stored?.sha256], [bytes.length, hash]);
      assert(steps > 0);
    });
  }
});

for (const make of [made, sliceable]) {
  test(`uploads: a file in parts, ${make.name}, resumed where it broke off`, async () => {
    await served(async (client, emulator) => {
      const size = 1_000_001;
      const file = make("run.bin", size);
      // the fourth part fails for good
      emulator.fault({ path: /%2F4$/, times: 9, status: 400, body: "no" });
      await assertRejects(
        () => client.datasets.uploadFiles("Run", [file]),
        AvalaError,
        '"run.bin (part 4)"',
      );
      assertEquals(
        emulator.storedFiles.filter((f) =>
          f.path === "run.bin" && f.size === size
        ),
        [],
      );
      emulator.clearFaults();
      const before = storage(emulator).length;
      let most = 0;
      await client.datasets.uploadFiles("Run", [file], {
        onProgress: ({ bytes }) => most = Math.max(most, bytes),
      });
      const puts = storage(emulator).length - before;
      assert(puts < 11, `${puts} parts were sent again`);
      assertEquals([most, file.open], [size, 0]);
      const stored = emulator.storedFiles;
      assertEquals(stored.map((f) => [f.path, f.size]), [["run.bin", size]]);
    }, { uploads: { multipartFrom: 500_000, partSize: 100_000 } });
  });
}

test("uploads: a part that fails is sent again, from a file that only streams", async () => {
  await served(async (client, emulator) => {
    const hash = async (fail: boolean, path: string) => {
      if (fail) {
        emulator.fault({ path: /%2F2$/, drop: "before" });
        emulator.fault({ path: /%2F3$/, status: 503 });
      }
      await client.datasets.uploadFiles("Run", [made(path, 500_000)]);
      return emulator.storedFiles.find((f) => f.path === path)?.sha256;
    };
    assertEquals(await hash(true, "a.bin"), await hash(false, "b.bin"));
  }, { uploads: { multipartFrom: 1, partSize: 100_000 } });
});

test("uploads: every fifth request fails, in each way", async () => {
  await served(async (client, emulator) => {
    const expired = "<Error><Code>AccessDenied</Code></Error>";
    for (
      const fault of [
        { drop: "before" as const },
        { status: 500, body: "no" },
        { status: 503, body: "no" },
        { status: 403, body: expired },
        { loseAnswer: true },
      ]
    ) emulator.fault({ path: "/storage/", every: 5, times: 4, ...fault });
    emulator.fault({
      path: "/file-upload-url/",
      every: 5,
      times: 4,
      status: 503,
    });
    const result = await client.datasets.uploadFiles("Run", small(40));
    assertEquals([result.files, result.failures], [40, []]);
    assertEquals(emulator.storedFiles.length, 40);
    assert(emulator.storedFiles.every(({ stores }) => stores === 1));
  });
});

test("uploads: an address that has expired is replaced", async () => {
  let now = 1_000_000;
  // time jumps behind each address that is given out, three times
  let jumps = 3;
  await served(
    async (client, emulator) => {
      await client.datasets.uploadFiles("Run", [made("a.bin", 1_000)]);
      assertEquals(
        storage(emulator).map(({ status }) => status),
        [403, 403, 403, 200],
      );
      const urls = emulator.requests.filter(({ path }) =>
        path.endsWith("/file-upload-url/")
      );
      assertEquals(urls.length, 4);
    },
    { now: () => now, uploads: { presignedUrlMs: 1_000 } },
    {
      fetch: (input, init) => {
        if (String(input).includes("/storage/") && jumps-- > 0) now += 2_000;
        return fetch(input, init);
      },
    },
  );
});

test("uploads: a refusal ends with the storage's own words, without the signature", async () => {
  await served(async (client, emulator) => {
    const body =
      "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
    emulator.fault({ path: "/storage/", times: 9, status: 403, body });
    const error = await assertRejects(
      () =>
        client.datasets.uploadFiles("Run", [made("a.bin", 10)], {}, {
          maxRetries: 1,
        }),
      ForbiddenError,
      'Cannot upload "a.bin" as the storage responded with 403: AccessDenied: Request has expired',
    );
    assertEquals(storage(emulator).length, 2);
    assert("X-Amz-Signature" in storage(emulator)[0]!.query);
    const shown = `${error.stack}${JSON.stringify(error)}${error.cause}`;
    assert(!/X-Amz-Signature=(?!\[redacted\])/i.test(shown), shown);
  });
});

test("uploads: a file of another size is named and never stored", async () => {
  for (const uploadProtocolVersion of [1, 2]) {
    for (const extra of [-1, 1, -70_000, 70_000, -100_000]) {
      await served(async (client, emulator) => {
        const file = made("a.bin", 100_000, { extra });
        await assertRejects(
          () =>
            client.datasets.uploadFiles("Run", [file], {
              uploadProtocolVersion,
            }),
          InvalidArgumentError,
          '"a.bin"',
        );
        assertEquals([emulator.storedFiles, file.open], [[], 0]);
        assertEquals(file.opened, 1);
      });
    }
  }
  await served(async (client, emulator) => {
    const file = made("a.bin", 0, { extra: 1 });
    await assertRejects(
      () => client.datasets.uploadFiles("Run", [file]),
      InvalidArgumentError,
      '"a.bin"',
    );
    assertEquals([emulator.storedFiles, file.open], [[], 0]);
    for (const extra of [-1, 1]) {
      await assertRejects(
        () =>
          client.datasets.uploadFiles("Run", [made("b.bin", 250, { extra })]),
        InvalidArgumentError,
        '"b.bin (part 3)"',
      );
    }
    assert(emulator.storedFiles.every(({ size }) => size === 100));
  }, { uploads: { multipartFrom: 200, partSize: 100 } });
});

test("uploads: a file that can't be read is named, and not tried again", async () => {
  await served(async (client) => {
    const file = made("a.bin", 100_000, { failAfter: 70_000 });
    await assertRejects(
      () => client.datasets.uploadFiles("Run", [file]),
      InvalidArgumentError,
      'Cannot upload "a.bin" as the disk is gone',
    );
    assertEquals([file.opened, file.open], [1, 0]);
  });
});

test("uploads: failures are collected, the rest arrives", async () => {
  await served(async (client, emulator) => {
    const files = [...small(10), made("broken.bin", 9, { extra: 1 })];
    const result = await client.datasets.uploadFiles("Run", files, {
      onError: "collect",
    });
    assertEquals(result.files, 10);
    assertEquals(result.failures.map(({ path }) => path), ["broken.bin"]);
    assert(result.failures[0]?.error instanceof InvalidArgumentError);
    assertEquals(emulator.storedFiles.length, 10);
  });
});

test("uploads: the first failure ends the others and closes all files", async () => {
  await served(async (client) => {
    const waiting = Array.from(
      { length: 20 },
      (_, index) => made(`${index}.bin`, 500_000, { stallAfter: 200_000 }),
    );
    const files = [made("bad.bin", 100_000, { failAfter: 90_000 }), ...waiting];
    await assertRejects(
      () => client.datasets.uploadFiles("Run", files, { concurrency: 4 }),
      InvalidArgumentError,
      "the disk is gone",
    );
    await settled();
    assert(waiting.every(({ open }) => open === 0));
    assert(waiting.filter(({ opened }) => opened > 0).length <= 3);
  });
});

test("uploads: a signal and close() end all and close all files", async () => {
  for (const how of ["abort", "close"]) {
    await served(async (client) => {
      const files = Array.from(
        { length: 20 },
        (_, index) => made(`${index}.bin`, 500_000, { stallAfter: 200_000 }),
      );
      const controller = new AbortController();
      const { signal } = controller;
      const upload = client.datasets.uploadFiles("Run", files, {}, { signal });
      while (!files.some(({ opened }) => opened > 0)) await settled();
      if (how === "abort") {
        controller.abort(new Error("enough"));
        await assertRejects(() => upload, Error, "enough");
      } else {
        client.close();
        await assertRejects(() => upload, ClientClosedError);
      }
      await settled();
      assertEquals(files.filter(({ open }) => open > 0), []);
    });
  }
});

test("uploads: a small file that stalls is closed by an abort", async () => {
  await served(async (client, emulator) => {
    const file = made("a.bin", 100, { stallAfter: 50 });
    const controller = new AbortController();
    const { signal } = controller;
    const upload = client.datasets.uploadFiles("Run", [file], {}, { signal });
    while (file.opened === 0) await settled();
    controller.abort(new Error("enough"));
    await assertRejects(() => upload, Error, "enough");
    await settled();
    assertEquals([file.open, storage(emulator).length], [0, 0]);
  });
});

test("uploads: a stall ends the attempt", async () => {
  await served(async (client) => {
    const file = made("a.bin", 500_000, { stallAfter: 65_536 });
    await assertRejects(
      () =>
        client.datasets.uploadFiles("Run", [file], { preflight: false }, {
          timeout: 300,
          maxRetries: 0,
        }),
      TimeoutError,
      '"a.bin"',
    );
    await settled();
    assertEquals(file.open, 0);
  });
});

test("uploads: targets that are not to be trusted get nothing", async () => {
  const asked: string[] = [];
  const refused = [
    "http://avala.s3.amazonaws.com/x?X-Amz-Signature=00ff",
    "https://avala.s3.amazonaws.com:8443/x",
    "https://user:pw@avala.s3.amazonaws.com/x",
    "https://avala.s3.amazonaws.com/x#f",
    "https://avala.s3.amazonaws.com/x#",
    "https://evil.amazonaws.com/x",
    "https://s3.amazonaws.com.evil.example/x",
    "https://127.0.0.1/x",
    "http://localhost:99/x",
    "/relative",
    null,
    7,
  ];
  for (const url of refused) {
    for (const method of ["PUT", "POST"]) {
      const client = new AsyncClient({
        apiKey: "avk_test_key_1",
        fetch: (input) => {
          asked.push(String(input));
          return Promise.resolve(Response.json({ method, url, fields: {} }));
        },
      });
      const file = made("a.bin", 10);
      const error = await assertRejects(
        () => client.datasets.uploadFiles("Run", [file], { preflight: false }),
        InvalidResponseError,
        "not to be trusted",
      );
      assert(!`${error}`.includes("00ff") && !`${error}`.includes("pw@"));
      assertEquals(file.opened, 0);
    }
  }
  assert(asked.every((url) => url.endsWith("/file-upload-url/")));
});

test("uploads: headers of the storage alone, no redirect", async () => {
  const sent: { url: string; headers: { [name: string]: string } }[] = [];
  const client = new AsyncClient({
    apiKey: "avk_test_key_1",
    headers: { "x-mine": "1" },
    clientName: "tests",
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { url } = request;
      if (!url.includes("amazonaws")) {
        const headers = {
          "Content-Type": "text/plain",
          "x-amz-Meta": "a",
          Authorization: "Bearer x",
          "X-Avala-Api-Key": "avk_of_somebody",
          host: "evil.example",
        };
        const target = "https://avala.s3.eu-west-1.amazonaws.com/k?x=1";
        return Response.json({ method: "PUT", url: target, headers });
      }
      sent.push({ url, headers: Object.fromEntries(request.headers) });
      assertEquals(init?.redirect, "manual");
      await request.arrayBuffer();
      return new Response(null, {
        status: 307,
        headers: { location: "https://evil.example/" },
      });
    },
  });
  await assertRejects(
    () =>
      client.datasets.uploadFiles("Run", [made("a.txt", 10)], {
        preflight: false,
      }),
    InvalidResponseError,
    "redirects are not followed",
  );
  assertEquals(sent.length, 1);
  const { "content-length": _, ...headers } = sent[0]?.headers ?? {};
  assertEquals(headers, { "content-type": "text/plain", "x-amz-meta": "a" });
});

test("uploads: wrong files are refused before anything is sent", async () => {
  const emulator = new AvalaEmulator();
  const client = new AsyncClient({
    apiKey: "avk_test_key_1",
    fetch: emulator.fetch,
  });
  const blob = new Blob(["x"]);
  const wrong: [unknown, string][] = [
    ["", '""'],
    ["/abs", '"/abs"'],
    ["a/../b", '"a/../b"'],
    ["./a", '"./a"'],
    ["a//b", '"a//b"'],
    ["a/", '"a/"'],
    ["a\\b", '"a\\\\b"'],
    ["a\nb", "\\n"],
    ["\ud800", "path"],
    [undefined, "undefined"],
  ];
  for (const [path, said] of wrong) {
    await assertRejects(
      () => client.datasets.uploadFiles("Run", [{ path, blob } as UploadFile]),
      InvalidArgumentError,
      said,
    );
  }
  for (const size of [-1, 1.5, NaN, 2 ** 53, "3", undefined]) {
    const file = { path: "a", size, stream: () => blob.stream() };
    await assertRejects(
      () => client.datasets.uploadFiles("Run", [file as UploadFile]),
      InvalidArgumentError,
      '"a"',
    );
  }
  for (
    const file of [null, 7, "a.txt", { path: "a" }, { path: "a", size: 1 }]
  ) {
    await assertRejects(
      () => client.datasets.uploadFiles("Run", [file as unknown as UploadFile]),
      InvalidArgumentError,
    );
  }
  const twice = [new File(["x"], "a"), { path: "a", blob }];
  await assertRejects(
    () => client.datasets.uploadFiles("Run", twice),
    InvalidArgumentError,
    'two of them have the path "a"',
  );
  for (
    const options of [{ concurrency: 0 }, { concurrency: 1.5 }, {
      onError: "ignore" as "throw",
    }]
  ) {
    await assertRejects(
      () => client.datasets.uploadFiles("Run", [], options),
      InvalidArgumentError,
    );
  }
  await assertRejects(
    () => client.datasets.uploadFiles("", small(1)),
    InvalidArgumentError,
    "datasetName",
  );
  const nothing = { files: 0, bytes: 0, skipped: 0, failures: [] };
  assertEquals(await client.datasets.uploadFiles("Run", []), nothing);
  assertEquals(emulator.requests, []);
});

test("uploads: what is hopeless fails before the first file", async () => {
  await served(async (client, emulator) => {
    await assertRejects(
      () => client.datasets.uploadFiles("Run", [made("a.bin", 2_000)]),
      QuotaExceededError,
      "2000 bytes",
    );
    await assertRejects(
      () => client.datasets.uploadFiles("Run", [made("a.pdf", 2)]),
      InvalidArgumentError,
      '"a.pdf"',
    );
    // a full quota is the server's to refuse, and not tried again
    await client.datasets.uploadFiles("Run", [made("a.bin", 900)]);
    const asked = emulator.requests.length;
    const error = await assertRejects(
      () =>
        client.datasets.uploadFiles("Run", [made("b.bin", 200)], {
          preflight: false,
        }),
      QuotaExceededError,
    );
    assertEquals([error.limit, error.used], [1_000, 900]);
    assertEquals(emulator.requests.length, asked + 1);
    // a server that tells no limits is asked for nothing more
    emulator.fault({ path: "quota", status: 404 });
    emulator.fault({ path: "allowed-mimes", status: 404 });
    await client.datasets.uploadFiles("Run", [made("c.bin", 10)]);
  }, { uploads: { quota: 1_000 } });
});

test("uploads: createFromLocal uploads, creates and waits; transfer", async () => {
  await served(async (client) => {
    async function* found(): AsyncGenerator<UploadFile> {
      yield* small(5);
    }
    const options = {
      name: "Run 7",
      slug: "run-7",
      dataType: "image" as const,
    };
    const dataset = await client.datasets.createFromLocal(found(), {
      ...options,
      wait: { interval: 1_000 },
    });
    assertEquals([dataset.status, dataset.itemCount], ["created", 5]);
    await assertRejects(
      () => client.datasets.createFromLocal([], options),
      InvalidArgumentError,
      "no files",
    );
    await assertRejects(
      () => client.datasets.createFromLocal(small(1), { ...options, slug: "" }),
      InvalidArgumentError,
      "slug",
    );
    for (const wrong of [{}, { organizationUid: "o", ownerUsername: "u" }]) {
      await assertRejects(
        () => client.datasets.transfer("northlight", "run-7", wrong),
        InvalidArgumentError,
        "exactly one",
      );
    }
  });
});

test("uploads: over the emulator's fetch as well", async () => {
  const emulator = new AvalaEmulator();
  const client = new AsyncClient({
    apiKey: "avk_test_key_1",
    fetch: emulator.fetch,
  });
  for (const uploadProtocolVersion of [1, 2]) {
    const file = made(`${uploadProtocolVersion}.bin`, 300_000);
    emulator.fault({ path: "/storage/", status: 500 });
    emulator.fault({ path: "/storage/", drop: "before" });
    await client.datasets.uploadFiles("Run", [file], { uploadProtocolVersion });
    assertEquals([file.opened, file.open], [3, 0]);
  }
  const expected = await sha256(bytesAt(0, 300_000));
  assertEquals(
    emulator.storedFiles.map(({ sha256: hash }) => hash),
    [expected, expected],
  );
  client.close();
  await assertRejects(
    () => client.datasets.uploadFiles("Run", small(1)),
    ClientClosedError,
  );
});

test("uploads: a lost connection ends as a ConnectionError that names the file", async () => {
  await served(async (client, emulator) => {
    emulator.fault({ path: "/storage/", times: 9, drop: "before" });
    await assertRejects(
      () =>
        client.datasets.uploadFiles("Run", [made("a.bin", 500_000)], {}, {
          maxRetries: 1,
        }),
      ConnectionError,
      '"a.bin"',
    );
  });
});

/** Lets what was cancelled end. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 50));
}
