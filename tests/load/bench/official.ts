/**
 * The part of the official SDK that the benchmark calls.
 *
 * @module
 */

import process from "node:process";

/** The official SDK's client. */
export interface Official {
  /** Its datasets. */
  datasets: {
    get(uid: string): Promise<unknown>;
    listItems(owner: string, slug: string): Promise<unknown>;
  };
}

type OfficialClass = new (
  options: { apiKey: string; baseUrl: string },
) => Official;

/** Loads the official SDK, if a path to its bundle is given. */
export async function loadOfficial(
  path: string | undefined,
  baseUrl: string,
): Promise<Official | undefined> {
  if (!path) return undefined;
  process.env.AVALA_ALLOW_INSECURE_BASE_URL = "true";
  const { Avala } = await import(path) as { Avala: OfficialClass };
  return new Avala({ apiKey: "avk_bench_key", baseUrl });
}
