import { assert, assertEquals } from "@std/assert";
import { MODELS } from "../../../src/catalog/models.ts";
import { OPERATIONS } from "../../../src/catalog/operations.ts";
import { RESOURCES } from "../../../src/catalog/resources.ts";
import type { Operation } from "../../../src/catalog/types.ts";
import contract from "../../contract/operations.json" with { type: "json" };

interface Row {
  id: string;
  http: string | null;
  path: string | null;
  pathParams: string[];
  query: { name: string; required: boolean }[];
  body: { name: string; required: boolean }[];
  response: { kind: string };
}

const CONTRACT = contract as unknown as Row[];
const KINDS: { [kind: string]: string } = { raw: "json", none: "nothing" };
/** Names that the client fills from an argument, or that are one. */
const POSITIONAL = ["annotationIssues.create", "annotations.bulkEditBatch"];

const byId = new Map(OPERATIONS.map((operation) => [operation.id, operation]));

function expected(row: Row): unknown {
  return {
    id: row.id,
    http: row.http,
    path: row.path,
    args: row.pathParams,
    ...(POSITIONAL.includes(row.id) ? {} : {
      options: [...row.query, ...row.body].map(({ name }) => name).sort(),
    }),
    required: [...row.query, ...row.body]
      .filter(({ name, required }) =>
        required && !row.pathParams.includes(name) && name !== "entries"
      )
      .map(({ name }) => name).sort(),
    returns: KINDS[row.response.kind] ?? row.response.kind,
  };
}

function found({ id, http, path, args, options, returns }: Operation): unknown {
  return {
    id,
    http,
    path,
    args: args.map(({ name }) => name).filter((name) => name !== "entries"),
    ...(POSITIONAL.includes(id) ? {} : {
      options: options.map(({ name }) => name).sort(),
    }),
    required: options.filter(({ required }) => required)
      .map(({ name }) => name).sort(),
    returns: returns.kind,
  };
}

Deno.test("the catalog says of every request what the contract says", () => {
  const rows = CONTRACT.filter(({ id, http }) => http && byId.has(id));
  assert(rows.length > 130);
  for (const row of rows) {
    const operation = byId.get(row.id);
    assert(operation);
    assertEquals(found(operation), expected(row));
  }
});

Deno.test("every operation, argument and option has words", () => {
  for (const { id, summary, args, options } of OPERATIONS) {
    assert(summary.length > 5, id);
    for (const { name, words } of [...args, ...options]) {
      assert(words.length > 3, `${id} ${name}`);
    }
  }
  for (const { name, words } of RESOURCES) assert(words.length > 3, name);
});

Deno.test("the catalog knows the fields of every model that it names", () => {
  const models = new Map(MODELS.map(({ name, fields }) => [name, fields]));
  for (const { id, returns: { model } } of OPERATIONS) {
    if (model === undefined) continue;
    assert(Object.keys(models.get(model) ?? {}).length > 0, `${id} ${model}`);
  }
});

Deno.test("what deletes, writes and reads is told apart", () => {
  const effects = (id: string) => byId.get(id)?.effect;
  assertEquals(effects("datasets.list"), "read");
  assertEquals(effects("exports.wait"), "read");
  assertEquals(effects("autoLabelJobs.cancel"), "delete");
  assertEquals(effects("webhooks.test"), "write");
  assertEquals(effects("datasets.uploadFiles"), "write");
});
