/**
 * The benchmark of files on one runtime: prints each row as a line of JSON. The
 * argument is the server's base URL.
 *
 * @module
 */

import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { AsyncClient } from "@avala/client";
import { downloadDataset, saveTo } from "@avala/client/files";
import { medians, type Work } from "./measure.ts";

const [baseUrl = ""] = process.argv.slice(2);
const client = new AsyncClient({
  apiKey: "avk_bench_key",
  baseUrl,
  allowInsecureBaseUrl: true,
});
const CONCURRENCY = 8;
const BATCH = 100;
const MIB = 2 ** 20;
const ITEMS = 10_000;
const folder = await mkdtemp(join(tmpdir(), "avala-bench-"));

/** Calls the API by hand. */
async function call(step: string, body: unknown): Promise<unknown> {
  const url = `${baseUrl}/recordings/${step}/`;
  const init = { method: "POST", body: JSON.stringify(body) };
  return await (await fetch(url, init)).json();
}

/** Sends a recording by hand: the requests that it takes, and nothing else. */
async function sendBare(blob: Blob, count: number): Promise<void> {
  const files = Array.from(
    { length: count },
    (_, index) => ({ path: `${index}.bin`, size_bytes: blob.size }),
  );
  await call("init", { files });
  const batches: typeof files[] = [];
  for (let at = 0; at < count; at += BATCH) {
    batches.push(files.slice(at, at + BATCH));
  }
  const addresses: string[] = [];
  for (const batch of batches) {
    const { urls } = await call("urls", {
      file_paths: batch.map(({ path }) => path),
    }) as { urls: { put_url: string }[] };
    addresses.push(...urls.map((url) => url.put_url));
  }
  const worker = async () => {
    for (let url = addresses.pop(); url; url = addresses.pop()) {
      const response = await fetch(url, { method: "PUT", body: blob });
      await response.body?.cancel();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  for (const files of batches) await call("confirm", { files });
  await call("finalize", {});
}

/** Sends the same files as a recording. */
async function send(blob: Blob, count: number): Promise<void> {
  const files = Array.from(
    { length: count },
    (_, index) => ({ path: `${index}.bin`, blob }),
  );
  const options = { concurrency: CONCURRENCY };
  await client.fleet.uploads.uploadRecording("r", files, options);
}

async function drain(body: ReadableStream<Uint8Array>): Promise<void> {
  let size = 0;
  for (const reader = body.getReader();;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
  }
  if (size !== 256 * MIB) throw new Error(`The download has ${size} bytes`);
}

async function compare(
  name: string,
  bare: Work,
  ours: Work,
  rounds: number,
): Promise<void> {
  const time = await medians({ bare, ours }, rounds);
  row(name, time.bare / time.ours);
}

function row(name: string, ours: number): void {
  console.log(JSON.stringify({ name, ours }));
}

/** Gives a path that nothing is at yet. */
function unused(): string {
  return join(folder, crypto.randomUUID());
}

/** Saves what the server sends as one response. */
async function saveBare(url: string): Promise<void> {
  const { body } = await fetch(url);
  const file = createWriteStream(unused());
  for await (const chunk of body ?? []) {
    if (file.write(chunk)) continue;
    await new Promise<void>((resolve) => file.once("drain", resolve));
  }
  await new Promise<void>((resolve) => file.end(resolve));
}

/** Downloads a dataset by hand: a listing, and some workers. */
async function downloadBare(): Promise<void> {
  const target = unused();
  await mkdir(target);
  const items: { key: string; url: string }[] = [];
  for (let cursor = "0"; cursor;) {
    const url = `${baseUrl}/datasets/o/s/items/?limit=250&cursor=${cursor}`;
    const { next, results } = await (await fetch(url)).json();
    items.push(...results);
    cursor = next ? new URL(next).searchParams.get("cursor") ?? "" : "";
  }
  const worker = async () => {
    for (let item = items.pop(); item; item = items.pop()) {
      const bytes = await (await fetch(item.url)).arrayBuffer();
      await writeFile(join(target, item.key), new Uint8Array(bytes));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  await rm(target, { recursive: true });
}

/** Downloads the same dataset. */
async function download(target = unused()): Promise<void> {
  const { files } = await downloadDataset(client, "o", "s", target, {
    concurrency: CONCURRENCY,
  });
  if (files !== ITEMS) throw new Error(`The dataset has ${files} files`);
  await rm(target, { recursive: true });
}

/** Seconds that a run takes which finds everything there. */
async function repeat(): Promise<number> {
  const target = unused();
  await downloadDataset(client, "o", "s", target);
  const start = performance.now();
  const { skipped } = await downloadDataset(client, "o", "s", target);
  if (skipped !== ITEMS) throw new Error(`${skipped} files were skipped`);
  return (performance.now() - start) / 1_000;
}

const large = new Blob([new Uint8Array(32 * MIB)]);
await compare(
  "upload of 8 × 32 MiB",
  () => sendBare(large, 8),
  () => send(large, 8),
  10,
);
const small = new Blob([new Uint8Array(MIB / 16)]);
await compare(
  "upload of 2,000 × 64 KiB",
  () => sendBare(small, 2_000),
  () => send(small, 2_000),
  10,
);
const file = `${baseUrl}/file`;
await compare(
  "download of 256 MiB",
  async () => await drain((await fetch(file)).body!),
  async () => await drain((await client.download(file)).body),
  10,
);
const capped = `${baseUrl}/capped`;
await compare(
  "download of 128 MiB, 8 connections, × one stream",
  () => saveBare(capped),
  async () => {
    const options = { connections: 8 };
    await saveTo(unused(), await client.download(capped), options);
  },
  3,
);
await compare("download of 10,000 × 64 KiB", downloadBare, () => download(), 3);
row("second run of 10,000, s", await repeat());
await rm(folder, { recursive: true });
client.close();
