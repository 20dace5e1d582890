import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AsyncFleetUploads,
  type Fetch,
  Transport,
  type UploadFile,
} from "@avala/client";
import { AvalaError, ServerError } from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { pick, seeded } from "../load/random.ts";
import { bytesAt } from "../servers/upload_sources.ts";
import { withoutBackoff } from "../tools/backoff.ts";
import { test } from "../tools/harness.ts";

/** Ways in which a request comes to nothing, as seen by the client. */
const LOSSES = {
  /** The request never arrives. */
  before: () => Promise.reject(new TypeError("connection refused")),
  /** The response never arrives. */
  after: async (process) => {
    await process();
    throw new TypeError("connection reset");
  },
  /** A proxy gives up on a server that has done its work. */
  gateway: async (process) => {
    await process();
    return new Response("no", { status: 502 });
  },
  /** A proxy says that the request took too long, which the server has got. */
  slow: async (process) => {
    await process();
    return new Response("no", { status: 408 });
  },
  /** The body of the response loses its end. */
  cut: async (process) => {
    const text = await (await process()).text();
    return new Response(text.slice(0, text.length / 2), { status: 200 });
  },
  /** The response is no JSON. */
  page: async (process) => {
    await process();
    const headers = { "content-length": "6" };
    return new Response("<html>", { status: 200, headers });
  },
  /** The server is busy, and does nothing. */
  busy: () => Promise.resolve(new Response("no", { status: 503 })),
} satisfies {
  [name: string]: (process: () => Promise<Response>) => Promise<Response>;
};
type Loss = keyof typeof LOSSES;
/** Losses behind which the request was processed. */
const WORKED: readonly Loss[] = ["after", "gateway", "slow", "cut", "page"];

/** What may happen to any request without being its end. */
const ANYWHERE: readonly Loss[] = [
  "before",
  "after",
  "gateway",
  "slow",
  "busy",
];
/** What may happen to a call of the API without being its end. */
const IN_API: readonly Loss[] = [...ANYWHERE, "cut"];
/** What may happen to a step that is done once, in the order of their names. */
const ALL = Object.keys(LOSSES).sort() as Loss[];

/** Says what happens to a call of a step; nothing lets it pass. */
type Script = (step: string, number: number) => Loss | undefined;

/** An emulator whose calls get lost, and how often each step was processed. */
function lossy(script: Script): {
  uploads: AsyncFleetUploads;
  emulator: AvalaEmulator;
  processed: (step: string) => number;
} {
  const emulator = new AvalaEmulator({ uploads: { partSize: 1_000 } });
  const asked = new Map<string, number>();
  const processed = new Map<string, number>();
  const count = (counts: Map<string, number>, step: string) => {
    counts.set(step, (counts.get(step) ?? 0) + 1);
    return counts.get(step) ?? 0;
  };
  const fetch: Fetch = (url, init) => {
    const step = new URL(url).pathname.split("/").at(-2) ?? "";
    const loss = script(step, count(asked, step));
    const process = () => {
      count(processed, step);
      return emulator.fetch(url, init);
    };
    return loss ? LOSSES[loss](process) : process();
  };
  const transport = new Transport({ apiKey: "avk_test_key_1", fetch });
  return {
    uploads: new AsyncFleetUploads(transport),
    emulator,
    processed: (step) => processed.get(step) ?? 0,
  };
}

const files = (count: number): UploadFile[] =>
  Array.from({ length: count }, (_, index) => ({
    path: `${index}.bin`,
    blob: new Blob([bytesAt(index, 10 + index)]),
  }));
const recording = (): UploadFile[] => [
  { path: "a.mcap", blob: new Blob([bytesAt(0, 5_000)]) },
  { path: "b.mcap", blob: new Blob([bytesAt(1, 10)]) },
];

/** Gives the first calls of steps a loss each, in order. */
function scripted(losses: { [step: string]: (Loss | undefined)[] }): Script {
  return (step, number) => losses[step]?.[number - 1];
}

/** Steps of a recording that are done once. */
const ONCE = ["init", "confirm", "finalize"];

for (const step of ONCE) {
  for (const loss of WORKED) {
    test(`lost: a ${step} whose response is lost (${loss}), and the status behind it, is not repeated`, async () => {
      await withoutBackoff(async () => {
        const { uploads, emulator, processed } = lossy(scripted({
          [step]: [loss],
          status: ["after", "before", "gateway", "cut"],
        }));
        const done = await uploads.uploadRecording("r-1", files(2));
        assertEquals([done.status, done.confirmedFiles], ["completing", 2]);
        assertEquals(
          ONCE.map(processed),
          [1, 1, 1],
        );
        assertEquals(emulator.storedFiles.map(({ stores }) => stores), [1, 1]);
      });
    });
  }
}

test("lost: what was not processed is sent again", async () => {
  await withoutBackoff(async () => {
    for (const step of ONCE) {
      for (const loss of ["before", "busy"] as const) {
        const { uploads, processed } = lossy(scripted({
          [step]: [loss, loss],
          status: ["before", "after", "gateway"],
        }));
        const done = await uploads.uploadRecording("r-1", files(2));
        assertEquals([done.status, processed(step)], ["completing", 1]);
      }
    }
  });
});

test("lost: a managed attempt whose response is lost, and the status behind it, is not opened twice", async () => {
  await withoutBackoff(async () => {
    for (const loss of WORKED) {
      const { uploads, processed } = lossy(scripted({
        init: [loss],
        status: ["after", "before", "gateway", "cut"],
      }));
      await uploads.uploadManagedRecording("r-1", recording());
      // one for each of the two files
      assertEquals(processed("init"), 2, loss);
    }
  });
});

test("lost: every order of losses, 60 recordings", async () => {
  await withoutBackoff(async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seeded(seed);
      const rows = new Map<string, number>();
      const script: Script = (step) => {
        const row = rows.get(step) ?? 0;
        const fails = random() < 0.25 && row < 3;
        rows.set(step, fails ? row + 1 : 0);
        if (!fails) return undefined;
        if (step === "storage") return pick(random, ANYWHERE);
        return pick(random, ONCE.includes(step) ? ALL : IN_API);
      };
      const { uploads, emulator, processed } = lossy(script);
      const count = pick(random, [1, 2, 9, 130]);
      const done = await uploads.uploadRecording("r-1", files(count), {
        concurrency: 3,
      }, { maxRetries: 50 }).catch((error) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
      assertEquals(
        [done.status, done.confirmedFiles, processed("init")],
        ["completing", count, 1],
        `seed ${seed}`,
      );
      assertEquals(processed("finalize"), 1, `seed ${seed}`);
      const confirmed = emulator.requests
        .filter(({ path }) => path.endsWith("/confirm/"))
        .filter(({ status }) => status === 200)
        .flatMap(({ body }) =>
          (body as { files: { path: string }[] }).files.map(({ path }) => path)
        );
      assertEquals(confirmed.length, count, `seed ${seed}`);
      assertEquals(new Set(confirmed).size, count, `seed ${seed}`);
    }
  });
});

test("lost: every order of losses, 40 managed recordings", async () => {
  await withoutBackoff(async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seeded(seed);
      let row = 0;
      const { uploads, processed } = lossy((step) => {
        const fails = random() < 0.25 && row < 2;
        row = fails ? row + 1 : 0;
        if (!fails) return undefined;
        if (step === "storage") return pick(random, ANYWHERE);
        return pick(random, step === "init" ? ALL : IN_API);
      });
      const done = await uploads.uploadManagedRecording(
        "r-1",
        recording(),
        {},
        { maxRetries: 50 },
      ).catch((error) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
      assertEquals(
        [done.finalization !== null, processed("init")],
        [true, 2],
        `seed ${seed}`,
      );
    }
  });
});

test("lost: without a status the error is that of the status, and no second POST", async () => {
  await withoutBackoff(async () => {
    for (const step of ONCE) {
      let isLost = false;
      const { uploads, processed } = lossy((name) => {
        isLost ||= name === step;
        if (name === step) return "after";
        return name === "status" && isLost ? "gateway" : undefined;
      });
      await assertRejects(
        () => uploads.uploadRecording("r-1", files(2)),
        ServerError,
        "502",
      );
      assertEquals(processed(step), 1);
    }
    const { uploads, processed } = lossy((name) =>
      name === "init" ? "after" : name === "status" ? "gateway" : undefined
    );
    const error = await assertRejects(
      () => uploads.uploadManagedRecording("r-1", recording()),
      AvalaError,
    );
    assert(error instanceof ServerError);
    assertEquals(processed("init"), 1);
  });
});
