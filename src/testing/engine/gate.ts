/**
 * Who may use a served emulator: the programs and pages of this machine, and
 * those that are allowed. A page from elsewhere could drive it otherwise, or
 * read it under a host name of its own that leads here.
 *
 * @module
 */

import { ConfigurationError } from "../../errors.ts";
import { isLoopback } from "./hosts.ts";

/** Who is allowed beside this machine. */
export interface GateOptions {
  /** Host names, as of the `Host` header. */
  allowedHosts?: readonly string[] | undefined;
  /** Origins of pages; `"null"` stands for pages without one. */
  allowedOrigins?: readonly string[] | undefined;
  /** Origin of presigned addresses, whose host is allowed as well. */
  storage?: string | undefined;
}

/** Refuses foreign hosts and origins. */
export class Gate {
  readonly #hosts: readonly string[];
  readonly #origins: readonly string[];

  /**
   * Constructs a gate.
   *
   * @param options Who is allowed.
   * @throws {ConfigurationError} If a host is no host name, or an origin none.
   */
  constructor(
    { allowedHosts = [], allowedOrigins = [], storage }: GateOptions,
  ) {
    this.#hosts = [
      ...checked("allowedHosts", allowedHosts, "a host name", hostOf),
      ...storage ? [new URL(storage).hostname] : [],
    ];
    this.#origins = checked(
      "allowedOrigins",
      allowedOrigins,
      'an origin such as "https://app.example", or "null"',
      (origin) => origin === "null" ? origin : urlOf(origin)?.origin,
    );
  }

  /**
   * Tells why a request is refused.
   *
   * @param host The `Host` header.
   * @param origin The `Origin` header.
   * @returns What is wrong and what to do, or undefined when nothing is.
   */
  refusal(
    host: string | undefined,
    origin: string | undefined,
  ): string | undefined {
    const name = hostOf(host ?? "");
    if (!name || !(isLoopback(name) || this.#hosts.includes(name))) {
      return `The host '${host}' is not this machine: name it in 'allowedHosts' to serve it.`;
    }
    if (origin === undefined || this.#origins.includes(origin)) {
      return undefined;
    }
    const page = urlOf(origin);
    return page?.origin === origin && isLoopback(page.hostname)
      ? undefined
      : `The origin '${origin}' is not of this machine: name it in 'allowedOrigins' to serve its pages.`;
  }
}

/** The name of a host, without its port. */
function hostOf(host: string): string | undefined {
  const url = urlOf(`http://${host}`);
  return url?.pathname === "/" && !/[/@?#]/.test(host)
    ? url.hostname
    : undefined;
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function checked(
  option: string,
  values: readonly string[],
  wanted: string,
  read: (value: string) => string | undefined,
): string[] {
  if (!Array.isArray(values)) {
    throw new ConfigurationError(
      `Cannot make the emulator as '${option}' must be an array: current value is ${
        JSON.stringify(values)
      }`,
    );
  }
  return values.map((value: unknown) => {
    const found = typeof value === "string" ? read(value) : undefined;
    if (found !== undefined && (found === value || option === "allowedHosts")) {
      return found;
    }
    throw new ConfigurationError(
      `Cannot make the emulator as each of '${option}' must be ${wanted}: current value is ${
        JSON.stringify(value)
      }`,
    );
  });
}
