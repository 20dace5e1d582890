/**
 * A server that misbehaves as it is told, one script entry per request.
 *
 * @module
 */

import { serveHttp, type TestServer } from "./server.ts";

/** What happens to one request. */
export interface Misbehavior {
  /** HTTP status; 200 by default. */
  status?: number;
  /** Body as it is sent. */
  body?: string;
  /** Headers. */
  headers?: { [name: string]: string };
  /** Cut the connection: before a response, or in the middle of the body. */
  cut?: "before" | "body";
  /** Never respond: not at all, or not after the headers. */
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

/** A running server. */
export interface FaultServer extends TestServer {
  /** The base URL of a client. */
  readonly baseUrl: string;
  /** What was asked for. */
  readonly seen: Seen[];
}

/** Starts a server that follows a script, and then responds with `{}`. */
export async function startFaultServer(
  script: Misbehavior[],
  options: { keepAlive?: boolean } = {},
): Promise<FaultServer> {
  const seen: Seen[] = [];
  const server = await serveHttp((request, response) => {
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
  }, options);
  return { ...server, baseUrl: `${server.origin}/api/v1`, seen };
}
