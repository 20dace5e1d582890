/**
 * The file that `avala configure` keeps: keys and addresses by profile.
 *
 * @module
 */

import {
  chmod,
  mkdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import process from "node:process";
import { dirname } from "jsr:@std/path@^1.1.4/dirname";
import { join } from "jsr:@std/path@^1.1.4/join";
import { isJsonObject } from "../wire/codec.ts";
import { CommandError, EXIT, usage } from "./exits.ts";
import { didYouMean } from "./names.ts";

/** What a profile knows. */
export interface Profile {
  /** The key. */
  readonly apiKey?: string | undefined;
  /** The base URL, if not the usual one. */
  readonly baseUrl?: string | undefined;
}

/** Gives a variable of the environment. */
export type Environment = (name: string) => string | undefined;

/** The profile that counts when none is named. */
export const DEFAULT_PROFILE = "default";

/**
 * Gives the folder of a kind of files of this user.
 *
 * @param kind What the files hold.
 * @param env The environment.
 * @returns The folder, or undefined where the user has none.
 */
export function userFolder(
  kind: "config" | "state",
  env: Environment,
): string | undefined {
  const xdg = env(kind === "config" ? "XDG_CONFIG_HOME" : "XDG_STATE_HOME");
  if (xdg) return join(xdg, "avala");
  if (process.platform === "win32") {
    const local = env(kind === "config" ? "APPDATA" : "LOCALAPPDATA");
    return local && join(local, "avala");
  }
  const home = env("HOME");
  return home &&
    join(home, kind === "config" ? ".config" : ".local/state", "avala");
}

function profilesFile(env: Environment): string | undefined {
  const folder = userFolder("config", env);
  return folder && join(folder, "profiles.json");
}

/**
 * Reads a profile.
 *
 * @param name Its name; the default one when left out.
 * @param env The environment.
 * @returns The profile, or undefined when there is no default one.
 * @throws {CommandError} If a profile that was named is not there, or the file is broken.
 */
export async function readProfile(
  name: string | undefined,
  env: Environment,
): Promise<Profile | undefined> {
  const profiles = await readProfiles(env);
  const wanted = name ?? DEFAULT_PROFILE;
  if (Object.hasOwn(profiles, wanted)) return profiles[wanted];
  if (name === undefined) return undefined;
  const known = Object.keys(profiles);
  throw usage(
    `There is no profile '${name}'.${
      didYouMean(name, known) ||
      ` Run 'avala configure --profile ${name}' to make it.`
    }`,
  );
}

async function readProfiles(
  env: Environment,
): Promise<{ [name: string]: Profile }> {
  const file = profilesFile(env);
  if (!file) return {};
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return {}; // there is none, or it may not be read
  }
  try {
    const { profiles } = JSON.parse(text);
    if (isJsonObject(profiles)) return profiles as { [name: string]: Profile };
  } catch {
    // told below
  }
  throw usage(
    `Cannot read ${file}: it is no file of profiles. Remove it, and run 'avala configure'.`,
  );
}

/**
 * Keeps a profile, for this user alone.
 *
 * @param name Its name.
 * @param profile The profile.
 * @param env The environment.
 * @returns The file that holds it.
 * @throws {CommandError} If the file can't be written.
 */
export async function keepProfile(
  name: string,
  profile: Profile,
  env: Environment,
): Promise<string> {
  const file = profilesFile(env);
  if (!file) {
    throw new CommandError(
      EXIT.refused,
      "Cannot keep the key: neither XDG_CONFIG_HOME nor HOME is set. Set AVALA_API_KEY instead.",
    );
  }
  const profiles = { ...await readProfiles(env), [name]: profile };
  const draft = `${file}.${crypto.randomUUID()}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    // the mode of a new file, and that of one whose mode the system has cut
    await writeFile(draft, `${JSON.stringify({ profiles }, null, 2)}\n`, {
      mode: 0o600,
    });
    await chmod(draft, 0o600);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw new CommandError(
      EXIT.refused,
      `Cannot write ${file}: ${(error as Error).message}`,
    );
  }
  return file;
}
