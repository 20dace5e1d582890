/**
 * The `bench` task: one table of ratios, each measured in turns in one run, on
 * each runtime with what its users install. No test asserts them: the machine is
 * noisy. The path of the official SDK as argument measures that one beside ours.
 *
 * @module
 */

import { resolve } from "node:path";
import { median } from "../../load/bench/measure.ts";
import { esbuild } from "../package/esbuild.ts";
import { installPackage } from "../package/install.ts";
import { findBun, findNode } from "../runtimes/programs.ts";
import { execute } from "../workspace/processes.ts";
import type { Workspace } from "../workspace/workspace.ts";

const REQUESTS = "tests/load/bench/main.ts";
const TRANSFERS = "tests/load/bench/transfers.ts";
const SERVER = "tests/load/bench/server.ts";
const IMPORTING = "tests/load/bench/importing.ts";
const IMPORTS = 25;
const TIMEOUT = 600_000;

/** What each row must be. */
const BOUNDS: Record<string, string> = {
  "get, sequential": "≤ 1.05",
  "get, sequential, over the same by hand": "",
  "throughput at 64": "≥ 0.87",
  "throughput at 64, over the same by hand": "≥ 0.95",
  "decode 100 items": "≤ 1.2",
  "walk 200 pages": "≤ 0.55",
  "heap after 1,000,000 items, MiB": "≤ 8",
  "heap after 10,000 calls with one signal, MiB": "≤ 1",
  "upload of 8 × 32 MiB": "≥ 0.95",
  "upload of 2,000 × 64 KiB": "≥ 0.95",
  "download of 256 MiB": "≥ 0.95",
  "import, ms": "≤ 5",
};

interface Row {
  name: string;
  ours: number;
  theirs?: number;
}

/** Runs a script of the benchmark on a runtime; gives what it printed. */
type Run = (script: string, args?: string[]) => Promise<string>;

/** Runs the benchmark and prints its table. */
export async function runBenchTask(
  workspace: Workspace,
  [officialPath]: string[],
): Promise<void> {
  const project = await installPackage(workspace, [
    REQUESTS,
    TRANSFERS,
    IMPORTING,
  ]);
  const official = officialPath
    ? await bundleOfficial(workspace, officialPath, project)
    : "";
  await using server = await workspace.server(SERVER);
  const baseUrl = server.address;
  const table = new Map<string, Row[]>();
  for (const [runtime, run] of await runtimes(workspace, project)) {
    console.error(`Measuring on ${runtime}`);
    const text = await run(REQUESTS, [baseUrl, official]) +
      await run(TRANSFERS, [baseUrl]);
    const rows: Row[] = text.trim().split("\n").map((line) => JSON.parse(line));
    const times: number[] = [];
    for (let i = 0; i < IMPORTS; i++) {
      times.push(Number(await run(IMPORTING)));
    }
    table.set(runtime, [...rows, {
      name: "import, ms",
      ours: median(times),
    }]);
  }
  print(table);
}

/** The official SDK as one file that every runtime can import. */
async function bundleOfficial(
  workspace: Workspace,
  path: string,
  project: string,
): Promise<string> {
  const file = `${project}/official.js`;
  const source = resolve(workspace.root, path, "src", "index.ts");
  await esbuild(workspace, project, [
    source,
    "--bundle",
    "--platform=node",
    `--outfile=${file}`,
  ]);
  return file;
}

async function runtimes(
  workspace: Workspace,
  project: string,
): Promise<[string, Run][]> {
  const run = (
    command: string,
    flags: string[],
    cwd: string,
    extension: string,
  ): Run =>
  async (script, args = []) => {
    const file = `./${script.replace(/\.ts$/, extension)}`;
    const { code, stdout, output } = await execute(
      command,
      [...flags, file, ...args],
      { cwd, env: workspace.env, timeout: TIMEOUT },
    );
    if (code !== 0) throw new Error(output);
    return stdout;
  };
  const denoFlags = ["run", "-A", "--quiet", "--v8-flags=--expose-gc"];
  const node = await findNode("node", workspace);
  const bun = await findBun(workspace);
  return [
    [
      `Deno ${Deno.version.deno}`,
      run(Deno.execPath(), denoFlags, workspace.root, ".ts"),
    ],
    [
      `Node ${node.version}`,
      run(node.command, ["--expose-gc"], project, ".js"),
    ],
    [`Bun ${bun.version}`, run(bun.command, [], project, ".js")],
  ];
}

/** Ours, and in brackets the official SDK's. */
function print(table: Map<string, Row[]>): void {
  const lines = [["", "bound", ...table.keys()]];
  for (const [name, bound] of Object.entries(BOUNDS)) {
    const cells = [...table.values()].map((rows) => {
      const { ours = NaN, theirs } = rows.find((row) => row.name === name) ??
        {};
      return `${ours.toFixed(2)}${
        theirs === undefined ? "" : ` (${theirs.toFixed(2)})`
      }`;
    });
    lines.push([name, bound, ...cells]);
  }
  const widths = lines[0]!.map((_, column) =>
    Math.max(3, ...lines.map((cells) => cells[column]!.length))
  );
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)));
  for (const cells of lines) {
    const padded = cells.map((cell, column) => cell.padEnd(widths[column]!));
    console.log(`| ${padded.join(" | ")} |`);
  }
}
