/**
 * Many calls at once of a server that fails one request in five.
 *
 * @module
 */

import { Transport } from "@avala/client/transport";
import { BREAKS, type Fault, REFUSALS, SUCCESSES, WELL } from "./catalog.ts";
import { pick, seeded } from "./random.ts";
import { type RawServer, startRawServer } from "../servers/raw_server.ts";

/** What was asked for, and what went wrong. */
export interface SoakResult {
  /** Calls made. */
  calls: number;
  /** Requests that the server met. */
  requests: number;
  /** Failures that retries should have absorbed. */
  failures: string[];
  /** Creations that were lost, as they must not be sent again. */
  lost: number;
  /** Creations that happened twice. */
  doubled: number;
}

const FAULT_SHARE = 0.2;
/** No call meets more faults than this, so that its retries are enough. */
const FAULTS_PER_CALL = 2;
const METHODS = ["GET", "GET", "PUT", "PATCH", "DELETE", "POST"] as const;
/** A fault that costs a timeout is rare, or the soak takes hours. */
const SLOW_SHARE = 0.01;

/** What the soak's server knows of a call. */
interface Met {
  requests: number;
  faults: number;
  created: number;
}

/** A server for {@linkcode soak}; a GET of `/report/` tells what it has seen. */
export async function startSoakServer(seed: number): Promise<RawServer> {
  const random = seeded(seed);
  const calls = new Map<string, Met>();
  const temporary = [...BREAKS, ...REFUSALS].filter((fault) =>
    fault.again !== "never" && !fault.name.includes("100 MiB")
  );
  const slow = temporary.filter(({ error, name }) =>
    error === "TimeoutError" || name.includes("no rest")
  );
  const quick = temporary.filter((fault) => !slow.includes(fault));
  const report: Fault = {
    ...WELL,
    respond(wire) {
      const all = [...calls.values()];
      const body = JSON.stringify({
        requests: all.reduce((sum, { requests }) => sum + requests, 0),
        doubled: all.filter(({ created }) => created > 1).length,
      });
      wire.send(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
      wire.send(body);
    },
  };
  return await startRawServer(({ method, path }) => {
    if (path.endsWith("/report/")) return report;
    const met = calls.get(path) ?? { requests: 0, faults: 0, created: 0 };
    calls.set(path, met);
    met.requests++;
    const isFault = random() < FAULT_SHARE && met.faults < FAULTS_PER_CALL;
    if (isFault) met.faults++;
    const fault = isFault
      ? pick(random, random() < SLOW_SHARE ? slow : quick)
      : pick(random, SUCCESSES);
    if (method === "POST" && fault.worked) met.created++;
    return fault;
  }, false);
}

/** Makes the calls, and checks what comes out of each. */
export async function soak(
  origin: string,
  { calls, concurrency, first = 0 }: {
    calls: number;
    concurrency: number;
    first?: number;
  },
): Promise<SoakResult> {
  const transport = new Transport({
    apiKey: "avk_soak_test_key_1",
    baseUrl: `${origin}/api/v1`,
    allowInsecureBaseUrl: true,
    maxRetries: 4,
    timeout: 5_000,
  });
  const failures: string[] = [];
  let lost = 0;
  let next = first;
  await Promise.all(Array.from({ length: concurrency }, async () => {
    while (next < first + calls) {
      const id = next++;
      const method = METHODS[id % METHODS.length] ?? "GET";
      const body = method === "PUT" || method === "POST" ? { id } : undefined;
      const shape = method === "DELETE" ? "nothing" : "object";
      const path = { name: "test", template: `/${id}/`, params: {} };
      try {
        await transport.send({ method, path, body: () => body }, shape);
      } catch (error) {
        if (method === "POST") lost++;
        else failures.push(`${method} /${id}/: ${error}`);
      }
    }
  }));
  const { requests, doubled } = await transport.request(
    "GET",
    "/report/",
  ) as { requests: number; doubled: number };
  transport.close();
  return { calls, requests, failures, lost, doubled };
}
