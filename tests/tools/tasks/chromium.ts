/**
 * The browser of the tests: one that is installed, or else Debian's, unpacked
 * into the cache of the tests, for which nobody needs to be root.
 *
 * @module
 */

import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execute } from "./processes.ts";
import type { Workspace } from "./workspace.ts";

const COMMANDS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** How to start a browser. */
export interface Chromium {
  /** The program. */
  command: string;
  /** The folders of the libraries that came with it. */
  env: Record<string, string>;
  /** As it calls itself. */
  version: string;
}

/** Every background service is off: a page of the tests is all that it loads. */
export const CHROMIUM_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--no-default-browser-check",
  "--no-pings",
  "--no-proxy-server",
  "--mute-audio",
  "--disable-background-networking",
  "--disable-background-timer-throttling",
  "--disable-breakpad",
  "--disable-client-side-phishing-detection",
  "--disable-component-extensions-with-background-pages",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-extensions",
  "--disable-features=AutofillServerCommunication,CertificateTransparencyComponentUpdater,MediaRouter,OptimizationHints,Translate",
  "--disable-search-engine-choice-screen",
  "--disable-sync",
  "--metrics-recording-only",
  "--password-store=basic",
  // no name is ever asked of a server: the tests are on loopback
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** Finds the browser, or brings it. */
export async function findChromium(workspace: Workspace): Promise<Chromium> {
  for (const command of COMMANDS) {
    const found = await version({ command, env: {} });
    if (found) return found;
  }
  const unpacked = join(workspace.cache, "chromium");
  if (!await exists(unpacked)) await unpack(workspace, unpacked);
  const libraries = await foldersOfLibraries(join(unpacked, "usr", "lib"));
  const browser = {
    command: join(unpacked, "usr", "lib", "chromium", "chromium"),
    env: { LD_LIBRARY_PATH: libraries.join(":") },
  };
  const found = await version(browser);
  if (!found) throw new Error(`Cannot start '${browser.command}'`);
  return found;
}

async function version(
  browser: { command: string; env: Record<string, string> },
): Promise<Chromium | undefined> {
  const { command, env } = browser;
  const options = { cwd: tmpdir(), env };
  const { code, stdout } = await execute(command, ["--version"], options);
  const [version] = /\d+\.[\d.]+/.exec(stdout) ?? [];
  return code === 0 && version ? { command, env, version } : undefined;
}

/** Downloads the packages that the machine lacks and unpacks them. */
async function unpack(workspace: Workspace, folder: string): Promise<void> {
  const draft = `${folder}.${crypto.randomUUID()}`;
  const apt = join(draft, "apt");
  const archives = join(apt, "cache", "archives");
  await mkdir(join(apt, "lists", "partial"), { recursive: true });
  await mkdir(join(archives, "partial"), { recursive: true });
  // Its own lists and cache, since those of the machine are for root to write.
  const conf = join(apt, "apt.conf");
  await writeFile(
    conf,
    `Dir::State::Lists "${apt}/lists";
Dir::Cache "${apt}/cache";
Dir::Log "${apt}";
Debug::NoLocking "true";
APT::Sandbox::User "";
`,
  );
  const run = async (command: string, args: string[]) => {
    const { code, output } = await execute(command, args, {
      cwd: draft,
      env: { ...workspace.env, APT_CONFIG: conf, LC_ALL: "C" },
    });
    if (code === 0) return;
    const call = [command, ...args].join(" ");
    throw new Error(`Cannot find Chromium, nor '${call}': ${output}`);
  };
  try {
    await run("apt-get", ["-qq", "update"]);
    await run("apt-get", [
      "-qq",
      "--yes",
      "--no-install-recommends",
      "--download-only",
      "install",
      "chromium",
    ]);
    for (const name of await readdir(archives)) {
      if (name.endsWith(".deb")) {
        await run("dpkg", ["--extract", join(archives, name), draft]);
      }
    }
    await rm(apt, { recursive: true });
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function foldersOfLibraries(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const libraries = files.filter(({ name }) => /\.so(\.|$)/.test(name));
  return [...new Set(libraries.map(({ parentPath }) => parentPath))];
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false);
}
