/**
 * The clients that the benchmark measures beside ours: each makes the same call.
 *
 * @module
 */

import process from "node:process";
import type { Work } from "./measure.ts";

/** Where the bundle of each is, by its name. */
export type Rivals = Partial<Record<RivalName, string>>;

/** A client that can be measured beside ours. */
export type RivalName = "official" | "openai" | "ky" | "octokit";

/** The official SDK, as far as it is called. */
export interface Official {
  /** Its datasets. */
  datasets: {
    get(uid: string): Promise<unknown>;
    listItems(owner: string, slug: string): Promise<unknown>;
  };
}

interface Module {
  Avala: new (options: object) => Official;
  OpenAI: new (options: object) => { get(path: string): Promise<unknown> };
  Octokit: new (
    options: object,
  ) => { request(route: string): Promise<{ data: unknown }> };
  default: (url: string, options: object) => { json(): Promise<unknown> };
}

const apiKey = "avk_bench_key";

/** Loads the official SDK from its bundle. */
export async function loadOfficial(
  path: string,
  baseUrl: string,
): Promise<Official> {
  process.env.AVALA_ALLOW_INSECURE_BASE_URL = "true";
  const { Avala } = await import(path) as Module;
  return new Avala({ apiKey, baseUrl });
}

/** Loads all that are there; gives the call of each. */
export async function loadRivals(
  paths: Rivals,
  baseUrl: string,
): Promise<Partial<Record<RivalName, Work>>> {
  const calls: Partial<Record<RivalName, Work>> = {};
  if (paths.official) {
    const { datasets } = await loadOfficial(paths.official, baseUrl);
    calls.official = () => datasets.get("x");
  }
  if (paths.openai) {
    const { OpenAI } = await import(paths.openai) as Module;
    const client = new OpenAI({ apiKey, baseURL: baseUrl });
    calls.openai = () => client.get("/datasets/x/");
  }
  if (paths.ky) {
    const { default: ky } = await import(paths.ky) as Module;
    const headers = { "x-avala-api-key": apiKey };
    calls.ky = () => ky(`${baseUrl}/datasets/x/`, { headers }).json();
  }
  if (paths.octokit) {
    const { Octokit } = await import(paths.octokit) as Module;
    const client = new Octokit({ baseUrl, auth: apiKey });
    calls.octokit = () => client.request("GET /datasets/x/");
  }
  return calls;
}
