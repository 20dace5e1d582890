/**
 * The benchmark on one runtime: prints each row as a line of JSON. Arguments:
 * the server's base URL, and the bundles of the other clients, as JSON.
 *
 * @module
 */

import process from "node:process";
import { AsyncClient } from "@avala/client";
import { readFile } from "node:fs/promises";
import { heap, medians, sleep, type Work } from "./measure.ts";
import { loadOfficial, loadRivals, type Rivals } from "./rivals.ts";

const [baseUrl = "", bundles = "{}"] = process.argv.slice(2);
const paths: Rivals = JSON.parse(bundles);
const apiKey = "avk_bench_key";
const url = `${baseUrl}/datasets/x/`;
const headers = { accept: "application/json", "x-avala-api-key": apiKey };
const client = new AsyncClient({
  apiKey,
  baseUrl,
  allowInsecureBaseUrl: true,
});

/** Prints a row: our value, and perhaps those of others. */
function row(name: string, ours: number, others = {}): void {
  console.log(JSON.stringify({ name, ours, others }));
}

async function bare(): Promise<unknown> {
  return await (await fetch(url)).json();
}

/** What a careful caller writes by hand. */
async function byHand(): Promise<unknown> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 30_000);
  try {
    const { signal } = controller;
    const init: RequestInit = { headers, redirect: "manual", signal };
    return await (await fetch(url, init)).json();
  } finally {
    clearTimeout(timer);
  }
}

const callers = {
  bare,
  byHand,
  ours: () => client.datasets.get("x"),
  ...await loadRivals(paths, baseUrl),
};
type Times = Record<keyof typeof callers, number>;

/** The value of everyone but us and bare `fetch`. */
function others(
  { bare: _, ours: __, ...times }: Times,
  value: (time: number) => number,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(times).map(([name, time]) => [name, value(time)]),
  );
}

/** All callers, each making some calls at a time. */
function each(
  turn: (call: Work) => Work,
): Record<keyof typeof callers, Work> {
  const turns = Object.entries(callers).map(([name, call]) => [
    name,
    turn(call),
  ]);
  return Object.fromEntries(turns);
}

async function sequential(): Promise<void> {
  const time: Times = await medians(
    each((call) => async () => {
      for (let i = 0; i < 20; i++) await call();
    }),
    200,
  );
  const { bare, byHand, ours } = time;
  row("get, sequential", ours / bare, others(time, (their) => their / bare));
  row("get, sequential, over the same by hand", ours / byHand);
}

async function concurrent(): Promise<void> {
  const time: Times = await medians(
    each((call) => async () => {
      let left = 1_024;
      const worker = async () => {
        while (left-- > 0) await call();
      };
      await Promise.all(Array.from({ length: 64 }, worker));
    }),
    40,
  );
  const { bare, byHand, ours } = time;
  row("throughput at 64", bare / ours, others(time, (their) => bare / their));
  row("throughput at 64, over the same by hand", byHand / ours);
}

async function decoding(): Promise<void> {
  const samples = new URL("../../contract/samples.json", import.meta.url);
  const { DatasetItem } = JSON.parse(await readFile(samples, "utf8"));
  const page = JSON.stringify({
    next: null,
    previous: null,
    results: Array.from(
      { length: 100 },
      (_, id) => ({ ...DatasetItem, id }),
    ),
  });
  // as little of a response as both read: its cost is not that of decoding
  const response = {
    ok: true,
    status: 200,
    headers: new Headers(),
    text: () => Promise.resolve(page),
    json: () => Promise.resolve(JSON.parse(page)),
  } as Response;
  const { fetch } = globalThis;
  globalThis.fetch = () => Promise.resolve(response);
  const parse = () => JSON.parse(page);
  const ours = () => client.datasets.listItems("o", "s");
  const time = await medians({ parse, ours }, 1_000);
  // apart from ours, which would pay for what it leaves to collect
  const other: Record<string, number> = {};
  if (paths.official) {
    const { datasets } = await loadOfficial(paths.official, baseUrl);
    const theirs = () => datasets.listItems("o", "s");
    const times = await medians({ parse, theirs }, 300);
    other.official = times.theirs / times.parse;
  }
  globalThis.fetch = fetch;
  row("decode 100 items", time.ours / time.parse, other);
}

async function walking(): Promise<void> {
  let start = performance.now();
  let pages = 0;
  for await (const _ of client.projects.list().pages()) {
    await sleep(20);
    pages++;
  }
  const ours = performance.now() - start;
  start = performance.now();
  let page = await client.projects.list();
  while (true) {
    await sleep(20);
    pages--;
    const next = await page.nextPage();
    if (!next) break;
    page = next;
  }
  if (pages !== 0) throw new Error("The walks did not see the same pages");
  row("walk 200 pages", ours / (performance.now() - start));
}

/** A client whose responses cost no network. */
function stubbed(body: () => string): AsyncClient {
  return new AsyncClient({
    apiKey,
    fetch: () => Promise.resolve(new Response(body())),
  });
}

async function walkingFar(): Promise<void> {
  let page = 0;
  const results = Array.from({ length: 100 }, (_, id) => ({ uid: `u${id}` }));
  const pages = stubbed(() =>
    JSON.stringify({
      next: page < 10_000 ? `?cursor=${++page}` : null,
      results,
    })
  );
  for await (
    const _ of stubbed(() => JSON.stringify({ results })).tasks.list()
  );
  const before = await heap();
  let items = 0;
  for await (const _ of pages.tasks.list()) items++;
  if (items < 1_000_000) throw new Error("The walk ended too early");
  row("heap after 1,000,000 items, MiB", await heap() - before);
}

async function longLived(): Promise<void> {
  const { signal } = new AbortController();
  const one = stubbed(() => '{"uid":"x"}');
  const get = () => one.datasets.get("x", { signal, timeout: 1_000 });
  for (let i = 0; i < 1_000; i++) await get();
  const before = await heap();
  for (let i = 0; i < 10_000; i++) await get();
  await sleep(2_000);
  row("heap after 10,000 calls with one signal, MiB", await heap() - before);
}

await sequential();
await concurrent();
await decoding();
await walking();
await walkingFar();
await longLived();
client.close();
