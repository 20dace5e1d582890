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
interface Browser {
  command: string;
  /** Where its libraries are, if they came with it. */
  env: Record<string, string>;
}

/** Finds Chromium. */
export async function findChromium(
  workspace: Workspace,
): Promise<SandboxRuntime> {
  for (const command of COMMANDS) {
    const browser = { command, env: {} };
    const version = await versionOf(browser);
    if (version) return runtime(browser, version);
  }
  const browser = await fromNpm(workspace);
  const version = await versionOf(browser);
  if (!version) throw new Error(`Cannot start '${browser.command}'`);
  return runtime(browser, version);
}

function runtime({ command, env }: Browser, version: string): SandboxRuntime {
  return {
    version,
    async start(_folder, bundle, host) {
      const profile = await temporaryFolder();
      const page = `http://${host}/${bundle.replace(/js$/, "html")}`;
      return start(
        command,
        [...FLAGS, `--user-data-dir=${profile}`, page],
        // what it writes at home is gone afterwards
        { cwd: profile, env: { ...env, HOME: profile } },
      );
    },
  };
}

async function versionOf(
  { command, env }: Browser,
): Promise<string | undefined> {
  const profile = await temporaryFolder();
  const { code, stdout } = await execute(
    command,
    ["--version"],
    { cwd: profile, env: { ...env, HOME: profile } },
  );
  return code === 0 ? /\d+\.[\d.]+/.exec(stdout)?.[0] : undefined;
}

async function fromNpm(workspace: Workspace): Promise<Browser> {
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
