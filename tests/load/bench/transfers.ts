/**
 * The benchmark of files on one runtime: prints each row as a line of JSON. The
 * argument is the server's base URL.
 *
 * @module
 */

import process from "node:process";
import { AsyncClient } from "@avala/client";
import { medians } from "./measure.ts";

const [baseUrl = ""] = process.argv.slice(2);
const client = new AsyncClient({
  apiKey: "avk_bench_key",
  baseUrl,
  allowInsecureBaseUrl: true,
});
const CONCURRENCY = 8;
const BATCH = 100;
const MIB = 2 ** 20;

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
  bare: () => Promise<void>,
  ours: () => Promise<void>,
  rounds: number,
): Promise<void> {
  const time = await medians({ bare, ours }, rounds);
  console.log(JSON.stringify({ name, ours: time.bare / time.ours }));
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
client.close();
