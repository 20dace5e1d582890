import { assert, assertEquals } from "@std/assert";
import { AvalaError, ServerError } from "@avala/client/errors";
import {
  type Call,
  type RequestOptions,
  Transport,
} from "@avala/client/transport";
import {
  BREAKS,
  type Fault,
  redirects,
  REFUSALS,
  SUCCESSES,
  valueOf,
  WELL,
} from "../load/catalog.ts";
import { pick, seeded } from "../load/random.ts";
import { type RawServer, startRawServer } from "../servers/raw_server.ts";
import { test } from "../tools/harness.ts";

const MAX_RETRIES = 2;
const KEY = "0b1c7a52-6f0e-4b53-9d1c-3f4f0a2b7c11";
/** So few calls share a client that its budget for retries lasts. */
const CALLS = 25;

interface Kind {
  method: Call["method"];
  repeatable: boolean;
  body?: object;
  options?: RequestOptions;
}

const KINDS: readonly Kind[] = [
  { method: "GET", repeatable: true },
  { method: "PUT", repeatable: true, body: {} },
  { method: "PATCH", repeatable: true, body: { a: 1 } },
  { method: "DELETE", repeatable: true },
  { method: "POST", repeatable: false, body: { name: "new" } },
  { method: "POST", repeatable: false },
  { method: "POST", repeatable: true, options: { idempotent: true } },
  {
    method: "POST",
    repeatable: true,
    body: {},
    options: { idempotencyKey: KEY },
  },
];

/** What one call met, and what came out of it. */
interface Story {
  kind: Kind;
  faults: Fault[];
  /** Requests that the server saw. */
  seen: number;
  /** Responses that the client saw. */
  heard: number;
  value?: unknown;
  error?: unknown;
}

for (const seed of [1, 2, 3, 4, 5, 25]) {
  test(`whatever the server does, seed ${seed}`, () => runSeed(seed));
}

test("an error page of 100 MiB is left where it is", async () => {
  let sent = 0;
  await using server = await startRawServer(() => ({
    async respond(wire) {
      wire.send("HTTP/1.1 500 Sorry\r\ncontent-length: 104857600\r\n\r\n");
      const part = "x".repeat(2 ** 16);
      for (; sent < 104_857_600 && !wire.gone(); sent += part.length) {
        wire.send(part);
        await wire.drained();
      }
    },
  }));
  const transport = connect(server);
  try {
    const error = await transport.request("POST", "/x/").catch((error) =>
      error
    );
    assert(error instanceof ServerError);
    assertEquals(String(error.body).length, 1_000);
    await untilIdle(server, "100 MiB");
    // what lies in the buffers of the system
    assert(sent < 40 * 2 ** 20, `${sent} bytes`);
  } finally {
    transport.close();
  }
});

/** Makes random calls of a server with random faults, and checks each. */
async function runSeed(seed: number): Promise<void> {
  const random = seeded(seed);
  await using trap = await startRawServer(() => WELL);
  const choices = [
    ...SUCCESSES,
    ...SUCCESSES,
    ...BREAKS,
    ...BREAKS,
    ...REFUSALS.filter(() => random() < 0.2),
    ...redirects(trap.origin).filter(() => random() < 0.3),
  ];
  const stories = Array.from({ length: CALLS }, (): Story => ({
    kind: pick(random, KINDS),
    faults: Array.from({ length: 4 }, () => pick(random, choices)),
    seen: 0,
    heard: 0,
  }));
  await using server = await startRawServer(({ path }) => {
    const story = stories[Number(path.split("/")[3])];
    return story?.faults[story.seen++] ?? WELL;
  });
  const transport = connect(server);
  try {
    await Promise.all(stories.map(async (story, index) => {
      const { method, body, options } = story.kind;
      const path = { name: "test", template: `/${index}/`, params: {} };
      const shape = method === "DELETE" ? "nothing" : "object";
      const call = { method, path, body: () => body };
      const onResponse = () => void story.heard++;
      await transport.send(call, shape, { ...options, onResponse }).then(
        (value) => story.value = value,
        (error) => story.error = error,
      );
    }));
    for (const [index, story] of stories.entries()) {
      const path = `/api/v1/${index}/`;
      const told = `seed ${seed}, call ${index}: ${tell(story)}`;
      check(story, path, told);
    }
    assertEquals(
      trap.connections(),
      0,
      `seed ${seed}: a redirect was followed`,
    );
    await untilIdle(server, `seed ${seed}`);
  } finally {
    transport.close();
  }
}

function tell({ kind, faults, seen, error, value }: Story): string {
  const met = faults.slice(0, seen).map(({ name }) => name).join(", then ");
  return `${kind.method} ${JSON.stringify(kind.options ?? {})} met ${met}: ${
    error ?? JSON.stringify(value)
  }`;
}

function check(story: Story, path: string, told: string): void {
  const { kind, faults, seen, heard, error } = story;
  const { method, repeatable } = kind;
  const met = faults.slice(0, seen);
  const last = met[met.length - 1];
  // a connection that was closed while idle can fail before the server sees it
  const lost = error instanceof AvalaError &&
    error.name === "ConnectionError" && error.attempts > seen;
  if (!last) return assert(lost, told);

  // a response may come too late for a connection that an earlier one has ended
  const given = met.filter(({ dies, headers }) => headers || !dies).length;
  const unheard = repeatable && heard < given;
  for (const fault of met.slice(0, -1)) {
    assert(isRetried(fault, kind) || lost || unheard, `sent again: ${told}`);
  }
  if (!repeatable) {
    const worked = met.filter(({ worked }) => worked).length;
    assert(worked <= 1, `created twice: ${told}`);
  }

  // a deletion that is repeated and finds nothing has worked, which nobody can
  // know where a runtime has repeated it behind the client
  if (
    error instanceof AvalaError && method === "DELETE" &&
    error.name === "NotFoundError" && error.attempts < seen
  ) return;
  const isGone = method === "DELETE" && last.name.startsWith("404") &&
    met.slice(0, -1).some(({ name }) => !/^(?:429|503)/.test(name));
  const isWell = last.error === null || isGone ||
    method === "DELETE" && last.headers === true;
  if (isWell && !lost) {
    assert(error === undefined, told);
    const value = method === "DELETE" ? null : JSON.parse(
      valueOf({ ...{ method, path }, head: "", body: "", earlier: 0 }),
    );
    assertEquals(story.value, value, told);
    return;
  }
  assert(error instanceof AvalaError, told);
  if (lost) return;
  assertEquals(error.name, last.error, told);
  const attempts = isRetried(last, kind) ? MAX_RETRIES + 1 : error.attempts;
  assertEquals(error.attempts, attempts, `gave up early: ${told}`);
  // a runtime may have sent a request again behind the client, or have met a
  // connection that was closed while idle
  const died = met.filter(({ dies }) => dies).length;
  const [unseen, unasked] = repeatable ? [1, died] : [0, 0];
  assert(
    seen >= error.attempts - unseen && seen <= error.attempts + unasked,
    `${error.attempts} attempts: ${told}`,
  );
}

function isRetried({ again, headers }: Fault, kind: Kind): boolean {
  if (kind.method === "DELETE" && headers) return false;
  return again === "always" || again === "safe" && kind.repeatable;
}

/** Waits until no connection is left in the middle of an answer. */
async function untilIdle(server: RawServer, told: string): Promise<void> {
  for (let waited = 0; server.busy() > 0; waited += 20) {
    assert(waited < 5_000, `${told}: ${server.busy()} answers are still open`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function connect({ origin }: RawServer): Transport {
  return new Transport({
    apiKey: "avk_faults_test_1",
    baseUrl: `${origin}/api/v1`,
    allowInsecureBaseUrl: true,
    maxRetries: MAX_RETRIES,
    timeout: 2_000,
  });
}
