/**
 * What a server can do to a request, and what the client has to make of it.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import type { Meeting, RawRequest, Wire } from "../servers/raw_server.ts";

/** One way to meet a request. */
export interface Fault extends Meeting {
  /** What it is, for messages. */
  name: string;
  /** The error it ends in when it is not sent again; null where it succeeds. */
  error: string | null;
  /** Whether it is sent again: never, where that is safe, or always. */
  again: "never" | "safe" | "always";
  /** Whether the response has a 2xx status, which is enough for a deletion. */
  headers?: boolean;
  /** Whether the connection dies, so that a runtime may send a GET again by itself. */
  dies?: boolean;
  /** Whether the server has done what was asked for. */
  worked?: boolean;
}

const LINE = "\r\n";

/** The value that a request with this path gets when all is well. */
export function valueOf({ method, path }: RawRequest): string {
  return JSON.stringify({ method, path, filler: "x".repeat(40) });
}

function head(
  status: number | string,
  headers: { [name: string]: string | number } = {},
): string {
  const lines = Object.entries({
    "content-type": "application/json",
    ...headers,
  })
    .map(([name, value]) => `${name}: ${value}${LINE}`);
  return `HTTP/1.1 ${status} Some Reason${LINE}${lines.join("")}${LINE}`;
}

function whole(
  wire: Wire,
  status: number | string,
  body: string | Uint8Array,
  headers: { [name: string]: string | number } = {},
): void {
  wire.send(head(status, { "content-length": body.length, ...headers }));
  wire.send(body);
}

/** All is well. */
export const WELL: Fault = {
  name: "well",
  error: null,
  again: "never",
  headers: true,
  worked: true,
  respond: (wire, request) => whole(wire, 200, valueOf(request)),
};

/** What a successful response can look like. */
export const SUCCESSES: readonly Fault[] = [
  WELL,
  {
    ...WELL,
    name: "chunks",
    async respond(wire, request) {
      wire.send(head(200, { "transfer-encoding": "chunked" }));
      for (const part of valueOf(request).match(/.{1,9}/g) ?? []) {
        wire.send(`${part.length.toString(16)}${LINE}${part}${LINE}`);
        await wire.pause(1);
      }
      wire.send(`0${LINE}${LINE}`);
    },
  },
  {
    ...WELL,
    name: "no length",
    respond(wire, request) {
      wire.send(head(200, { connection: "close" }) + valueOf(request));
      wire.end();
    },
  },
  {
    ...WELL,
    name: "gzip",
    respond: (wire, request) =>
      whole(wire, 200, gzipSync(valueOf(request)), {
        "content-encoding": "gzip",
      }),
  },
  {
    ...WELL,
    name: "an interim response first",
    respond(wire, request) {
      wire.send(`HTTP/1.1 103 Early Hints${LINE}link: </x>${LINE}${LINE}`);
      whole(wire, 200, valueOf(request));
    },
  },
  {
    ...WELL,
    name: "closes the connection afterwards, without a word",
    dies: true,
    async respond(wire, request) {
      whole(wire, 200, valueOf(request));
      await wire.pause(2);
      wire.cut();
    },
  },
];

const BROKEN = {
  error: "ConnectionError",
  again: "safe",
  worked: true,
} as const;
const STUCK = { error: "TimeoutError", again: "safe", worked: true } as const;
const INVALID = {
  error: "InvalidResponseError",
  again: "never",
  headers: true,
  worked: true,
} as const;

/** What breaks the exchange or its body. */
export const BREAKS: readonly Fault[] = [
  {
    ...BROKEN,
    name: "reset before the body of the request",
    dies: true,
    early: true,
    worked: false,
    respond: (wire) => wire.cut(),
  },
  {
    ...BROKEN,
    name: "reset without a response",
    dies: true,
    respond: (wire) => wire.cut(),
  },
  {
    ...BROKEN,
    name: "end in the middle of the head",
    dies: true,
    respond(wire) {
      wire.send(`HTTP/1.1 200 OK${LINE}content-le`);
      wire.end();
    },
  },
  {
    ...BROKEN,
    name: "no HTTP",
    respond(wire) {
      wire.send(`220 mail.example ESMTP${LINE}${LINE}`);
      wire.end();
    },
  },
  {
    ...BROKEN,
    name: "reset in the body",
    headers: true,
    async respond(wire, request) {
      wire.send(head(200, { "content-length": valueOf(request).length }));
      wire.send(valueOf(request).slice(0, 20));
      await wire.pause(20);
      wire.cut();
    },
  },
  {
    ...BROKEN,
    name: "reset in the chunks",
    headers: true,
    async respond(wire, request) {
      wire.send(head(200, { "transfer-encoding": "chunked" }));
      wire.send(`14${LINE}${valueOf(request).slice(0, 20)}${LINE}`);
      await wire.pause(20);
      wire.cut();
    },
  },
  {
    ...BROKEN,
    name: "a length that is too great",
    headers: true,
    respond(wire, request) {
      whole(wire, 200, valueOf(request), {
        "content-length": valueOf(request).length + 9,
        connection: "close",
      });
      wire.end();
    },
  },
  {
    ...BROKEN,
    name: "gzip that is none",
    headers: true,
    respond: (wire, request) =>
      whole(wire, 200, valueOf(request), {
        "content-encoding": "gzip",
        connection: "close",
      }),
  },
  {
    ...STUCK,
    name: "no response",
    respond: () => false,
  },
  {
    ...STUCK,
    name: "no rest of the body",
    headers: true,
    respond(wire, request) {
      whole(wire, 200, valueOf(request).slice(0, 20), {
        "content-length": valueOf(request).length,
      });
      return false;
    },
  },
  {
    ...STUCK,
    name: "one byte at a time",
    headers: true,
    async respond(wire, request) {
      wire.send(head(200, { "content-length": valueOf(request).length }));
      for (const byte of valueOf(request)) {
        wire.send(byte);
        await wire.pause(1_000);
        if (wire.gone()) return;
      }
    },
  },
  {
    ...INVALID,
    name: "a length that is too small",
    respond(wire, request) {
      whole(wire, 200, valueOf(request).slice(0, 20), { connection: "close" });
      wire.send(valueOf(request).slice(20));
      wire.end();
    },
  },
  {
    ...INVALID,
    name: "gzip that is not declared",
    respond: (wire, request) => whole(wire, 200, gzipSync(valueOf(request))),
  },
  {
    ...INVALID,
    name: "HTML as success",
    respond: (wire) =>
      whole(wire, 200, "<html>Log in</html>", { "content-type": "text/html" }),
  },
  {
    ...INVALID,
    name: "an array where an object was promised",
    respond: (wire) => whole(wire, 200, "[1,2]"),
  },
];

/** The errors that the statuses stand for, and whether they are sent again. */
const STATUSES: readonly [number, string, Fault["again"]][] = [
  [400, "ValidationError", "never"],
  [401, "AuthenticationError", "never"],
  [403, "ForbiddenError", "never"],
  [404, "NotFoundError", "never"],
  [408, "AvalaError", "safe"],
  [409, "ConflictError", "never"],
  [418, "AvalaError", "never"],
  [422, "ValidationError", "never"],
  [429, "RateLimitError", "always"],
  [500, "ServerError", "safe"],
  [501, "ServerError", "never"],
  [502, "ServerError", "safe"],
  [503, "ServerError", "always"],
  [504, "ServerError", "safe"],
];

/** What a body of an error can look like: it never changes the class. */
const ERROR_BODIES: readonly [
  string,
  (wire: Wire, status: number) => unknown,
][] = [
  ["", (wire, status) => whole(wire, status, "")],
  ["DRF", (wire, status) => whole(wire, status, '{"detail":"Sorry."}')],
  ["null", (wire, status) => whole(wire, status, "null")],
  ["a number", (wire, status) => whole(wire, status, "7")],
  ["HTML", (wire, status) => whole(wire, status, "<html>Sorry</html>")],
  ["a wrong encoding", (wire, status) =>
    whole(wire, status, "Sorry", {
      "content-encoding": "gzip",
      connection: "close",
    })],
  ["a cut body", async (wire, status) => {
    wire.send(head(status, { "content-length": 99 }) + '{"detail"');
    await wire.pause(20);
    wire.cut();
  }],
  ["no rest", (wire, status) => {
    wire.send(head(status, { "content-length": 99 }) + '{"detail"');
    return false;
  }],
  ["100 MiB", sendHugePage],
];

/** Sends 100 MiB, as long as somebody takes it. */
async function sendHugePage(wire: Wire, status: number): Promise<void> {
  const part = "x".repeat(2 ** 16);
  wire.send(head(status, { "content-length": 100 * 2 ** 20 }));
  for (
    let sent = 0;
    sent < 100 * 2 ** 20 && !wire.gone();
    sent += part.length
  ) {
    wire.send(part);
    await wire.drained();
  }
}

/** Responses with an error status. */
export const REFUSALS: readonly Fault[] = STATUSES.flatMap(
  ([status, error, again]) =>
    ERROR_BODIES.map(([body, respond]): Fault => ({
      name: `${status} with ${body || "nothing"}`,
      error,
      again,
      worked: status === 500 || status === 502 || status === 504,
      respond: async (wire) => await respond(wire, status) !== false,
    })),
);

/** Responses that send the client elsewhere. */
export function redirects(trap: string): Fault[] {
  const targets = [
    trap,
    "//127.0.0.1:1/",
    "http://api.avala.ai/",
    "/api/v1/y/",
  ];
  return [301, 302, 303, 307, 308].flatMap((status) =>
    targets.map((location): Fault => ({
      name: `${status} to ${location}`,
      error: "InvalidResponseError",
      again: "never",
      respond: (wire) => whole(wire, status, "", { location }),
    }))
  );
}
