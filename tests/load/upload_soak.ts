/**
 * The `soak:uploads` task: what uploads cost beside bare `fetch`, and how much memory a
 * large file takes. No test asserts it: the machine is noisy.
 *
 * @module
 */

import { spawn } from "node:child_process";
import process from "node:process";
import { AsyncClient, type ByteStream, type UploadSource } from "@avala/client";
import { AvalaEmulator } from "@avala/client/testing";
import { serveHttp } from "../servers/server.ts";

const FILES = 2_000;
const SMALL = 64 * 2 ** 10;
const LARGE = 2 * 2 ** 30;
const CONCURRENCY = 8;

const [role = "", address = ""] = process.argv.slice(2);
const target = `${address}/datasets/manual-upload/file-upload-url/`;
const content = new Blob([new Uint8Array(SMALL)]);
const options = { preflight: false, concurrency: CONCURRENCY };

/** What is measured, each in a process of its own. */
const CONTESTS: { [role: string]: () => Promise<unknown> } = {
  "small ours": () => {
    const files = Array.from(
      { length: FILES },
      (_, index) => ({ path: `${index}.bin`, blob: content }),
    );
    return clientOf(address).datasets.uploadFiles("soak", files, options);
  },
  "small fetch": async () => {
    let left = FILES;
    await Promise.all(Array.from({ length: CONCURRENCY }, async () => {
      while (left-- > 0) {
        const body = JSON.stringify({ file_path_in_dataset: `${left}.bin` });
        const asked = await fetch(target, { method: "POST", body });
        const { url } = await asked.json();
        const put = await fetch(url, { method: "PUT", body: content });
        await put.body?.cancel();
      }
    }));
  },
  "large ours": () =>
    clientOf(address).datasets.uploadFiles("soak", [zeros()], options),
  "large fetch": async () => {
    const init: RequestInit & { duplex: "half" } = {
      method: "PUT",
      body: zeros().stream(),
      duplex: "half",
    };
    const put = await fetch(target, init);
    await put.body?.cancel();
  },
};

if (role === "sink") await serveSink();
else if (role === "emulator") await serveEmulator();
else if (role in CONTESTS) await contest(role);
else await measure();

/** A large file that costs nothing to make. */
function zeros(): UploadSource {
  const chunk = new Uint8Array(65_536);
  return {
    path: "big.bin",
    size: LARGE,
    stream: (): ByteStream => {
      let left = LARGE;
      return new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull(controller) {
          if (left <= 0) return controller.close();
          left -= chunk.length;
          controller.enqueue(chunk);
        },
      }, { highWaterMark: 0 });
    },
  };
}

/** Takes everything and keeps nothing: the server must not be what is measured. */
async function serveSink(): Promise<void> {
  const { origin } = await serveHttp((request, response) => {
    request.on("data", () => {});
    request.on("end", () => {
      const grant = { method: "PUT", url: `${origin}/storage/x?s=1` };
      const body = request.method === "POST" ? JSON.stringify(grant) : "";
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": String(body.length),
      });
      response.end(body);
    });
  }, { keepAlive: true });
  console.log(`${origin}/api/v1`);
}

async function serveEmulator(): Promise<void> {
  const emulator = new AvalaEmulator({ uploads: { multipartFrom: 2 ** 40 } });
  const { baseUrl } = await emulator.serve();
  console.log(baseUrl);
  const peak = peakMemory();
  process.stdin.on("data", () => {
    const [file] = emulator.storedFiles;
    console.log(JSON.stringify({ size: file?.size, peak: peak() }));
  });
}

/** Runs a contest three times and prints the median time and the peak memory. */
async function contest(role: string): Promise<void> {
  const times: number[] = [];
  const base = Math.round(process.memoryUsage().rss / 2 ** 20);
  const peak = peakMemory();
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    await CONTESTS[role]?.();
    times.push(performance.now() - start);
  }
  const [, median] = times.sort((a, b) => a - b);
  console.log(JSON.stringify({ median, base, peak: peak() }));
  process.exit();
}

async function measure(): Promise<void> {
  const sink = await start("sink");
  for (const size of ["small", "large"]) {
    const [ours, bare] = [
      await start(`${size} ours`, sink.line),
      await start(`${size} fetch`, sink.line),
    ].map(({ line }) => JSON.parse(line));
    console.log(
      `${size}: ${ours.median.toFixed(0)} ms, bare fetch ${
        bare.median.toFixed(0)
      } ms, ratio ${
        (bare.median / ours.median).toFixed(2)
      }; peak ${ours.peak} MiB (${ours.base} before), bare fetch ${bare.peak} MiB`,
    );
  }
  sink.stop();
  const emulator = await start("emulator");
  const { line } = await start("large ours", emulator.line);
  console.log(`to the emulator: ${line}, which says: ${await emulator.ask()}`);
  emulator.stop();
}

function clientOf(baseUrl: string): AsyncClient {
  return new AsyncClient({
    apiKey: "avk_soak_key",
    baseUrl,
    allowInsecureBaseUrl: true,
  });
}

/** Watches the memory of this process; the peak in MiB comes out when asked. */
function peakMemory(): () => number {
  const read = () => process.memoryUsage().rss;
  let peak = read();
  const timer = setInterval(() => peak = Math.max(peak, read()), 20);
  timer.unref?.();
  return () => {
    clearInterval(timer);
    return Math.round(Math.max(peak, read()) / 2 ** 20);
  };
}

/** Starts this file in a process of its own. */
async function start(
  role: string,
  address = "",
): Promise<{ line: string; ask(): Promise<string>; stop(): void }> {
  const file = process.argv[1] ?? "";
  const flags = "Deno" in globalThis ? ["run", "-A", "--quiet"] : [];
  const child = spawn(process.execPath, [...flags, file, role, address], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const line = () =>
    new Promise<string>((resolve) => {
      child.stdout.once("data", (text) => resolve(String(text).trim()));
    });
  return {
    line: await line(),
    ask: async () => {
      const reply = line();
      child.stdin.write("?\n");
      return await reply;
    },
    stop: () => child.kill(),
  };
}
