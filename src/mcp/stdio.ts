/**
 * The server on the standard streams of its process.
 *
 * @module
 */

import process from "node:process";
import { Readable } from "node:stream";
import { type McpOptions, serveMcp } from "./server.ts";

/**
 * Serves a peer on standard input and output, until the input ends.
 *
 * @param options What is served.
 * @returns A promise that is fulfilled when the peer has gone.
 */
export async function serveStdio(options: McpOptions): Promise<void> {
  const { stdin, stdout } = process;
  let isRead = true;
  // a peer that dies closes both streams: what it asked for has nowhere to go
  stdout.on("error", () => void (isRead = false));
  const input = Readable.toWeb(stdin) as ReadableStream<Uint8Array>;
  await serveMcp(options, input, (text) => isRead && stdout.write(text));
}
