import { assert, assertEquals } from "@std/assert";
import { AsyncClient, type Fetch } from "@avala/client";
import { AvalaError } from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { test } from "../tools/harness.ts";

const apiKey = "avk_stacks_0123456789";

/** A place in a file. */
interface Frame {
  file: string | undefined;
  line: number;
}

function framesOf({ stack = "" }: Error): Frame[] {
  return [...stack.matchAll(/([^\s(]+):(\d+):\d+\)?$/gm)]
    .map(([, file, line]) => ({ file, line: Number(line) }));
}

/** The line that calls this. */
const here = () => framesOf(new Error())[1];

interface Scene {
  client: AsyncClient;
  emulator: AvalaEmulator;
  /** Responds in place of the emulator. */
  through(fetch: Fetch): void;
  /** To be called on the line before the call that fails. */
  mark(place: Frame | undefined): void;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 10));

/** Each marks a line, and fails on the next. */
const CALLS: { [call: string]: (scene: Scene) => Promise<unknown> } = {
  async get({ client, mark }) {
    mark(here());
    await client.datasets.get("gone");
  },
  async "get, after retries"({ client, emulator, mark }) {
    emulator.fault({ path: "/datasets/x/", status: 503, retryAfter: 0 });
    mark(here());
    await client.datasets.get("x");
  },
  async request({ client, mark }) {
    mark(here());
    await client.request("GET", "/nothing/");
  },
  async "list, awaited"({ client, emulator, mark }) {
    emulator.fault({ path: "/tasks/", status: 403 });
    mark(here());
    await client.tasks.list();
  },
  async "list, iterated"({ client, emulator, mark }) {
    emulator.fault({ path: "/tasks/", status: 403 });
    mark(here());
    for await (const _ of client.tasks.list()) await pause();
  },
  async "list, its second page"({ client, emulator, through, mark }) {
    let count = 0;
    through((url, init) => {
      if (count++ === 1) emulator.fault({ path: "/tasks/", status: 403 });
      return emulator.fetch(url, init);
    });
    mark(here());
    for await (const _ of client.tasks.list({ limit: 5 })) await pause();
  },
  async "list, its next page"({ client, emulator, mark }) {
    const page = await client.tasks.list({ limit: 5 });
    emulator.fault({ path: "/tasks/", status: 403 });
    mark(here());
    await page.nextPage();
  },
  async "list, gathered"({ client, emulator, mark }) {
    emulator.fault({ path: "/tasks/", status: 403 });
    mark(here());
    await client.tasks.list().toArray({ limit: 5 });
  },
  async create({ client, emulator, mark }) {
    emulator.fault({ path: "/exports/", status: 403 });
    mark(here());
    await client.exports.create({ project: "p" });
  },
  async uploadFiles({ client, emulator, mark }) {
    emulator.fault({ path: "/file-upload-url/", status: 403 });
    const files = [{ path: "a.jpg", blob: new Blob(["a"]) }];
    mark(here());
    await client.datasets.uploadFiles("Run", files);
  },
  async download({ client, emulator, mark }) {
    emulator.fault({ path: "/storage/", status: 404 });
    mark(here());
    await client.download("https://api.avala.ai/storage/gone");
  },
  async "download, its bytes"({ client, through, mark }) {
    through(() => {
      const headers = { "content-length": "10" };
      return Promise.resolve(new Response("short", { headers }));
    });
    const url = "https://api.avala.ai/storage/short";
    const download = await client.download(url, {}, { maxRetries: 0 });
    mark(here());
    await download.bytes();
  },
  async wait({ client, mark }) {
    mark(here());
    await client.exports.wait("gone");
  },
  async "wait, its time limit"({ client, mark }) {
    const { uid } = await client.exports.create({ project: "p" });
    mark(here());
    await client.exports.wait(uid, { timeout: 0 });
  },
  async "a wrong argument"({ client, mark }) {
    mark(here());
    await client.datasets.get("");
  },
};

for (const [name, call] of Object.entries(CALLS)) {
  test(`stacks reach the caller's line: ${name}`, async () => {
    const emulator = new AvalaEmulator();
    let respond: Fetch = emulator.fetch;
    const through = (fetch: Fetch) => void (respond = fetch);
    const fetch: Fetch = (url, init) => respond(url, init);
    await using client = new AsyncClient({ apiKey, fetch, maxRetries: 1 });
    let place: Frame | undefined;
    const mark = (at: Frame | undefined) => void (place = at);
    const scene = { client, emulator, through, mark };
    const error = await call(scene).catch((error) => error);
    assert(error instanceof AvalaError);
    const stack = error.stack ?? "";
    assert(place?.file, "The engine shows no lines");
    const { file, line } = place;
    const near = framesOf(error).filter((frame) =>
      frame.file === file && frame.line > line && frame.line < line + 4
    );
    assert(near.length > 0, stack);
    assertEquals(stack.split("\n", 1)[0], `${error.name}: ${error.message}`);
    assert(!stack.includes(apiKey));
  });
}
