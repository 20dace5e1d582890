import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const FILES = JSON.stringify(
  new URL("../../../src/files/mod.ts", import.meta.url).href,
);

/** Saves what comes over standard input, bit by bit, and says when it has begun. */
const SAVE = `import { saveTo } from ${FILES};
const reader = Deno.stdin.readable.getReader();
const body = new ReadableStream({
  async pull(controller) {
    const { value, done } = await reader.read();
    if (done) controller.close();
    else {
      controller.enqueue(value);
      console.log("began");
    }
  },
}, { highWaterMark: 0 });
const saved = await saveTo(Deno.args[0], { body }, { overwrite: true });
console.log("saved", saved.bytes);`;

interface Run {
  write(text: string): Promise<void>;
  until(text: string): Promise<void>;
  signal(name: Deno.Signal): void;
  kill(): Promise<void>;
  /** Ends the input and gives the exit code. */
  end(): Promise<number>;
}

async function start(
  folder: string,
  script: string,
  permissions: string[] = [],
): Promise<Run> {
  const file = `${await Deno.makeTempDir()}/script.ts`;
  await Deno.writeTextFile(file, script);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      `--allow-read=${folder}`,
      `--allow-write=${folder}`,
      ...permissions,
      file,
      `${folder}/out`,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";
  const drain = async () => {
    for (let read = await output.read(); !read.done;) {
      read = await output.read();
    }
  };
  return {
    write: (text) => input.write(new TextEncoder().encode(text)),
    async until(text) {
      while (!seen.includes(text)) {
        const { value, done } = await output.read();
        assert(!done, `"${text}" did not come, but "${seen}"`);
        seen += value;
      }
    },
    signal: (name) => child.kill(name),
    async kill() {
      child.kill("SIGKILL");
      await Promise.all([
        child.status,
        drain(),
        input.close().catch(() => {}),
      ]);
      await Deno.remove(file.replace("/script.ts", ""), { recursive: true });
    },
    async end() {
      await input.close();
      const [{ code }] = await Promise.all([child.status, drain()]);
      await Deno.remove(file.replace("/script.ts", ""), { recursive: true });
      return code;
    },
  };
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

for (const permissions of [[], ["--allow-run"]]) {
  const how = permissions.length > 0 ? "may" : "may not";

  Deno.test(`saveTo: what a killed run left is gone with the next run, which ${how} look for processes`, async () => {
    const folder = await Deno.makeTempDir();
    const killed = await start(folder, SAVE);
    await killed.write("half");
    await killed.until("began");
    await killed.kill();
    assertEquals(namesIn(folder).length, 1);
    const next = await start(folder, SAVE, permissions);
    await next.write("whole");
    assertEquals(await next.end(), 0);
    assertEquals(namesIn(folder), ["out"]);
    assertEquals(await Deno.readTextFile(`${folder}/out`), "whole");
    await Deno.remove(folder, { recursive: true });
  });

  Deno.test(`saveTo: two processes save one file, the second of which ${how} look for the first`, async () => {
    const folder = await Deno.makeTempDir();
    const first = await start(folder, SAVE);
    await first.write("fir");
    await first.until("began");
    const parts = namesIn(folder);
    const second = await start(folder, SAVE, permissions);
    await second.write("second");
    assertEquals(await second.end(), 0);
    assertEquals(await Deno.readTextFile(`${folder}/out`), "second");
    // who may look for processes leaves what they write
    const left = permissions.length > 0 ? parts : [];
    assertEquals(namesIn(folder), [...left, "out"].sort());
    await first.write("st");
    assertEquals(await first.end(), 0);
    assertEquals(await Deno.readTextFile(`${folder}/out`), "first");
    assertEquals(namesIn(folder), ["out"]);
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("files: a disk that is full is told, and nothing is left", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/out`;
  await Deno.writeTextFile(`${folder}/state.json`, '{"a": {"n": 1}}');
  const script = `import { saveTo, stateFile } from ${FILES};
const [folder] = Deno.args;
const fail = async (name, work) => {
  try { await work(); console.log(name, "did not fail"); }
  catch (error) { console.log(error.name, error.message); }
};
await fail("save", () => saveTo(folder + "/out", new Response(new Uint8Array(4e6))));
await fail("state", () => stateFile(folder + "/state.json").save("b", { text: "x".repeat(4e6) }));`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, script);
  // a file of at most two megabytes is the nearest to a full disk that needs no mount
  const { stdout } = await new Deno.Command("bash", {
    args: [
      "-c",
      `trap '' XFSZ; ulimit -f 2000; exec "$0" run --no-prompt --no-check "--allow-read=$2" "--allow-write=$2" "$1" "$2"`,
      Deno.execPath(),
      file,
      folder,
    ],
    stderr: "inherit",
  }).output();
  const [save = "", state = ""] = new TextDecoder().decode(stdout).split("\n");
  assertStringIncludes(save, JSON.stringify(path));
  assertStringIncludes(save, "larger than the system permits");
  assertStringIncludes(state, JSON.stringify(`${folder}/state.json`));
  assertStringIncludes(state, "larger than the system permits");
  assertEquals(namesIn(folder), ["state.json"]);
  assertEquals(
    await Deno.readTextFile(`${folder}/state.json`),
    '{"a": {"n": 1}}',
  );
  await Deno.remove(file);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("stateFile: what a killed run left is gone with the next one", async () => {
  const folder = await Deno.makeTempDir();
  const script = `import { stateFile } from ${FILES};
const store = stateFile(Deno.args[0]);
for (let n = 0;; n++) {
  await store.save("a", { n, text: "x".repeat(1e6) });
  if (n === 0) console.log("began");
}`;
  const saving = await start(folder, script);
  await saving.until("began");
  // it is stopped now and then, until that was in the middle of a save
  for (;;) {
    saving.signal("SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (namesIn(folder).length === 2) break;
    saving.signal("SIGCONT");
  }
  await saving.kill();
  // half a file is never there
  const saved = JSON.parse(await Deno.readTextFile(`${folder}/out`));
  assertEquals(saved.a.text.length, 1e6);
  const next = await start(
    folder,
    `import { stateFile } from ${FILES};
await stateFile(Deno.args[0]).save("b", { n: 1 });`,
  );
  assertEquals(await next.end(), 0);
  assertEquals(namesIn(folder), ["out"]);
  await Deno.remove(folder, { recursive: true });
});
