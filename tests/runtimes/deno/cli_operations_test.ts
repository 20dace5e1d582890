import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { AvalaEmulator } from "@avala/client/testing";
import contract from "../../contract/operations.json" with { type: "json" };
import samples from "../../contract/samples.json" with { type: "json" };
import { OPERATIONS } from "../../../src/catalog/operations.ts";
import type { Parameter, ValueType } from "../../../src/catalog/types.ts";
import { kebab } from "../../../src/cli/names.ts";
import { commandName } from "../../../src/cli/operation_command.ts";
import { avala, environmentOf } from "../../tools/command_line.ts";

/** Values that must be of a kind. */
const VALUES: { [name: string]: unknown } = {
  datasetUid: "1b34f6d9-5d0c-4f3e-9a51-2f5a6c1f8e10",
  organizationUid: "0b34f6d9-5d0c-4f3e-9a51-2f5a6c1f8e10",
  sequenceUid: "2b34f6d9-5d0c-4f3e-9a51-2f5a6c1f8e10",
  deliverableId: "cuboids",
  objectType: "cuboid",
  entries: [{
    action: "delete",
    objectUuid: "u-1",
    objectType: "cuboid",
    sequenceUid: "q-1",
  }],
  timestamp: "2026-03-14T09:26:53Z",
};
/** Options without which a call makes no sense, though none is required alone. */
const LEAST: { [id: string]: string[] } = {
  "datasets.transfer": ["--organization-uid=o-1"],
  "exports.create": ["--project=p-1"],
};

/** Operations of one request each; those of several have tests of their own. */
const SINGLE = OPERATIONS.filter(({ http, id }) =>
  http !== null && id in responsesById()
);

Deno.test("cli: every operation has help", async () => {
  for (const { id } of OPERATIONS) {
    const words = commandName(id).split(" ");
    const { code, stdout, stderr } = await avala([...words, "--help"]);
    assertEquals([code, stderr], [0, ""], id);
    assertStringIncludes(stdout, `Usage: avala ${words.join(" ")}`);
    // a sentence, and the options of every command at least
    assert(/^[A-Z`].{10,}\n/.test(stdout), `${id}: ${stdout}`);
    assertStringIncludes(stdout, "--output");
  }
});

Deno.test("cli: every operation of one request can be called", async () => {
  const emulator = new AvalaEmulator();
  await using server = await emulator.serve();
  const env = environmentOf(server.baseUrl);
  const responses = responsesById();
  for (const operation of SINGLE) {
    const { id, http, path, effect } = operation;
    emulator.clearFaults();
    emulator.fault(responses[id]!);
    const args = operation.args.map((arg) => textOf(arg));
    const words = [
      ...commandName(id).split(" "),
      ...args,
      ...operation.options.filter(({ required }) => required)
        .map((option) => `--${kebab(option.name)}=${textOf(option)}`),
      ...LEAST[id] ?? [],
      ...(effect === "delete" ? ["--yes"] : []),
    ];
    const { code, stdout, stderr } = await avala(words, { env });
    assertEquals([code, stderr], [0, ""], words.join(" "));
    if (stdout !== "") JSON.parse(stdout);
    const request = emulator.requests.at(-1)!;
    const filled = operation.args.reduce(
      (path, { name }, i) => path.replace(`{${name}}`, args[i]!),
      path!,
    );
    assertEquals([request.method, request.path], [http, `/api/v1${filled}`]);
  }
  assert(SINGLE.length > 150, `${SINGLE.length}`);
});

/** What the service gives back: the sample of the contract. */
function responsesById() {
  const known = samples as { [model: string]: unknown };
  return Object.fromEntries(contract.map(({ id, response }) => {
    const { kind, status, model } = response as {
      kind: string;
      status: number;
      model: string | null;
    };
    const sample = model === null ? {} : known[model];
    const body = kind === "page"
      ? { next: null, previous: null, results: [sample] }
      : kind === "list"
      ? [sample]
      : sample ?? {};
    const none = kind === "none" || status === 204;
    return [id, { status, ...(!none && { body }) }];
  }));
}

function textOf(parameter: Parameter): string {
  const value = valueOf(parameter);
  return typeof value === "string" ? value : JSON.stringify(value);
}

function valueOf(type: ValueType & { readonly name?: string }): unknown {
  const { name = "entry", items, fields = [] } = type;
  if (name in VALUES) return VALUES[name];
  if (type.enum) return type.enum[0];
  switch (type.type) {
    case "string":
      return `${name}-1`;
    case "number":
      return 1;
    case "boolean":
      return true;
    case "array":
      return items && /^(?:string|number)$/.test(items.type)
        ? valueOf(items)
        : [valueOf(items ?? { type: "object" })];
    default:
      return Object.fromEntries(
        fields.filter(({ required }) => required)
          .map((field) => [field.name, valueOf(field)]),
      );
  }
}

Deno.test("cli: the operations of several requests can be called", async () => {
  const emulator = new AvalaEmulator();
  await using server = await emulator.serve();
  const folder = await Deno.makeTempDir();
  const env = environmentOf(server.baseUrl);
  const run = async (words: string, code = 0) => {
    const result = await avala(words.split(" "), { env });
    assertEquals(result.code, code, `${words}: ${result.stderr}`);
    return result.stdout.trimEnd().split("\n")[0]!;
  };
  const first = async (words: string, field = "uid") =>
    JSON.parse(await run(`${words} --limit 1 --fields ${field}`))[field];
  const dataset = await first("datasets list");
  const sequences = "datasets list-sequences northlight harbor-crane";
  const sequence = await first(sequences);
  const project = await first("projects list");
  await run(`auto-label-jobs create ${project}`);
  const job = await first("auto-label-jobs list");
  const revision = "5eed0000-0000-4000-8000-000000000006";
  const edits = JSON.stringify([{
    action: "upsert",
    objectUuid: crypto.randomUUID(),
    objectType: "cuboid 3d",
    objectName: "crane",
    objectData: {},
    sequenceUid: sequence,
  }]);

  await Deno.writeTextFile(`${folder}/edits`, edits);
  const calls: { [id: string]: string } = {
    "annotations.bulkEdit":
      `annotations bulk-edit northlight harbor-crane @${folder}/edits`,
    "autoLabelJobs.wait": `auto-label-jobs wait ${job} --interval 500ms`,
    "datasets.wait": `datasets wait ${dataset} --timeout 0`,
    "datasets.getFrame":
      `datasets get-frame northlight harbor-crane ${sequence} 0`,
    "datasets.getCalibration":
      `datasets get-calibration northlight harbor-crane ${sequence}`,
    "publicDatasets.load": "public-datasets load northlight/harbor-crane",
  };
  for (const words of Object.values(calls)) await run(words);

  const { stdout } = await avala(
    ["public-datasets", "resolve", "northlight", "harbor-crane", "main"],
    { env },
  );
  const digest = JSON.parse(stdout).revisionSha256;
  const listed = await avala(
    ["public-datasets", "list-objects", revision, digest],
    { env },
  );
  const [object] = JSON.parse(listed.stdout).results;
  const saved = await avala(
    [
      "public-datasets",
      "download-object",
      JSON.stringify(object),
      `${folder}/object`,
    ],
    { env },
  );
  assertEquals(saved.code, 0, saved.stderr);
  assertEquals((await Deno.stat(`${folder}/object`)).size, object.sizeBytes);
  await Deno.remove(folder, { recursive: true });

  // what is left is tested with files, in cli_files_test
  const tested = [...SINGLE.map(({ id }) => id), ...Object.keys(calls)];
  const left = OPERATIONS.map(({ id }) => id)
    .filter((id) => !tested.includes(id));
  assertEquals(left, [
    "datasets.uploadFiles",
    "datasets.createFromLocal",
    "exports.wait",
    "exports.download",
    "fleet.uploads.uploadRecording",
    "fleet.uploads.uploadManagedRecording",
    "publicDatasets.downloadObject",
  ]);
});
