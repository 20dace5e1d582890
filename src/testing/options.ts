/**
 * Options of the emulator.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { RateLimit } from "./engine/rate_limit.ts";
import type { UploadSettings } from "./engine/state.ts";
import type { WebhookDeliveryOptions } from "./resources/webhooks/dispatcher.ts";
import type { EmulatorSeed } from "./seed.ts";

/** Options of `AvalaEmulator`. */
export interface AvalaEmulatorOptions {
  /**
   * What it starts with: how much sample data of which kind, or records of one's
   * own in place of the sample data.
   *
   * @default {some sample data of each kind}
   */
  seed?: EmulatorSeed | undefined;
  /**
   * Another number gives other sample data, the same number always the same.
   *
   * @default {0}
   */
  random?: number | undefined;
  /**
   * Milliseconds that every response takes longer.
   *
   * @default {0}
   */
  latency?: number | undefined;
  /**
   * The keys to accept.
   *
   * @default {every key that starts with "avk_", and every bearer token; one that starts with "avk_staff" is a staff key}
   */
  apiKeys?: string[] | undefined;
  /**
   * Refuse more requests in a window than this with 429. A window of a second or
   * more ends on a whole second, as its header has no finer unit.
   *
   * @default {nothing is refused; the headers count down from 100 a minute}
   */
  rateLimit?: RateLimit | undefined;
  /**
   * How many reads an export or an auto-label job takes until it is finished; ten
   * seconds that `emulator.time.advance` skips stand for one.
   *
   * @default {3}
   */
  pollsUntilExported?: number | undefined;
  /**
   * Settings of uploads.
   *
   * @default {addresses live an hour, files from 128 MiB on go in parts of 16 MiB, the quota is 1 TiB, 64 MiB of bytes are kept}
   */
  uploads?: Partial<UploadSettings> | undefined;
  /**
   * The clock, in milliseconds since 1970.
   *
   * @default {Date.now}
   */
  now?: (() => number) | undefined;
  /** How webhooks are delivered. */
  webhooks?: WebhookDeliveryOptions | undefined;
  /**
   * How many requests are kept in the log.
   *
   * @default {10_000}
   */
  maxRequests?: number | undefined;
  /**
   * Hosts under which a served emulator is reached, beside those of this machine.
   * A request with another `Host` is refused with 403.
   *
   * @default {[]}
   */
  allowedHosts?: string[] | undefined;
  /**
   * Origins whose pages may use a served emulator, beside those of this machine;
   * `"null"` stands for pages without one. A request of another is refused with 403.
   *
   * @default {[]}
   */
  allowedOrigins?: string[] | undefined;
}

/** What each option must be, as far as it is no table of its own. */
const OPTIONS: { [name in keyof Required<AvalaEmulatorOptions>]: Check } = {
  seed: anything,
  random: number,
  latency: number,
  apiKeys: anything,
  rateLimit: anything,
  pollsUntilExported: number,
  uploads: anything,
  now: anything,
  webhooks: anything,
  maxRequests: number,
  allowedHosts: anything,
  allowedOrigins: anything,
};
const UPLOADS: { [name in keyof UploadSettings]: Check } = {
  presignedUrlMs: number,
  quota: number,
  multipartFrom: number,
  partSize: number,
  pendingPathsListed: number,
  keptBytes: number,
  origin,
};

/** Tells what a value must be, if it is something else. */
type Check = (value: unknown) => string | undefined;

/**
 * Checks the options.
 *
 * @param options The options.
 * @throws {ConfigurationError} If one is unknown or of a wrong kind.
 */
export function checkOptions(options: AvalaEmulatorOptions): void {
  check("", options, OPTIONS);
  check("uploads.", options.uploads ?? {}, UPLOADS);
}

function check(
  prefix: string,
  options: object,
  checks: { [name: string]: Check },
): void {
  for (const [name, value] of Object.entries(options)) {
    const wanted = Object.hasOwn(checks, name)
      ? value === undefined ? undefined : checks[name]?.(value)
      : `one of ${Object.keys(checks).join(", ")}`;
    if (wanted === undefined) continue;
    throw new ConfigurationError(
      `Cannot make the emulator as '${prefix}${name}' must be ${wanted}: current value is ${
        typeof value === "object" ? JSON.stringify(value) : String(value)
      }`,
    );
  }
}

function anything(): undefined {
  return undefined;
}

function number(value: unknown): string | undefined {
  const isFine = typeof value === "number" && Number.isFinite(value) &&
    value >= 0;
  return isFine ? undefined : "a number from 0 on";
}

function origin(value: unknown): string | undefined {
  const isFine = typeof value === "string" && URL.canParse(value) &&
    new URL(value).origin === value;
  return isFine
    ? undefined
    : "an origin such as https://avala.s3.amazonaws.com";
}
