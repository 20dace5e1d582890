/**
 * What a test's own server says to a browser whose page is from elsewhere.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Permits everything to every page, and responds to a preflight; true when it was
 * one, and nothing is left to do.
 */
export function answerPreflight(
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-expose-headers", "*");
  const names = request.headers["access-control-request-headers"];
  const method = request.headers["access-control-request-method"];
  if (request.method !== "OPTIONS" || !method) return false;
  response.writeHead(204, {
    "access-control-allow-headers": names ?? "",
    "access-control-allow-methods": method,
  }).end();
  return true;
}
