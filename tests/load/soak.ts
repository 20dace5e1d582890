/**
 * The `soak` task: 20,000 calls, 64 at once, of a server in another process that
 * fails one request in five. It ends with 1 if a failure came through that
 * retries should have absorbed, if something was created twice, if memory grew,
 * or if the client's process did not end by itself. Arguments: `SEED CALLS`.
 *
 * @module
 */

import { startServer } from "../tools/workspace/processes.ts";
import { soak, type SoakResult, startSoakServer } from "./soak_calls.ts";

const WARM_UP = 4_000;
const CONCURRENCY = 64;
const GROWTH_LIMIT = 10 * 2 ** 20;
const EXIT_LIMIT = 3_000;

/** What the client's process prints. */
interface Report extends SoakResult {
  growth: number;
}

declare const gc: () => void;

function heap(): number {
  gc();
  return Deno.memoryUsage().heapUsed;
}

async function runClient(origin: string, calls: number): Promise<void> {
  const warm = await soak(origin, { calls: WARM_UP, concurrency: CONCURRENCY });
  const before = heap();
  const result = await soak(origin, {
    calls: calls - WARM_UP,
    concurrency: CONCURRENCY,
    first: WARM_UP,
  });
  const growth = heap() - before;
  const failures = [...warm.failures, ...result.failures];
  const lost = warm.lost + result.lost;
  console.log(JSON.stringify({ ...result, calls, failures, lost, growth }));
}

async function main(seed: number, calls: number): Promise<number> {
  const script = import.meta.filename ?? "";
  await using server = await startServer(script, ["serve", String(seed)], {
    cwd: Deno.cwd(),
  });
  console.log(`seed ${seed}, ${calls} calls, ${CONCURRENCY} at once`);
  const begin = performance.now();
  const flags = ["-A", "--quiet", "--v8-flags=--expose-gc"];
  const client = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, script, "client", server.address, String(calls)],
    stdout: "piped",
  }).spawn();
  let text = "";
  let printed = 0;
  for await (const part of client.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    printed = performance.now();
  }
  const { code } = await client.status;
  const exit = performance.now() - printed;

  const { failures, lost, doubled, growth, requests }: Report = JSON.parse(
    text,
  );
  console.log(
    `${requests} requests in ${((printed - begin) / 1_000).toFixed(0)} s; ` +
      `${lost} creations lost, ${doubled} doubled; ` +
      `${failures.length} failures that retries should have absorbed; ` +
      `heap growth ${(growth / 2 ** 20).toFixed(1)} MiB; ` +
      `exit ${exit.toFixed(0)} ms after the last call, code ${code}`,
  );
  for (const failure of failures.slice(0, 20)) console.log(`  ${failure}`);
  const isFine = code === 0 && failures.length === 0 && doubled === 0 &&
    growth < GROWTH_LIMIT && exit < EXIT_LIMIT;
  console.log(isFine ? "ok" : "FAILED");
  return isFine ? 0 : 1;
}

const [role, ...args] = Deno.args;
if (role === "serve") {
  console.log((await startSoakServer(Number(args[0]))).origin);
} else if (role === "client") {
  await runClient(args[0] ?? "", Number(args[1]));
} else {
  const seed = Number(role ?? Date.now() % 2 ** 31);
  Deno.exit(await main(seed, Number(args[0] ?? 20_000)));
}
