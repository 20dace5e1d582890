import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";
import { commandLine, environmentOf } from "../../tools/command_line.ts";
import {
  hasPseudoTerminals,
  PseudoTerminal,
} from "../../tools/pseudo_terminal.ts";

interface Use {
  emulator: AvalaEmulator;
  folder: string;
  env: { [name: string]: string };
  /** Starts a command in a terminal. */
  open(
    args: string,
    options?: { columns?: number; env?: { [name: string]: string } },
  ): PseudoTerminal;
  /** Runs a command in a terminal, and gives what that shows. */
  show(
    args: string,
    options?: { columns?: number; env?: { [name: string]: string } },
  ): Promise<string>;
}

function terminal(
  name: string,
  fn: (use: Use) => Promise<void>,
  options: AvalaEmulatorOptions = {},
): void {
  Deno.test({
    name: `cli in a terminal: ${name}`,
    ignore: !hasPseudoTerminals,
    async fn() {
      const folder = await Deno.makeTempDir();
      const emulator = new AvalaEmulator(options);
      await using server = await emulator.serve();
      const env = {
        ...environmentOf(server.baseUrl),
        XDG_CONFIG_HOME: `${folder}/.config`,
        XDG_STATE_HOME: `${folder}/.state`,
      };
      const open: Use["open"] = (args, { env: more, ...options } = {}) =>
        new PseudoTerminal(commandLine(args.split(" ")), {
          ...options,
          env: { ...env, ...more },
        });
      const show: Use["show"] = async (args, options) => {
        await using session = open(args, options);
        await session.end();
        return session.shown;
      };
      await fn({ emulator, folder, env, open, show });
      await Deno.remove(folder, { recursive: true });
    },
  });
}

/** The lines of a terminal, without the codes for colors. */
function linesOf(shown: string): string[] {
  // deno-lint-ignore no-control-regex
  return shown.replaceAll(/\x1b\[\d+m/g, "").trimEnd().split("\r\n");
}

/** Writes small pictures into a folder. */
async function pictures(folder: string, count: number): Promise<string> {
  const path = `${folder}/pictures`;
  await Deno.mkdir(path);
  for (let i = 0; i < count; i++) {
    await Deno.writeFile(`${path}/${i}.jpg`, new Uint8Array(1_000 + i).fill(i));
  }
  return path;
}

const picturesIn = ({ storedFiles }: AvalaEmulator) =>
  storedFiles.filter(({ size }) => size >= 1_000 && size < 2_000);

terminal("a list is a table in color, or without", async ({ show }) => {
  const [colored, ...plain] = await Promise.all([
    show("datasets list"),
    show("datasets list", { env: { NO_COLOR: "1" } }),
    show("datasets list", { env: { TERM: "dumb" } }),
  ]);
  // the head is bold, a state that is well is green
  assertStringIncludes(colored, "\x1b[1muid ");
  assertStringIncludes(colored, "\x1b[32mcreated\x1b[39m");
  const [head, first, , end] = linesOf(colored);
  assert(/^uid +name +slug +status$/.test(head!), head);
  assert(
    /^\S{36} {2}Harbor crane {3}harbor-crane {3}created$/.test(first!),
    first,
  );
  assertEquals(end, undefined);
  for (const text of plain) {
    assert(!text.includes("\x1b"), text);
    assertEquals(linesOf(text), linesOf(colored));
  }
});

terminal("a pipe gets JSON Lines, and no color", async ({ env }) => {
  const command = commandLine(["datasets", "list"]).map((word) => `'${word}'`);
  await using session = new PseudoTerminal(
    ["sh", "-c", `${command.join(" ")} | cat`],
    { env },
  );
  assertEquals(await session.end(), 0);
  const names = linesOf(session.shown).map((line) => JSON.parse(line).name);
  assertEquals(names, ["Harbor crane", "Street images"]);
});

terminal("twenty columns are enough", async ({ show }) => {
  const shown = await Promise.all([
    show("fleet alerts list", { columns: 20 }),
    show("datasets get-by-slug northlight harbor-crane", { columns: 20 }),
    show("datasets list --fields uid,name,slug", { columns: 20 }),
  ]);
  for (const line of shown.flatMap(linesOf)) {
    assert(line.length <= 20, line);
  }
  // a part of an id helps nobody: what fits is shown
  assertEquals(linesOf(shown[0]!)[0], "severity  status");
  // and nothing of one object is lost
  const text = linesOf(shown[1]!).join("").replaceAll(" ", "");
  assertStringIncludes(text, "5eed0000-0000-4000-8000-000000000006");
});

terminal("a list of one page tells of the next", async ({ show }) => {
  const [shown, none] = await Promise.all([
    show("tasks list --page-size 3"),
    show("datasets list --name nothing"),
  ]);
  assert(/There are more: --all, or --cursor \S+/.test(shown), shown);
  assertEquals(linesOf(none), ["There are none."]);
});

terminal("a key is asked for, and not shown", async ({ open, folder }) => {
  const env = { AVALA_API_KEY: "" };
  await using session = open("configure", { env });
  await session.until((shown) => shown.includes("API key:"));
  await session.type("avk_typed_key_1\r");
  assertEquals(await session.end(), 0, session.shown);
  assert(!session.shown.includes("typed"), session.shown);
  const file = `${folder}/.config/avala/profiles.json`;
  const { profiles } = JSON.parse(await Deno.readTextFile(file));
  assertEquals(profiles.default.apiKey, "avk_typed_key_1");
  assertEquals((await Deno.stat(file)).mode! & 0o777, 0o600);

  await using given_up = open("configure", { env });
  await given_up.until((shown) => shown.includes("API key:"));
  await given_up.type("\u0003");
  assertEquals(await given_up.end(), 130, given_up.shown);
});

terminal("a deletion asks first", async ({ open, emulator }) => {
  const uid = "890c2189-ed54-4e03-87c2-000000000000";
  const deletions = () =>
    emulator.requests.filter(({ method }) => method === "DELETE").length;
  const replies = [["\u0004", 2, 0], ["\u0003", 130, 0], [
    "y\r",
    0,
    1,
  ]] as const;
  for (const [reply, code, count] of replies) {
    await using session = open(`fleet devices delete ${uid}`);
    await session.until((shown) => shown.includes("are you sure? [y/N]"));
    await session.type(reply);
    assertEquals(await session.end(), code, session.shown);
    assertEquals(deletions(), count);
  }
});

terminal(
  "Ctrl-C ends an upload, which goes on later",
  async ({ emulator, folder, open, show }) => {
    const source = await pictures(folder, 12);
    const slow = emulator.fault({
      path: "file-upload-url",
      delay: 100,
      times: 100,
    });
    const upload =
      `datasets upload ${source} --name New --slug new-one --concurrency 2`;
    await using session = open(upload);
    await session.until((shown) =>
      /[3-9]\/12 files/.test(shown) && picturesIn(emulator).length >= 3
    );
    await session.type("\u0003");
    assertEquals(await session.end(), 130, session.shown);
    assert(session.shown.endsWith("avala: interrupted\r\n"), session.shown);
    // one line, drawn again and again, with the part that is done
    const line = session.shown.split("\r\x1b[K").at(-2);
    assert(/^ +\d+ % [█░]{16} {2}\d+\/12 files/.test(line!), session.shown);
    const before = picturesIn(emulator).length;
    assert(before < 12, `${before}`);

    slow.clear();
    const shown = await show(upload);
    assert(/slug +new-one/.test(linesOf(shown).join("\n")), shown);
    const stores = picturesIn(emulator).map(({ stores }) => stores);
    assertEquals(stores.length, 12);
    // only what was under way is sent again
    assert(stores.filter((count) => count > 1).length <= 2, `${stores}`);
  },
);

terminal(
  "Ctrl-C ends a download, which goes on later",
  async ({ emulator, folder, open, show }) => {
    const slow = emulator.fault({
      path: "/storage/",
      delay: 100,
      times: 1_000,
    });
    const target = `${folder}/down`;
    const download =
      `datasets download northlight harbor-crane ${target} --concurrency 2`;
    const fetches = () =>
      emulator.requests.filter(({ path }) => path.startsWith("/storage/"))
        .length;
    await using session = open(download);
    await session.until((shown) => /[3-9]\/15 files/.test(shown));
    await session.type("\u0003");
    assertEquals(await session.end(), 130, session.shown);
    assert(session.shown.endsWith("avala: interrupted\r\n"), session.shown);
    const names = await allFiles(target);
    assert(names.length < 15, names.join());
    // no half file under its own name
    for (const name of names) {
      if (name.endsWith(".bin")) assert((await Deno.stat(name)).size > 0, name);
    }

    slow.clear();
    const before = fetches();
    const shown = linesOf(await show(download)).join("\n");
    assert(/failures +0/.test(shown), shown);
    const [, skipped] = /skipped +(\d+)/.exec(shown) ?? [];
    assert(Number(skipped) >= 3, shown);
    assertEquals(fetches() - before, 15 - Number(skipped));
    assertEquals((await allFiles(target)).length, 15);
  },
);

/** The files below a folder, but those whose names start with a dot. */
async function allFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (name.startsWith(".")) continue;
    if (isDirectory) files.push(...await allFiles(`${folder}/${name}`));
    else files.push(`${folder}/${name}`);
  }
  return files;
}
