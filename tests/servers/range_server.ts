/**
 * A server of files of any size, in parts or as a whole, that fails as it is told.
 *
 * @module
 */

import type { ServerResponse } from "node:http";
import { serveHttp, type TestServer } from "./server.ts";

/** How the server behaves from now on. */
export interface Behavior {
  /** Entity tag; an empty one leaves it out. */
  etag: string;
  /** Seed of the bytes: another one is another version of every file. */
  seed: number;
  /** Seed and entity tag of a file, by its path, in place of those of all. */
  versionOf?: ((path: string) => { seed: number; etag: string }) | undefined;
  /** Whether it gives parts. */
  ranges: boolean;
  /** Bytes per second of each response, or no limit. */
  rate: number;
  /** What happens to a request instead, if anything. */
  fault?: ((asked: AskedPart) => Fault | undefined) | undefined;
}

/** A way to fail. */
export type Fault =
  | { status: number; retryAfter?: number }
  | { cutAfter: number }
  | { hangAfter: number };

/** A request. */
export interface AskedPart {
  /** Path with its query: the size of the file is its last segment. */
  path: string;
  /** Offset of the first byte. */
  start: number;
  /** Offset behind the last byte. */
  end: number;
  /** Whether a part was asked for. */
  isPart: boolean;
  /** How many bytes of it were sent. */
  sent: number;
}

/** A running server. */
export interface RangeServer extends TestServer {
  /** How it behaves; may be changed at any time. */
  behavior: Behavior;
  /** What was asked for. */
  asked: AskedPart[];
  /** How many responses are under way. */
  open(): number;
}

const BLOCK = 65_536;

/** The blocks that files are made of. */
const blocks = new Map<number, Uint8Array<ArrayBuffer>>();

function blockOf(variant: number): Uint8Array<ArrayBuffer> {
  let block = blocks.get(variant);
  if (!block) {
    block = new Uint8Array(BLOCK).map((_, at) => at ^ (at >>> 8) ^ variant);
    blocks.set(variant, block);
  }
  return block;
}

/** The bytes of a file from an offset on; neighboring blocks are never the same. */
export function bytesAt(
  seed: number,
  start: number,
  end: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  for (let at = start; at < end;) {
    const block = blockOf((Math.floor(at / BLOCK) ^ seed) & 0xff);
    const from = at % BLOCK;
    const length = Math.min(BLOCK - from, end - at);
    bytes.set(block.subarray(from, from + length), at - start);
    at += length;
  }
  return bytes;
}

/** Serves `/NAME/SIZE`. */
export async function serveRanges(
  given: Partial<Behavior> = {},
): Promise<RangeServer> {
  const behavior: Behavior = {
    etag: '"v1"',
    seed: 1,
    ranges: true,
    rate: Infinity,
    ...given,
  };
  const asked: AskedPart[] = [];
  let open = 0;
  const server = await serveHttp((request, response) => {
    const { url = "", headers } = request;
    const size = Number(/\/(\d+)(?:\?|$)/.exec(url)?.[1] ?? 0);
    const { seed, etag } = behavior.versionOf?.(url) ?? behavior;
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ??
      [];
    const fits = headers["if-range"] === undefined ||
      headers["if-range"] === etag;
    const isPart = first !== undefined && fits && behavior.ranges;
    const part: AskedPart = {
      path: url,
      start: isPart ? Number(first) : 0,
      end: isPart && last ? Number(last) + 1 : size,
      isPart: first !== undefined,
      sent: 0,
    };
    asked.push(part);
    const fault = behavior.fault?.(part);
    if (fault && "status" in fault) {
      const { status, retryAfter } = fault;
      if (retryAfter !== undefined) {
        response.setHeader("retry-after", retryAfter);
      }
      response.writeHead(status);
      response.end("{}");
      return;
    }
    response.writeHead(isPart ? 206 : 200, {
      "content-type": "application/octet-stream",
      "content-length": part.end - part.start,
      ...(etag ? { etag } : {}),
      ...(isPart && {
        "content-range": `bytes ${part.start}-${part.end - 1}/${size}`,
      }),
    });
    open++;
    response.on("close", () => open--);
    void send(response, part, { seed, rate: behavior.rate }, fault);
  }, { keepAlive: true });
  return { ...server, behavior, asked, open: () => open };
}

async function send(
  response: ServerResponse,
  part: AskedPart,
  { seed, rate }: Pick<Behavior, "seed" | "rate">,
  fault: Fault | undefined,
): Promise<void> {
  const begun = performance.now();
  const { start, end } = part;
  let wake = () => {};
  // a pause ends with its connection, so that no timer outlives a test
  response.on("drain", () => wake());
  response.on("close", () => wake());
  for (let at = start; at < end; at = start + part.sent) {
    if (response.destroyed) return;
    const limit = fault && "cutAfter" in fault
      ? fault.cutAfter
      : fault && "hangAfter" in fault
      ? fault.hangAfter
      : Infinity;
    const length = Math.min(BLOCK, end - at, limit - part.sent);
    if (length > 0) {
      const more = response.write(bytesAt(seed, at, at + length));
      part.sent += length;
      if (!more && !response.destroyed) {
        await new Promise<void>((resolve) => wake = resolve);
      }
    }
    if (part.sent >= limit) {
      if (fault && "cutAfter" in fault) response.destroy();
      return;
    }
    if (start + part.sent >= end) break;
    const ahead = part.sent / rate * 1_000 - (performance.now() - begun);
    if (ahead > 1 && !response.destroyed) {
      let timer;
      await new Promise<void>((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, ahead);
      });
      clearTimeout(timer);
    }
  }
  response.end();
}
