/**
 * The `bench` task: ratios, each measured in turns in one run, on each runtime
 * with what its users install, and the same calls by other clients of npm. No
 * test asserts them: the machine is noisy. The path of the official SDK as
 * argument measures that one too, which is not on npm.
 *
 * @module
 */

import { readFile, writeFile } from "node:fs/promises";
import { cpus, platform, release } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { median } from "../../load/bench/measure.ts";
import type { RivalName, Rivals } from "../../load/bench/rivals.ts";
import { esbuild } from "../package/esbuild.ts";
import { installPackage } from "../package/install.ts";
import { toolFolder, toolVersion } from "../workspace/tools.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { scriptRuntimes } from "./script_runtimes.ts";

const REQUESTS = "tests/load/bench/main.ts";
const TRANSFERS = "tests/load/bench/transfers.ts";
const SERVER = "tests/load/bench/server.ts";
const IMPORTING = "tests/load/bench/importing.ts";
const IMPORTS = 25;

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
  "upload of 2,000 × 64 KiB": "≥ 0.9",
  "download of 256 MiB": "≥ 0.95",
  "download of 128 MiB, 8 connections, × one stream": "≥ 6",
  "download of 10,000 × 64 KiB": "≥ 0.9",
  "second run of 10,000, s": "≤ 2",
  "import, ms": "≤ 5",
};

/** Other clients of npm, and what of them makes a call. */
const RIVALS = {
  openai: ["openai", `export { OpenAI } from "openai";`],
  ky: ["ky", `export { default } from "ky";`],
  octokit: ["@octokit/core", `export { Octokit } from "@octokit/core";`],
} as const;
/** The rows that everyone takes part in: the time of a call, and the throughput. */
const COMPARED = ["get, sequential", "throughput at 64"];

interface Row {
  name: string;
  ours: number;
  others?: { [name: string]: number };
}

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
  const rivals = await bundleRivals(workspace, project, officialPath);
  const bundles = JSON.stringify(rivals);
  await using server = await workspace.server(SERVER);
  const baseUrl = server.address;
  const table = new Map<string, Row[]>();
  for (const [runtime, run] of await scriptRuntimes(workspace, project)) {
    console.error(`Measuring on ${runtime}`);
    const text = await run(REQUESTS, [baseUrl, bundles]) +
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
  const [{ model = "" } = {}] = cpus();
  console.log(`${cpus().length} × ${model}, ${platform()} ${release()}\n`);
  printBounds(table);
  console.log();
  await printComparison(workspace, project, table, rivals);
}

/** Each of the other clients as one file that every runtime can import. */
async function bundleRivals(
  workspace: Workspace,
  project: string,
  officialPath: string | undefined,
): Promise<Rivals> {
  const rivals: Rivals = {};
  for (const [name, [tool, source]] of Object.entries(RIVALS)) {
    const folder = await toolFolder(workspace, tool);
    const entry = join(folder, `${name}.entry.js`);
    await writeFile(entry, source);
    rivals[name as RivalName] = await bundle(workspace, project, name, entry);
  }
  if (officialPath) {
    const entry = resolve(workspace.root, officialPath, "src", "index.ts");
    rivals.official = await bundle(workspace, project, "official", entry);
  }
  return rivals;
}

async function bundle(
  workspace: Workspace,
  project: string,
  name: string,
  entry: string,
  flags: string[] = [],
): Promise<string> {
  const file = join(project, `${name}.bundle.js`);
  await esbuild(workspace, project, [
    entry,
    "--bundle",
    "--platform=node",
    `--outfile=${file}`,
    ...flags,
  ]);
  return file;
}

/** Thousands of bytes of a bundle, minified and compressed. */
async function weigh(workspace: Workspace, path: string): Promise<string> {
  const small = `${path}.min.js`;
  await esbuild(workspace, workspace.root, [
    path,
    "--minify",
    `--outfile=${small}`,
  ]);
  const { length } = gzipSync(await readFile(small), { level: 9 });
  return (length / 1_000).toFixed(1);
}

/** Ours, beside what each row must be. */
function printBounds(table: Map<string, Row[]>): void {
  const lines = Object.entries(BOUNDS).map(([name, bound]) => [
    name,
    bound,
    ...[...table.values()].map((rows) => fixed(find(rows, name)?.ours)),
  ]);
  print([["", "bound", ...table.keys()], ...lines]);
}

/** Everyone's, beside one another. */
async function printComparison(
  workspace: Workspace,
  project: string,
  table: Map<string, Row[]>,
  rivals: Rivals,
): Promise<void> {
  const versions = Object.entries(RIVALS).map(([name, [tool]]) =>
    [name, `${tool} ${toolVersion(tool)}`] as const
  );
  const names = new Map<string, string>([
    ["ours", "ours"],
    ["byHand", "by hand"],
    ["official", "official SDK"],
    ...versions,
  ]);
  const entry = join(project, "ours.entry.js");
  await writeFile(entry, `export { AsyncClient } from "@avala/client";`);
  const bundles: Record<string, string> = {
    ours: await bundle(workspace, project, "ours", entry),
    ...rivals,
  };
  const head = [...table.keys()].flatMap((runtime) => [runtime, "at 64"]);
  const lines = [["get, × bare fetch", "kB", ...head]];
  for (const [name, title] of names) {
    const cells = [...table.values()].flatMap((rows) =>
      COMPARED.map((row) => {
        const { ours, others } = find(rows, row) ?? {};
        return fixed(name === "ours" ? ours : others?.[name]);
      })
    );
    const path = bundles[name];
    const size = path ? await weigh(workspace, path) : "";
    if (cells.some((cell) => cell !== "")) lines.push([title, size, ...cells]);
  }
  print(lines);
}

function find(rows: Row[], name: string): Row | undefined {
  return rows.find((row) => row.name === name);
}

function fixed(value: number | undefined): string {
  return value === undefined ? "" : value.toFixed(2);
}

/** Prints a table of Markdown; the first line is its head. */
function print(lines: string[][]): void {
  const widths = lines[0]!.map((_, column) =>
    Math.max(3, ...lines.map((cells) => cells[column]!.length))
  );
  const [head, ...body] = lines.map((cells) =>
    `| ${
      cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")
    } |`
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  console.log([head, rule, ...body].join("\n"));
}
