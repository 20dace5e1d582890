/**
 * The `bench` task: each row is a ratio of two things measured in turns, in one
 * run. No test asserts them: the machine is noisy.
 *
 * @module
 */

import { AsyncClient } from "@avala/client";
import samples from "./contract/samples.json" with { type: "json" };

const dataset = JSON.stringify(samples.Dataset);
const page = JSON.stringify({
  next: null,
  previous: null,
  results: Array.from({ length: 100 }, () => samples.DatasetItem),
});

if (Deno.args.includes("serve")) {
  // a process of its own, so that the server's work is not measured
  Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      onListen: ({ port }) => console.log(port),
    },
    () =>
      new Response(dataset, {
        headers: { "content-type": "application/json" },
      }),
  );
} else {
  const { process, port } = await startServer();
  const baseUrl = `http://127.0.0.1:${port}/api/v1`;
  const client = new AsyncClient({
    apiKey: "avk_bench_key",
    baseUrl,
    allowInsecureBaseUrl: true,
  });
  await report("sequential get / fetch + json", 3_000, {
    ours: async () => {
      await client.datasets.get("x");
    },
    theirs: async () => {
      const response = await fetch(`${baseUrl}/datasets/x/`);
      await response.json();
    },
  });
  client.close();
  process.kill();

  const answers = new AsyncClient({
    apiKey: "avk_bench_key",
    fetch: () => Promise.resolve(new Response(page)),
  });
  const [first] = (await answers.datasets.listItems("o", "s")).items;
  if (first?.uid !== samples.DatasetItem.uid) throw new Error("Wrong answer");
  const { ratio, base } = await measure(500, {
    ours: async () => {
      await answers.datasets.listItems("o", "s");
    },
    theirs: async () => {
      JSON.parse(await new Response(page).text());
    },
  });
  console.log(
    `decode a page of 100 items / text + JSON.parse: ${
      (ratio - 1).toFixed(2)
    } on top (${base.toFixed(3)} ms)`,
  );
}

interface Contest {
  ours: () => Promise<void>;
  theirs: () => Promise<void>;
}

async function report(
  name: string,
  rounds: number,
  contest: Contest,
): Promise<void> {
  const { ratio, base } = await measure(rounds, contest);
  console.log(`${name}: ${ratio.toFixed(2)} (${base.toFixed(3)} ms)`);
}

/** Medians of calls made in turns. */
async function measure(
  rounds: number,
  { ours, theirs }: Contest,
): Promise<{ ratio: number; base: number }> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const [index, call] of [ours, theirs].entries()) {
      const start = performance.now();
      await call();
      // the first tenth warms up
      if (round > rounds / 10) times[index]?.push(performance.now() - start);
    }
  }
  const [mine = 0, base = 1] = times.map((values) =>
    values.sort((a, b) => a - b)[values.length >> 1] ?? 0
  );
  return { ratio: mine / base, base };
}

async function startServer(): Promise<
  { process: Deno.ChildProcess; port: string }
> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", import.meta.filename ?? "", "serve"],
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  const { value = "" } = await reader.read();
  reader.cancel();
  return { process, port: value.trim() };
}
