/**
 * Keeps a key under a profile.
 *
 * @module
 */

import type { Command, Context } from "../command.ts";
import { CommandError, EXIT } from "../exits.ts";

/** Keeps a key. */
export const configure: Command = {
  name: "configure",
  summary: "Asks for an API key, checks it, and keeps it for this user.",
  details:
    "With --profile under that name. The key is asked for without being shown; in a script, give it with --api-key. Only the command line reads the file that holds it.",
  args: [],
  options: [],
  effect: "local",
  run,
};

async function run(context: Context): Promise<void> {
  const { clientOptions, NO_KEY } = await import("../connect.ts");
  const { DEFAULT_PROFILE, keepProfile } = await import("../profiles.ts");
  const { terminal, settings, signal } = context;
  const { profile = DEFAULT_PROFILE, baseUrl } = settings;
  const apiKey = (settings.apiKey ??
    (terminal.canAsk ? await terminal.askSecret("API key:") : "")).trim();
  if (apiKey === "") throw new CommandError(EXIT.credentials, NO_KEY);
  const { AsyncClient } = await import("../../client.ts");
  const { AuthenticationError, ForbiddenError } = await import(
    "../../errors.ts"
  );
  // the profile need not be there yet
  const given = { ...settings, apiKey, profile: undefined };
  const client = new AsyncClient(
    await clientOptions({ ...context, settings: given }),
  );
  try {
    await client.organizations.list({ limit: 1 }, { signal });
  } catch (error) {
    // a key that may not list organizations is a key all the same
    if (error instanceof AuthenticationError) {
      throw new CommandError(
        EXIT.credentials,
        "The key is not accepted, and was not kept. Check that all of it was pasted.",
      );
    }
    if (!(error instanceof ForbiddenError)) throw error;
  } finally {
    client.close();
  }
  const kept = { apiKey, ...(baseUrl !== undefined && { baseUrl }) };
  const file = await keepProfile(profile, kept, terminal.env);
  terminal.err(`The key is kept as profile '${profile}' in ${file}\n`);
}
