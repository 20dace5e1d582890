/**
 * The client of a command: which key, which address, and who watches.
 *
 * @module
 */

import type { ClientOptions } from "../http/config.ts";
import { isTruthy } from "../http/environment.ts";
import type { Context } from "./command.ts";
import { CommandError, EXIT } from "./exits.ts";
import { type Environment, readProfile } from "./profiles.ts";
import { safeText } from "./safe_text.ts";

/** What is said to those who have no key. */
export const NO_KEY =
  "There is no API key. Run 'avala configure', set AVALA_API_KEY, or give --api-key.";

/** Where a key comes from. */
export interface Credential {
  /** The key. */
  readonly apiKey: string | undefined;
  /** The base URL, if not the usual one. */
  readonly baseUrl: string | undefined;
  /** Where the key was found, in words. */
  readonly source: string;
}

type Choice = Pick<Context["settings"], "apiKey" | "baseUrl" | "profile">;

/**
 * Finds the key and the base URL: options, then a profile that was named, then the
 * environment, then the default profile.
 *
 * @param choice The options of the command.
 * @param env The environment.
 * @returns What was found.
 * @throws {CommandError} If the profile that was named is not known.
 */
export async function findCredential(
  choice: Choice,
  env: Environment,
): Promise<Credential> {
  const key = env("AVALA_API_KEY");
  const url = env("AVALA_BASE_URL");
  const { profile } = choice;
  const isNeeded = profile !== undefined || (!choice.apiKey && !key);
  const kept = isNeeded ? await readProfile(profile, env) : undefined;
  const [named, fallback] = profile === undefined ? [undefined, kept] : [kept];
  const apiKey = choice.apiKey ?? named?.apiKey ?? key ?? fallback?.apiKey;
  const baseUrl = choice.baseUrl ?? named?.baseUrl ?? url ??
    // the address of a profile goes with its key
    (apiKey === fallback?.apiKey ? fallback?.baseUrl : undefined);
  const source = choice.apiKey !== undefined
    ? "--api-key"
    : named?.apiKey !== undefined
    ? `profile ${profile}`
    : key !== undefined
    ? "AVALA_API_KEY"
    : "profile default";
  return { apiKey, baseUrl, source };
}

/**
 * Makes the options of the client.
 *
 * @param context What the command works with.
 * @param credential Whether a key is needed.
 * @returns The options.
 * @throws {CommandError} If a key is needed and there is none.
 */
export async function clientOptions(
  context: Pick<Context, "settings" | "terminal" | "fetch">,
  credential: "required" | "none" = "required",
): Promise<ClientOptions> {
  const { settings, terminal, fetch } = context;
  const { apiKey, baseUrl } = await findCredential(settings, terminal.env);
  if (!apiKey && credential === "required") {
    throw new CommandError(EXIT.credentials, NO_KEY);
  }
  return {
    apiKey,
    baseUrl,
    clientName: "avala_cli",
    allowInsecureBaseUrl: isTruthy(
      terminal.env("AVALA_ALLOW_INSECURE_BASE_URL"),
    ),
    ...(settings.debug && { hooks: debugHooks(terminal) }),
    // what is kept back must not be tried again
    ...(fetch && { fetch, maxRetries: 0 }),
  };
}

/** Tells of every request; what the hooks get holds no secret. */
function debugHooks(
  terminal: Context["terminal"],
): NonNullable<ClientOptions["hooks"]> {
  const tell = (text: string) => terminal.err(`debug: ${safeText(text)}\n`);
  return {
    onResponse: ({ method, url, statusCode, durationMs, attempt, headers }) => {
      const id = headers["x-request-id"];
      tell(
        `${method} ${url} ${statusCode} ${Math.round(durationMs)} ms` +
          (attempt > 1 ? `, attempt ${attempt}` : "") +
          (id ? `, request id ${id}` : ""),
      );
    },
    onRetry: ({ method, url, waitMs, error }) =>
      tell(
        `${method} ${url} again in ${Math.round(waitMs)} ms: ${error.message}`,
      ),
    onError: ({ method, url, attempts, error }) =>
      tell(
        `${method} ${url} failed after ${attempts} attempt${
          attempts === 1 ? "" : "s"
        }: ${error.name}`,
      ),
  };
}
