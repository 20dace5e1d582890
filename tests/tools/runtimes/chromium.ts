/**
 * The browser of the tests: one that is installed, or else npm's headless one,
 * unpacked into the cache of the tests.
 *
 * @module
 */

import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { readTar } from "../registry/tar.ts";
import { execute, start, temporaryFolder } from "../workspace/processes.ts";
import { toolFolder, toolVersion } from "../workspace/tools.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { SandboxRuntime } from "./runtime.ts";

const COMMANDS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
/** npm's browser, and the libraries that a bare system lacks. */
const PACKAGE = "@sparticuz/chromium";

/** Every background service is off: a page of the tests is all that it loads. */
const FLAGS = [
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

/** How to start a browser. */
export interface Browser {
  /** Its version. */
  version: string;
  /** The program. */
  command: string;
  /** Where its libraries are, if they came with it. */
  env: Record<string, string>;
}

/** Finds Chromium. */
export async function findChromium(
  workspace: Workspace,
): Promise<SandboxRuntime> {
  const browser = await findBrowser(workspace);
  return {
    version: browser.version,
    start: (_folder, bundle, host) =>
      startBrowser(browser, [
        `http://${host}/${bundle.replace(/js$/, "html")}`,
      ]),
  };
}

/** Whether there is a browser for this machine: one that is installed, or npm's. */
export async function hasBrowser(workspace: Workspace): Promise<boolean> {
  if (platform() === "linux" && arch() === "x64") return true;
  return await findBrowser(workspace).then(() => true, () => false);
}

/** Finds a browser that runs on this machine. */
export async function findBrowser(workspace: Workspace): Promise<Browser> {
  for (const command of COMMANDS) {
    const version = await versionOf(command, {});
    if (version) return { version, command, env: {} };
  }
  const { command, env } = await fromNpm(workspace);
  const version = await versionOf(command, env);
  if (!version) throw new Error(`Cannot start '${command}'`);
  return { version, command, env };
}

/** Starts a browser with a profile of its own. */
export async function startBrowser(
  { command, env }: Browser,
  args: string[],
): Promise<Deno.ChildProcess> {
  const profile = await temporaryFolder();
  return start(
    command,
    [...FLAGS, `--user-data-dir=${profile}`, ...args],
    // what it writes at home is gone afterwards
    { cwd: profile, env: { ...env, HOME: profile } },
  );
}

async function versionOf(
  command: string,
  env: Record<string, string>,
): Promise<string | undefined> {
  const profile = await temporaryFolder();
  const { code, stdout } = await execute(
    command,
    ["--version"],
    { cwd: profile, env: { ...env, HOME: profile } },
  );
  return code === 0 ? /\d+\.[\d.]+/.exec(stdout)?.[0] : undefined;
}

async function fromNpm(
  workspace: Workspace,
): Promise<Omit<Browser, "version">> {
  if (platform() !== "linux" || arch() !== "x64") {
    throw new Error("Cannot find Chromium, and npm has none for this machine");
  }
  const folder = join(workspace.cache, `chromium-${toolVersion(PACKAGE)}`);
  const browser = {
    command: join(folder, "chromium"),
    env: { LD_LIBRARY_PATH: folder },
  };
  if (await stat(folder).catch(() => undefined)) return browser;
  const packed = join(await toolFolder(workspace, PACKAGE), PACKAGE, "bin");
  const unpack = async (name: string) =>
    brotliDecompressSync(await readFile(join(packed, `${name}.br`)));
  // Elsewhere first, so that what is in its place is whole.
  const draft = `${folder}.${crypto.randomUUID()}`;
  await mkdir(draft, { recursive: true });
  try {
    const mode = 0o755;
    await writeFile(join(draft, "chromium"), await unpack("chromium"), {
      mode,
    });
    for (const [name, bytes] of readTar(await unpack("al2023.tar"))) {
      await writeFile(join(draft, name), bytes, { mode });
    }
    await rename(draft, folder).catch(() => stat(folder));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return browser;
}
