import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "jsr:@std/yaml@^1.0.10";
import pinned from "../../tools/npm/package.json" with { type: "json" };

const FOLDER = new URL("../../../.github/workflows/", import.meta.url);

interface Step {
  uses?: string;
  run?: string;
  with?: { [name: string]: unknown };
}

interface Job {
  needs?: string;
  environment?: string;
  permissions?: { [scope: string]: string };
  steps: Step[];
}

interface Workflow {
  permissions: { [scope: string]: string };
  jobs: { [name: string]: Job };
}

const texts = new Map<string, string>();
for await (const { name } of Deno.readDir(FOLDER)) {
  texts.set(name, await Deno.readTextFile(new URL(name, FOLDER)));
}

const workflows = [...texts].map(([name, text]) => ({
  name,
  text,
  workflow: parse(text) as Workflow,
}));
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([job, definition]) => ({
    title: `${name}: ${job}`,
    job: definition,
    permissions: definition.permissions ?? workflow.permissions,
  }))
);
const steps = jobs.flatMap(({ title, job }) =>
  job.steps.map((step) => ({ title, step }))
);

Deno.test("workflows: there are those that this test is about", () => {
  assertEquals([...texts.keys()].sort(), ["publish.yml", "test.yml"]);
  assert(steps.length > 10);
});

Deno.test("workflows: only the job that publishes can prove who it is", () => {
  for (const { workflow } of workflows) {
    assertEquals(workflow.permissions["id-token"], undefined);
  }
  const able = jobs.filter(({ permissions }) => "id-token" in permissions);
  assertEquals(able.map(({ title }) => title), ["publish.yml: publish"]);
  for (const { title, permissions } of jobs) {
    const { contents, "id-token": _, ...others } = permissions;
    assertEquals([contents, others], ["read", {}], title);
  }
});

Deno.test("workflows: publishing runs checkout, setup and `deno publish`", () => {
  const job = jobs.find(({ title }) => title === "publish.yml: publish")?.job;
  assert(job);
  assertEquals(job.needs, "test");
  assertEquals(job.environment, "registry");
  assertEquals(
    job.steps.map(({ uses, run }) => uses?.split("@")[0] ?? run),
    ["actions/checkout", "denoland/setup-deno", "deno publish"],
  );
});

Deno.test("workflows: each action is pinned, with its version beside it", () => {
  for (const { title, step: { uses } } of steps) {
    if (uses) assertMatch(uses, /^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/, title);
  }
  const pins = new Map<string, string>();
  for (const [name, text] of texts) {
    for (const [, pin, version] of text.matchAll(/uses: (\S+)(.*)/g)) {
      assertMatch(version!, /^ # v\d+\.\d+\.\d+$/, `${name}: ${pin}`);
      const [action, hash] = pin!.split("@");
      assertEquals(pins.get(action!) ?? hash, hash, `${action} has two pins`);
      pins.set(action!, hash!);
    }
  }
});

Deno.test("workflows: no checkout leaves its token behind", () => {
  const checkouts = steps.filter(({ step }) =>
    step.uses?.startsWith("actions/checkout@")
  );
  assertEquals(checkouts.length, jobs.length);
  for (const { title, step } of checkouts) {
    assertEquals(step.with, { "persist-credentials": false }, title);
  }
});

Deno.test("workflows: Deno has the version of the tests everywhere", async () => {
  const { deno } = pinned.dependencies;
  for (const { title, step } of steps) {
    if (!step.uses?.startsWith("denoland/setup-deno@")) continue;
    assertEquals(step.with?.["deno-version"], `v${deno}`, title);
  }
  const script = await Deno.readTextFile(
    new URL("../../../.ci/run", import.meta.url),
  );
  assertMatch(script, new RegExp(`deno@${deno.replaceAll(".", "\\.")} `));
});

Deno.test("workflows: what users write reaches no shell", () => {
  for (const { title, step } of steps) {
    assert(!/\$\{\{\s*github\.event/.test(step.run ?? ""), title);
  }
});

Deno.test("tools of the tests have exact versions", () => {
  for (const [name, version] of Object.entries(pinned.dependencies)) {
    assertMatch(version, /^(?:npm:[\w-]+@)?\d+\.\d+\.\d+$/, name);
  }
});

Deno.test("forms: each field has an id, a label, and is the only one of it", async () => {
  const folder = new URL("../ISSUE_TEMPLATE/", FOLDER);
  let forms = 0;
  for await (const { name } of Deno.readDir(folder)) {
    if (name === "config.yml") continue;
    const text = await Deno.readTextFile(new URL(name, folder));
    const form = parse(text) as {
      name?: string;
      description?: string;
      body: { type: string; id?: string; attributes: { label?: string } }[];
    };
    assert(form.name && form.description, name);
    const fields = form.body.filter(({ type }) => type !== "markdown");
    assert(fields.every(({ id, attributes }) => id && attributes.label), name);
    assertEquals(new Set(fields.map(({ id }) => id)).size, fields.length);
    forms++;
  }
  assertEquals(forms, 2);
});
