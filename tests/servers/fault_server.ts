/**
 * A server that misbehaves as it is told, one script entry per request.
 *
 * @module
 */

import { createServer } from "node:http";
import { answerPreflight } from "./cors.ts";

/** What happens to one request. */
export interface Misbehavior {
  /** HTTP status; 200 by default. */
  status?: number;
  /** Body as it is sent. */
  body?: string;
  /** Headers. */
  headers?: { [name: string]: string };
  /** Cut the connection: before an answer, or in the middle of the body. */
  cut?: "before" | "body";
  /** Never answer: not at all, or not after the headers. */
  hang?: "before" | "body";
}

/** A request that was seen. */
export interface Seen {
  /** HTTP method. */
  method: string;
  /** Path with its query. */
  url: string;
  /** Headers by lowercase name. */
  headers: { [name: string]: string | string[] | undefined };
  /** Body. */
  body: string;
}

/** Runs a test against a server that follows a script; then answers `{}`. */
export async function withFaultServer(
  script: Misbehavior[],
  use: (baseUrl: string, seen: Seen[]) => Promise<void>,
  keepAlive = false,
): Promise<void> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    // also a preflight's: a browser repeats what a reused connection lost
    if (!keepAlive) response.setHeader("connection", "close");
    if (answerPreflight(request, response)) return;
    let body = "";
    request.on("data", (chunk) => body += chunk);
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      seen.push({ method, url, headers, body });
      const entry = script[seen.length - 1] ?? {};
      if (entry.hang === "before") return;
      if (entry.cut === "before") {
        request.socket.destroy();
        return;
      }
      const text = entry.body ?? "{}";
      response.writeHead(entry.status ?? 200, {
        "content-type": "application/json",
        "content-length": String(new TextEncoder().encode(text).length),
        ...entry.headers,
      });
      if (entry.hang === "body" || entry.cut === "body") {
        response.write(text.slice(0, text.length / 2) || "{");
        if (entry.cut) setTimeout(() => request.socket.destroy(), 20);
        return;
      }
      response.end(text);
    });
  });
  const sockets = new Set<{ destroy(): unknown }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  try {
    await use(`http://127.0.0.1:${port}/api/v1`, seen);
  } finally {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  }
}
