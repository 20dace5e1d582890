import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  avala,
  avalaProcess,
  commandLine,
  type CommandOptions,
  type CommandResult,
  environmentOf,
  execute,
} from "../tools/command_line.ts";
import { test } from "../tools/harness.ts";
import { type Served, served } from "../servers/served.ts";

type Run = (
  args: string,
  options?: CommandOptions,
) => Promise<CommandResult>;

/** Declares a test of commands against an emulator of its own. */
function command(
  name: string,
  use: (
    run: Run,
    world: Served,
  ) => Promise<void>,
): void {
  served(`cli: ${name}`, async (world) => {
    await use(
      (args, { env, ...options } = {}) =>
        avala(args.split(" "), {
          ...options,
          env: { ...environmentOf(world.baseUrl), ...env },
        }),
      world,
    );
  });
}

/** Expects one line of error, and a code. */
function assertRefused(
  { code, stdout, stderr }: CommandResult,
  wanted: number,
  ...texts: string[]
): void {
  assertEquals([code, stdout], [wanted, ""], stderr);
  assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
  for (const text of texts) assertStringIncludes(stderr, text);
}

command("a list is JSON Lines in a pipe, an object is JSON", async (run) => {
  const list = await run("datasets list");
  assertEquals([list.code, list.stderr], [0, ""]);
  const rows = list.stdout.trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assertEquals(rows.length, 2);
  assertEquals(typeof rows[0].itemCount, "number");

  const one = await run(`datasets get ${rows[0].uid}`);
  assertEquals(JSON.parse(one.stdout), rows[0]);
  assertStringIncludes(one.stdout, '{\n  "uid"');
});

served(
  "cli: a process prints, reads its input, and gives the code",
  async ({ emulator, baseUrl }) => {
    const run = (args: string, options?: CommandOptions) =>
      avalaProcess(args.split(" "), {
        ...options,
        env: environmentOf(baseUrl),
      });
    const list = await run("projects list --fields name");
    assertEquals([list.code, list.stderr], [0, ""]);
    assertEquals(list.stdout.trimEnd().split("\n").length, 3);
    await run("fleet devices register --name a --type b --metadata -", {
      input: '{"a": 1}',
    });
    assertEquals(emulator.requests.at(-1)?.body, {
      name: "a",
      type: "b",
      metadata: { a: 1 },
    });
    assertRefused(await run("fleet devices delete some-uid"), 2, "--yes");
  },
);

served(
  "cli: a reader that has seen enough ends it quietly, and early",
  async ({ emulator, baseUrl }) => {
    const words = "datasets list-items northlight street-images --all -o jsonl";
    const command = commandLine(words.split(" ")).map((word) => `'${word}'`);
    const { code, stdout, stderr } = await execute(
      ["sh", "-c", `(${command.join(" ")}; echo $? >&2) | head -n 1`],
      { env: environmentOf(baseUrl) },
    );
    assertEquals([code, stderr], [0, "0\n"]);
    assertEquals(typeof JSON.parse(stdout).key, "string");
    // 200 pages are a good deal more than what a pipe holds
    const pages = emulator.requests.length;
    assert(pages < 150, `${pages} pages`);
  },
  { seed: { items: 20_000 } },
);

served(
  "cli: rows are printed as they come",
  async ({ emulator, baseUrl }) => {
    const words = "datasets list-items northlight street-images --all -o jsonl";
    const ending = new AbortController();
    const { code, stdout } = await avala(words.split(" "), {
      env: environmentOf(baseUrl),
      signal: ending.signal,
      // like Ctrl-C in the middle of them
      onPrinted: ({ length }) => length > 1_000_000 && ending.abort(),
    });
    assertEquals(code, 130);
    const rows = stdout.split("\n").length;
    // in hand are one page, and the next
    const pages = emulator.requests.length;
    assert(pages <= rows / 100 + 3, `${pages} pages, ${rows} rows`);
    assert(rows < 10_000, `${rows} rows`);
  },
  { seed: { items: 20_000 } },
);

command("json, csv and table, and the fields asked for", async (run) => {
  const fields = "--fields name,itemCount";
  const { stdout: json } = await run(`datasets list -o json ${fields}`);
  assertEquals(JSON.parse(json), [
    { name: "Harbor crane", itemCount: 15 },
    { name: "Street images", itemCount: 250 },
  ]);
  const { stdout: csv } = await run(`datasets list --output=csv ${fields}`);
  assertEquals(
    csv,
    "name,itemCount\r\nHarbor crane,15\r\nStreet images,250\r\n",
  );
  const { stdout: table } = await run(`-o table datasets list ${fields}`);
  assertEquals(
    table,
    "name           itemCount\nHarbor crane          15\nStreet images        250\n",
  );
  const { stdout: none } = await run("-o json datasets list --name nothing");
  assertEquals(none, "[]\n");
});

command(
  "one page, a limit over pages, or all of them",
  async (run, { emulator }) => {
    const count = async (args: string) =>
      (await run(`tasks list ${args}`)).stdout.trimEnd().split("\n").length;
    assertEquals(await count("--page-size 7"), 7);
    assertEquals(await count("--page-size 7 --limit 10"), 10);
    assertEquals(await count("--page-size 7 --all"), 40);
    const before = emulator.requests.length;
    assertEquals(await count("--limit 3"), 3);
    // no page is asked for that nobody wants
    assertEquals(
      emulator.requests.slice(before).map(({ query }) => query),
      [{ limit: "3" }],
    );
  },
);

command("options of every kind reach the wire", async (run, { emulator }) => {
  const { code, stderr } = await run(
    "fleet devices register --name a --type=truck --tags red,blue --tags green --metadata @-",
    { input: "{}" },
  );
  assertEquals(code, 2);
  assertStringIncludes(stderr, "cannot read '-'");

  await run(
    "fleet devices register --name a --type=truck --tags red,blue --tags green --metadata -",
    { input: '{"any_thing": [1]}' },
  );
  assertEquals(emulator.requests.at(-1)?.body, {
    name: "a",
    type: "truck",
    tags: ["red", "blue", "green"],
    metadata: { any_thing: [1] },
  });
  const rule = [
    "fleet rules create --name r --no-enabled",
    '--condition {"type":"threshold"}',
    '--actions [{"type":"alert"}]',
  ];
  await run(rule.join(" "));
  assertEquals(
    (emulator.requests.at(-1)?.body as { enabled: boolean }).enabled,
    false,
  );
});

command(
  "JSON takes our names and those of the wire, and no others",
  async (run, { emulator }) => {
    const entry = (key: string) =>
      `annotations bulk-edit-batch northlight harbor-crane [{"action":"delete","${key}":"5eed0000-0000-4000-8000-000000000001","object_type":"cuboid","datasetItemUid":"x"}]`;
    assertEquals((await run(`${entry("object_uuid")} --dry-run`)).code, 0);
    const dry = await run(`${entry("objectUuid")} --dry-run -o json`);
    assertStringIncludes(dry.stdout, '"object_uuid"');
    assertEquals(emulator.requests, []);
    assertRefused(
      await run(`${entry("objectUid")} --dry-run`),
      2,
      "ENTRIES[0] has no field 'objectUid'",
      "Did you mean 'objectUuid'?",
    );
  },
);

command(
  "a dry run sends nothing, and hides secrets",
  async (run, { emulator }) => {
    const { code, stdout } = await run(
      'inference-providers create --name p --provider-type http --config {"url":"https://x.example","api_key":"hunter22"} --dry-run',
    );
    assertEquals(code, 0);
    assertStringIncludes(stdout, "POST http://127.0.0.1:");
    assertStringIncludes(stdout, "https://x.example");
    assert(!stdout.includes("hunter22"), stdout);
    const test = await run("webhooks test some-uid --dry-run");
    assertStringIncludes(test.stdout, "/webhooks/some-uid/test/");
    const patch = await run("fleet devices update some-uid --name x --dry-run");
    assertStringIncludes(patch.stdout, "PATCH ");
    assertEquals(emulator.requests, []);
  },
);

command(
  "a dry run of auto-labeling is the service's own",
  async (run, { emulator, client }) => {
    const [project] = (await client.projects.list()).items;
    await run(`auto-label-jobs create ${project!.uid} --dry-run`);
    const request = emulator.requests.at(-1);
    assertEquals(request?.method, "POST");
    assertEquals(request?.body, { dry_run: true });
  },
);

command(
  "a deletion needs --yes where nobody can be asked",
  async (run, { client }) => {
    const { uid } = await client.fleet.devices.register({
      name: "a",
      type: "b",
    });
    assertRefused(await run(`fleet devices delete ${uid}`), 2, "--yes");
    assertEquals((await client.fleet.devices.get(uid)).name, "a");
    assertEquals(
      await run(`fleet devices delete ${uid} --yes`),
      { code: 0, stdout: "", stderr: "" },
    );
    assertRefused(await run(`fleet devices get ${uid}`), 4, "404");
  },
);

command("exit codes and ways out", async (run, { emulator }) => {
  const env = { AVALA_API_KEY: "" };
  assertRefused(await run("tasks list", { env }), 3, "avala configure");
  const wrong = { AVALA_API_KEY: "wrong_key_1" };
  assertRefused(await run("tasks list", { env: wrong }), 3, "not accepted");
  emulator.fault({ path: "tasks", status: 403, times: 1 });
  assertRefused(await run("tasks list"), 3, "403");
  assertRefused(await run("tasks get nothing-like-it"), 4, "404");
  emulator.fault({
    path: "tasks",
    status: 400,
    body: { limit: ["too large"] },
  });
  assertRefused(await run("tasks list"), 1, "too large");
  const nowhere = { AVALA_BASE_URL: "http://127.0.0.1:9" };
  assertRefused(
    await run("tasks list --debug", { env: nowhere }).then((
      result,
    ) => ({
      ...result,
      stderr: result.stderr.split("\n").find((line) =>
        line.startsWith("avala:")
      ) ?? "",
    })),
    1,
    "network",
  );
  assertRefused(await run("tasks list --profile nobody"), 2, "nobody");
});

command(
  "wrong words are refused with the nearest right ones",
  async (run, { emulator }) => {
    assertRefused(await run("datsets list"), 2, "Did you mean 'datasets'?");
    assertRefused(await run("datasets lst"), 2, "Did you mean 'list'?");
    assertRefused(await run("datasets list --data-typ x"), 2, "'--data-type'?");
    assertRefused(
      await run("datasets list --limit abc"),
      2,
      "positive integer",
    );
    assertRefused(await run("datasets list extra"), 2, "'extra'");
    assertRefused(await run("datasets get"), 2, "UID is missing");
    assertRefused(await run("datasets create --name x"), 2, "--slug");
    assertRefused(await run("datasets list --name"), 2, "needs a value");
    assertRefused(await run("datasets list -o yaml"), 2, "jsonl");
    assertRefused(await run("datasets list --all=maybe"), 2, "true or false");
    assertRefused(await run("datasets list --fields nam"), 2, "'name'?");
    assertRefused(await run("exports wait x --timeout soon"), 2, "30s");
    assertRefused(await run("slices get a/b c"), 2, "'owner'");
    assertRefused(await run("view x.mcap"), 2, "Python");
    assertEquals(
      emulator.requests.filter(({ path }) => !path.endsWith("/datasets/")),
      [],
    );
  },
);

command("broken JSON is told with its place", async (run) => {
  const start = "fleet devices register --name a --type b --metadata";
  assertRefused(await run(`${start} {"a":}`), 2, "line 1, column 6");
  assertRefused(await run(`${start} {"a":1`), 2, "too early");
  assertRefused(await run(`${start} [1]`), 2, "must be an object");
  assertRefused(await run(`${start} @missing.json`), 2, "no such file");
  const folder = await mkdtemp(join(tmpdir(), "cli-"));
  await writeFile(join(folder, "x.json"), '{\n  "a": 1,\n  b\n}');
  assertRefused(
    await run(`${start} @${join(folder, "x.json")}`),
    2,
    "line 3, column 3",
    "x.json",
  );
  await rm(folder, { recursive: true });
});

command("the official names work", async (run, { emulator, client }) => {
  const [project] = (await client.projects.list()).items;
  const uid = project!.uid;
  const paths = async (args: string) => {
    const { code, stderr } = await run(args);
    assertEquals(code, 0, stderr);
    return emulator.requests.at(-1)?.path;
  };
  assertStringIncludes(
    `${await paths("auto-label list")}`,
    "/auto-label-jobs/",
  );
  assertStringIncludes(
    `${await paths(`consensus summary --project ${uid}`)}`,
    `/projects/${uid}/consensus/`,
  );
  await paths(`consensus config --project ${uid} --iou-threshold 0.7`);
  assertEquals(emulator.requests.at(-1)?.method, "PUT");
  await paths(`consensus config --project=${uid}`);
  assertEquals(emulator.requests.at(-1)?.method, "GET");
  assertStringIncludes(
    `${await paths("webhooks deliveries --limit 1")}`,
    "/webhook-deliveries/",
  );
  const upload = "datasets upload --source . --name n --slug s";
  for (
    const option of ["--dataset d", "--storage-config u", "--aws-profile=p"]
  ) {
    assertRefused(await run(`${upload} ${option}`), 2, "is not available: ");
  }
  const create =
    "datasets create --name n --slug s --data-type image --owner me";
  const { stdout } = await run(`${create} --dry-run -o json`);
  assertEquals(JSON.parse(stdout).body.owner_name, "me");
});

command("debug tells of requests, and of no secret", async (run) => {
  const { stderr } = await run("tasks list --debug --limit 1");
  assert(
    /^debug: GET http:\S+\/tasks\/\?limit=1 200 \d+ ms/.test(stderr),
    stderr,
  );
  assert(!stderr.includes("avk_test_key_1"), stderr);
});

command(
  "text of others can't move the cursor of a terminal",
  async (run, { client }) => {
    const name = "a\u001b[2Jb\u009bc\u202e";
    const { uid } = await client.fleet.devices.register({ name, type: "t" });
    for (const output of ["table", "json", "jsonl"]) {
      const { stdout } = await run(`fleet devices get ${uid} -o ${output}`);
      // deno-lint-ignore no-control-regex
      assert(!/[\u001b\u009b\u202e]/.test(stdout), JSON.stringify(stdout));
      if (output !== "table") assertEquals(JSON.parse(stdout).name, name);
    }
  },
);

command(
  "waiting speaks in seconds, and a failure is one",
  async (run, { client }) => {
    const [dataset] = (await client.datasets.list()).items;
    const good = await client.exports.create({ dataset: dataset!.uid });
    const done = await run(
      `exports wait ${good.uid} --interval 0.5 --timeout 1m`,
    );
    assertEquals([done.code, JSON.parse(done.stdout).status], [0, "exported"]);
    const bad = await client.exports.create({
      dataset: dataset!.uid,
      name: "will fail",
    });
    const failed = await run(
      `exports wait ${bad.uid} --interval 500ms --quiet`,
    );
    assertRefused(failed, 1, "failed");
  },
);

test("cli: signing up needs no key", async () => {
  const { AvalaEmulator } = await import("@avala/client/testing");
  await using server = await new AvalaEmulator().serve();
  const { code, stdout } = await avala(
    ["signup", "--email", "ada@example.com", "--password", "a long enough one"],
    { env: { ...environmentOf(server.baseUrl), AVALA_API_KEY: "" } },
  );
  assertEquals(code, 0);
  assertEquals(typeof JSON.parse(stdout).apiKey, "string");
});

test("cli: help on every level, a version, and nothing", async () => {
  const { code, stdout, stderr } = await avala(["--version"]);
  assertEquals([code, stderr], [0, ""]);
  assert(/^avala \d+\.\d+\.\d+\n$/.test(stdout), stdout);
  const all = await avala(["--help"]);
  assertStringIncludes(all.stdout, "storage-configs");
  const group = await avala(["fleet", "-h"]);
  assertStringIncludes(group.stdout, "alert-channels");
  const one = await avala(["datasets", "create", "--help"]);
  assertStringIncludes(one.stdout, "--data-type TEXT");
  assertStringIncludes(one.stdout, "Known: image, video");
  const nothing = await avala([]);
  assertEquals([nothing.code, nothing.stdout], [2, ""]);
  assertStringIncludes(nothing.stderr, "Usage: avala COMMAND");
});
