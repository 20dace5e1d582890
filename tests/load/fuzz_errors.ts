/**
 * Random and mutated answers through the decoders and the error path.
 *
 * @module
 */

import { AsyncClient } from "@avala/client";
import { AvalaError, InvalidArgumentError } from "@avala/client/errors";
import samples from "../contract/samples.json" with { type: "json" };
import { garble, mutate, randomJson } from "./mutants.ts";
import { pick, seeded } from "./random.ts";

/** What came out of a run. */
export interface FuzzResult {
  /** Answers that were given. */
  answers: number;
  /** Calls that ended in a value. */
  values: number;
  /** Calls that ended in an error of the client. */
  errors: number;
  /** How many methods of the client were called. */
  methods: number;
}

type Read = () => PromiseLike<unknown>;

const SAMPLES: readonly unknown[] = Object.entries(samples)
  .filter(([name]) => !name.startsWith("$")).map(([, sample]) => sample);
const STATUSES = [
  200,
  200,
  200,
  201,
  400,
  401,
  403,
  404,
  409,
  413,
  422,
  429,
  500,
];
const HEADERS = [
  "retry-after",
  "x-request-id",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "date",
];
const VALUES = [
  "",
  "0",
  "-1",
  "1e9",
  "61",
  "soon",
  "9".repeat(400),
  "\xff",
  "avk_x",
];

/** Feeds a client with answers; throws what no answer may lead to. */
export async function fuzz(seed: number, answers: number): Promise<FuzzResult> {
  const random = seeded(seed);
  const result = { answers: 0, values: 0, errors: 0, methods: 0 };
  let answer = new Response("{}");
  const client = new AsyncClient({
    apiKey: "avk_fuzz_test_key_1",
    maxRetries: 0,
    fetch: () => Promise.resolve(answer),
  });
  const reads = await usable([...readsOf(client)], () => {
    answer = new Response("{}");
  });
  result.methods = reads.length;
  while (result.answers < answers) {
    const status = pick(random, STATUSES);
    const text = randomAnswer(random);
    answer = new Response(text, { status, headers: randomHeaders(random) });
    result.answers++;
    try {
      checkPlain(await pick(random, reads)());
      result.values++;
    } catch (error) {
      if (!(error instanceof AvalaError)) {
        throw new Error(
          `seed ${seed}, answer ${result.answers}: ${status} ${text}`,
          { cause: error },
        );
      }
      JSON.stringify(error);
      result.errors++;
    }
  }
  client.close();
  checkPrototypes();
  return result;
}

/** Every method that reads, of every resource. */
function* readsOf(owner: object): Generator<Read> {
  for (const resource of Object.values(owner)) {
    if (!/^Async/.test(resource?.constructor?.name ?? "")) continue;
    yield* readsOf(resource);
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(resource));
    for (const name of names.filter((name) => /^(?:get|list)/.test(name))) {
      const method = resource[name];
      for (let count = 0; count <= 4; count++) {
        const args = ["owner", "slug", "uid", 0].slice(0, count);
        yield () => method.call(resource, ...args);
      }
    }
  }
}

/** Those that take such arguments. */
async function usable(reads: Read[], prepare: () => void): Promise<Read[]> {
  const good: Read[] = [];
  for (const read of reads) {
    prepare();
    const refused = await Promise.resolve().then(read).then(
      () => false,
      (error) =>
        error instanceof InvalidArgumentError || error instanceof TypeError,
    );
    if (!refused) good.push(read);
  }
  return good;
}

function randomAnswer(random: () => number): string {
  const kind = random();
  if (kind < 0.2) return JSON.stringify(randomJson(random));
  const sample = mutate(random, pick(random, SAMPLES));
  const shape = random();
  const json = shape < 0.4 ? sample : shape < 0.5 ? [sample] : mutate(random, {
    next: "/api/v1/x/?cursor=c",
    previous: null,
    results: [sample, pick(random, SAMPLES)],
  });
  const text = JSON.stringify(json);
  return kind < 0.8 ? text : garble(random, text);
}

function randomHeaders(random: () => number): [string, string][] {
  return HEADERS.filter(() => random() < 0.3).map((name) => [
    name,
    pick(random, VALUES),
  ]);
}

/** No decoded object may have got another prototype. */
function checkPlain(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const prototype = Object.getPrototypeOf(value);
  const isPage = /^CursorPage$/.test(value.constructor?.name ?? "");
  if (
    !isPage && prototype !== Object.prototype && prototype !== Array.prototype
  ) {
    throw new Error(`A prototype was set: ${JSON.stringify(prototype)}`);
  }
  const entries = isPage ? (value as { items: unknown[] }).items : value;
  for (const entry of Object.values(entries)) checkPlain(entry);
}

function checkPrototypes(): void {
  for (const prototype of [Object.prototype, Array.prototype]) {
    const added = Object.keys(prototype);
    if (added.length > 0) throw new Error(`Polluted: ${added.join()}`);
  }
}
