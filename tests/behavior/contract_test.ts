import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AsyncClient, InvalidArgumentError, signup } from "@avala/client";
import { AvalaEmulator } from "@avala/client/testing";
import { readFile } from "node:fs/promises";
import { test } from "../tools/harness.ts";

// Every operation of the contract, called with all options and with the required
// ones alone: the request on the wire and the decoded answer.

type Json = { [key: string]: unknown };

interface Parameter {
  name: string;
  wire: string;
  type: string;
  items?: string;
  enum?: string[];
  model?: string;
  required: boolean;
  freeForm: boolean;
  fromPath?: string;
  default?: unknown;
  defaultBy?: string;
  repeat?: boolean;
}

interface Operation {
  id: string;
  resource: string;
  method: string;
  http: string | null;
  path: string;
  pathParams: string[];
  query: Parameter[];
  body: Parameter[];
  bodyKind: string;
  auth?: string;
  response: { kind: string; model: string | null; status: number };
}

async function read(name: string) {
  const url = new URL("../contract/", import.meta.url);
  return JSON.parse(await readFile(new URL(name, url), "utf8"));
}
const operations: Operation[] = await read("operations.json");
const models: { [name: string]: { fields: Parameter[] } } = await read(
  "models.json",
);
const samples = await read("samples.json");

/** What customers can't call: the contract calls it staff only. */
const STAFF_ONLY = ["projects.listAll", "projects.getAny"];
/** What the client sends although the contract names no default by the client. */
const ALSO_SENT: { [id: string]: Json } = {
  // what a poll is for
  "agentExecutions.poll": { status: "pending" },
};
/** Required on the wire, but the client knows the value. */
const KNOWN_VALUES = ["fleet.uploads.managedStatus protocol"];
/** Options that can't all be given at once, and values that must be of a kind. */
const OPTIONS: { [id: string]: Json | Json[] } = {
  "datasets.transfer": { organizationUid: "o-1" },
  "annotations.bulkEditBatch": [{
    action: "upsert",
    objectUuid: "u-1",
    objectType: "cuboid 3d",
    sequenceUid: "q-1",
    objectData: { position_x: 1, headingYaw: { "a.b": null } },
    objectName: "crane",
    objectNamePlural: "cranes",
    duration: 2.5,
  }],
};
/** Options without which a call makes no sense, though none is required alone. */
const LEAST: { [id: string]: Json } = {
  "datasets.transfer": { organizationUid: "o-1" },
  "exports.create": { project: "p-1" },
};
const PATH: { [name: string]: string } = {
  organizationUid: "0b34f6d9-5d0c-4f3e-9a51-2f5a6c1f8e10",
  datasetUid: "1b34f6d9-5d0c-4f3e-9a51-2f5a6c1f8e10",
  deliverableId: "cuboids",
};
const UUID_SEQUENCE = "2b34f6d9-5d0c-4f3e-9a51-2f5a6c1f8e10";

function pathValue(operation: Operation, name: string): string {
  if (operation.resource === "customerQc" && name === "sequenceUid") {
    return UUID_SEQUENCE;
  }
  // a space and an umlaut show that values are encoded
  return PATH[name] ?? `${name} ü`;
}

function sampleOf(parameter: Parameter): unknown {
  const { name, type, items, model } = parameter;
  const one = () => {
    if (model) return objectOf(models[model]!.fields);
    if (parameter.enum) return parameter.enum[0];
    return { snake_key: 1, camelKey: { "dotted.key": [null] } };
  };
  if (type === "array") {
    if (!model && !parameter.enum && items === "string") return ["a", "b"];
    if (items === "integer") return [1, 2];
    return [one()];
  }
  if (type === "object" || type === "any") return one();
  if (type === "integer") return 3;
  if (type === "number") return 0.5;
  if (type === "boolean") return true;
  return parameter.enum?.[0] ?? `${name}-1`;
}

/** Names as users write them. */
function objectOf(parameters: Parameter[]): Json {
  return Object.fromEntries(parameters.map((p) => [p.name, sampleOf(p)]));
}

/** The same value as it must be on the wire. */
function wireOf(parameter: Parameter, value: unknown): unknown {
  if (!parameter.model || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((entry) => wireOf(parameter, entry));
  }
  return toWire(models[parameter.model]!.fields, value as Json);
}

function toWire(parameters: Parameter[], options: Json): Json {
  const wire: Json = {};
  for (const parameter of parameters) {
    const value = options[parameter.name];
    if (value !== undefined) wire[parameter.wire] = wireOf(parameter, value);
  }
  return wire;
}

interface Seen {
  method: string;
  url: URL;
  headers: Headers;
  body: unknown;
}

function answerOf({ response }: Operation, table: Json): Response {
  const { kind, model, status } = response;
  if (kind === "none") return new Response(null, { status: 204 });
  const sample = kind === "raw" ? { as_it: "is" } : table[String(model)];
  const json = kind === "page"
    ? { next: null, previous: null, results: [sample] }
    : kind === "list"
    ? [sample]
    : sample;
  return Response.json(json, { status });
}

/** Calls an operation against one answer, and tells what was sent. */
async function call(
  operation: Operation,
  options: Json | Json[] | undefined,
  table: Json,
): Promise<{ seen: Seen[]; result: unknown }> {
  const seen: Seen[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const { method, url, headers } = request;
    const text = await request.text();
    const body = text === "" ? undefined : JSON.parse(text);
    seen.push({ method, url: new URL(url), headers, body });
    return answerOf(operation, table);
  };
  if (operation.id === "signup.signup") {
    const given = options as unknown as Parameters<typeof signup>[0];
    return { seen, result: await signup(given, { fetch }) };
  }
  const client = new AsyncClient({ apiKey: "avk_test_key_1", fetch });
  const args: unknown[] = operation.pathParams.map((name) =>
    pathValue(operation, name)
  );
  if (options !== undefined) args.push(options);
  const result = await methodOf(client, operation)(...args);
  return { seen, result };
}

type Method = (...args: unknown[]) => Promise<unknown>;

function methodOf(client: AsyncClient, { id }: Operation): Method {
  const names = id.split(".");
  const method = names.pop()!;
  let resource = client as unknown as { [name: string]: unknown };
  for (const name of names) {
    resource = resource[name] as typeof resource;
    assert(resource, `the client has no ${id}`);
  }
  const found = resource[method];
  assert(typeof found === "function", `the client has no ${id}`);
  return found.bind(resource) as Method;
}

function checkRequest(
  operation: Operation,
  seen: Seen[],
  options: Json | Json[] | undefined,
): void {
  assertEquals(seen.length, 1);
  const { method, url, headers, body } = seen[0]!;
  assertEquals(method, operation.http);
  const path = operation.path.replace(
    /\{(\w+)\}/g,
    (_, name) => encodeURIComponent(pathValue(operation, name)),
  );
  assertEquals(url.href.split("?")[0], `https://api.avala.ai/api/v1${path}`);

  const isList = operation.bodyKind === "array";
  const given: Json = isList ? {} : options as Json ?? {};
  const sent = (parameters: Parameter[]) => {
    const defaults = Object.fromEntries(
      parameters.filter(({ defaultBy }) => defaultBy === "client")
        .map((parameter) => [parameter.name, parameter.default]),
    );
    return toWire(parameters, { ...defaults, ...given });
  };
  const query = { ...ALSO_SENT[operation.id], ...sent(operation.query) };
  const repeated = operation.query.filter(({ repeat }) => repeat)
    .map(({ wire }) => wire);
  assertEquals(
    [...url.searchParams].sort(),
    Object.entries(query).flatMap(([name, value]) =>
      repeated.includes(name)
        ? (value as unknown[]).map((entry) => [name, String(entry)])
        : [[name, String(value)]]
    ).sort(),
  );

  const hasBody = operation.body.length > 0;
  const wireBody = isList
    ? (options as Json[]).map((entry) =>
      toWire(models[operation.body[0]!.model!]!.fields, entry)
    )
    : sent(operation.body);
  for (const { wire, fromPath } of operation.body) {
    if (fromPath) (wireBody as Json)[wire] = pathValue(operation, fromPath);
  }
  // without fields, no body and an empty object are the same to the server
  assertEquals(body ?? {}, hasBody ? wireBody : {});
  const type = body === undefined ? null : "application/json";
  assertEquals(headers.get("content-type"), type);
  assertEquals(headers.get("accept"), "application/json");
  const key = operation.auth === "none" ? null : "avk_test_key_1";
  assertEquals(headers.get("x-avala-api-key"), key);
}

function checkResult(
  { response }: Operation,
  result: unknown,
  decoded: Json,
): void {
  const { kind, model } = response;
  if (kind === "none") assertEquals(result, undefined);
  else if (kind === "raw") assertEquals(result, { as_it: "is" });
  else {
    const expected = decoded[String(model)];
    assert(expected !== undefined, `there is no sample of ${model}`);
    const rows = kind === "page"
      ? (result as { items: unknown[] }).items
      : kind === "list"
      ? result
      : [result];
    assertEquals(rows, [expected]);
  }
}

for (const operation of operations) {
  if (STAFF_ONLY.includes(operation.id)) continue;
  if (operation.http === null) {
    test(`${operation.id}: is there`, () => {
      const client = new AsyncClient({ apiKey: "avk_test_key_1" });
      methodOf(client, operation);
    });
    continue;
  }
  const parameters = [...operation.query, ...operation.body]
    .filter(({ fromPath }) => !fromPath);
  const hasOptions = parameters.length > 0;

  test(`${operation.id}: all options`, async () => {
    const options = hasOptions
      ? OPTIONS[operation.id] ?? objectOf(parameters)
      : undefined;
    const { seen, result } = await call(operation, options, samples);
    checkRequest(operation, seen, options);
    checkResult(operation, result, samples.$decoded);
  });

  test(`${operation.id}: required options alone`, async () => {
    const required = parameters.filter(({ required }) => required);
    const options = operation.bodyKind === "array"
      ? OPTIONS[operation.id]
      : required.length > 0 || LEAST[operation.id]
      ? { ...objectOf(required), ...LEAST[operation.id] }
      : hasOptions && operation.method.startsWith("update")
      ? {}
      : undefined;
    const table = samples.$minimal;
    const { seen, result } = await call(operation, options, table);
    checkRequest(operation, seen, options);
    checkResult(operation, result, samples.$decodedMinimal);
  });

  for (const { name, required } of parameters) {
    if (!required || operation.bodyKind === "array") continue;
    if (KNOWN_VALUES.includes(`${operation.id} ${name}`)) continue;
    test(`${operation.id}: refused without ${name}`, async () => {
      const { [name]: _, ...rest } = objectOf(parameters);
      let sent = 0;
      const error = await assertRejects(
        async () => {
          const { seen } = await call(operation, rest, samples);
          sent = seen.length;
        },
        InvalidArgumentError,
      );
      assertStringIncludes(error.message, `'${name}'`);
      assertEquals(sent, 0);
    });
  }

  test(`${operation.id}: known to the emulator`, async () => {
    const emulator = new AvalaEmulator();
    const path = operation.path.replace(/\{(\w+)\}/g, "nothing");
    const response = await emulator.fetch(
      `https://api.avala.ai/api/v1${path}`,
      {
        method: operation.http!,
        headers: { "x-avala-api-key": "avk_test_key_1" },
      },
    );
    const text = await response.text();
    assert(response.status !== 405, text);
    // a route that is not there answers with a page, not with JSON
    assert(!text.startsWith("<"), `the emulator has no ${operation.id}`);
  });
}
