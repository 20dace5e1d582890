/**
 * Calls every operation with secrets wherever there is a place for one, against
 * servers that repeat them in every spelling, and looks for them in what comes out.
 *
 * @module
 */

import { AsyncClient, type ClientOptions, signup } from "@avala/client";
import { AvalaError } from "@avala/client/errors";
import models from "../contract/models.json" with { type: "json" };
import operations from "../contract/operations.json" with { type: "json" };
import { printsOf } from "./printing.ts";
import { pick, seeded } from "./random.ts";
import { SPELLINGS } from "./spellings.ts";

/** What came out of a run. */
export interface LeakResult {
  /** Calls that were made. */
  calls: number;
  /** Calls that ended in an error; what promises nothing can succeed. */
  errors: number;
  /** Operations that were called. */
  operations: number;
  /** Secrets that were carried by some call. */
  secrets: number;
  /** Spellings in which they were repeated. */
  spellings: number;
  /** Texts that were searched. */
  texts: number;
}

type Json = { [key: string]: unknown };
type Random = () => number;
type Responder = () => Promise<Response>;
type Call = (request: Json) => Promise<unknown>;

interface Parameter {
  name: string;
  wire: string;
  type: string;
  items?: string;
  enum?: string[];
  model?: string | null;
  freeForm: boolean;
  fromPath?: string;
}

interface Operation {
  id: string;
  http: string | null;
  pathParams: string[];
  query: Parameter[];
  body: Parameter[];
  bodyKind: string;
}

/** What customers can't call. */
const STAFF_ONLY = ["projects.listAll", "projects.getAny"];
const MODELS = models as unknown as { [name: string]: { fields: Parameter[] } };
const OPERATIONS = (operations as unknown as Operation[]).filter(
  ({ id, http }) => http !== null && !STAFF_ONLY.includes(id),
);
const UUID = "0b34f6d9-5d0c-4f3e-9a51-2f5a6c1f8e10";
/** Options that can't all be given at once, or that must be of a kind. */
const OPTIONS: { [id: string]: Json } = {
  "datasets.transfer": { organizationUid: UUID },
};

/** The secrets of a run. */
function plant(random: Random) {
  const letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  const word = (length: number, more = "") =>
    Array.from({ length }, () => pick(random, [...letters + more])).join("");
  /** With everything in it that some encoding changes. */
  const strange = (more: string) =>
    [...more].map((char) => word(3) + char).join("") + word(3);
  const pem = Array.from({ length: 3 }, () => word(64, "+/"));
  return {
    apiKey: strange("+/=& %"),
    accessToken: strange("-._~+/"),
    cookie: strange("=/+%"),
    header: strange(`"'<>&é`),
    password: strange(`"'<>&+/ %\\é€`),
    token: strange("/+=&"),
    secret: strange("\\\"' "),
    connection: strange("=/+"),
    field: strange("&=+/ €\u{1f511}"),
    signature: word(64),
    keyId: word(40),
    email: `${word(8)}@${word(6)}.iam.gserviceaccount.com`,
    line0: pem[0]!,
    line1: pem[1]!,
    line2: pem[2]!,
    pin: `${100_000 + Math.floor(random() * 900_000)}`,
  };
}

type Secrets = ReturnType<typeof plant>;

/** What a caller puts into an object of his own. */
function freeForm(secrets: Secrets): Json {
  return {
    auth_token: secrets.token,
    nested: [{ secretKey: secrets.secret, pin: Number(secrets.pin) }],
    sas_token: { any: { name: secrets.field } },
    connectionString:
      `Endpoint=https://a.b/;AccountKey=${secrets.connection};Database=c`,
    api_password: secrets.password,
    url: presigned(secrets),
  };
}

function presigned({ signature }: Secrets): string {
  return `https://b.s3.amazonaws.com/f?X-Amz-Date=1&X-Amz-Signature=${signature}`;
}

function serviceAccount(secrets: Secrets): string {
  const { line0, line1, line2 } = secrets;
  return JSON.stringify({
    type: "service_account",
    private_key_id: secrets.keyId,
    private_key:
      `-----BEGIN PRIVATE KEY-----\n${line0}\n${line1}\n${line2}\n-----END PRIVATE KEY-----\n`,
    client_email: secrets.email,
  });
}

function valueOf(parameter: Parameter, secrets: Secrets): unknown {
  const { wire, type, items, model } = parameter;
  const one = (kind: string | undefined): unknown => {
    if (model) return optionsOf(MODELS[model]!.fields, secrets);
    if (parameter.enum) return parameter.enum[0];
    if (kind === "integer") return 3;
    if (kind === "number") return 0.5;
    if (kind === "boolean") return true;
    if (kind !== "string") return freeForm(secrets);
    if (/json_content/.test(wire)) return serviceAccount(secrets);
    if (/url$/.test(wire)) return presigned(secrets);
    if (/secret|password|key/.test(wire)) return secrets.password;
    return `${wire}-1`;
  };
  return type === "array" ? [one(items)] : one(type);
}

function optionsOf(parameters: Parameter[], secrets: Secrets): Json {
  return Object.fromEntries(
    parameters.filter(({ fromPath }) => !fromPath)
      .map((parameter) => [parameter.name, valueOf(parameter, secrets)]),
  );
}

/** The method of an operation, ready to be called. */
function callOf(
  operation: Operation,
  client: AsyncClient,
  settings: ClientOptions,
  secrets: Secrets,
): Call {
  const { id, pathParams, query, body, bodyKind } = operation;
  const parameters = [...query, ...body].filter(({ fromPath }) => !fromPath);
  const options = OPTIONS[id] ?? optionsOf(parameters, secrets);
  if (id === "signup.signup") {
    const { fetch, hooks } = settings;
    return () => signup(options as never, { fetch, hooks, maxRetries: 0 });
  }
  const args: unknown[] = pathParams.map((name) =>
    /^(?:sequence|organization|dataset)Uid$/.test(name) ? UUID : "cuboids"
  );
  if (bodyKind === "array") {
    args.push([{
      action: "upsert",
      objectUuid: UUID,
      objectType: "cuboid 3d",
      sequenceUid: UUID,
      objectData: freeForm(secrets),
    }]);
  } else if (parameters.length > 0) args.push(options);
  const names = id.split(".");
  const method = names.pop()!;
  let resource = client as unknown as { [name: string]: unknown };
  for (const name of names) resource = resource[name] as typeof resource;
  const found = resource[method] as (...args: unknown[]) => Promise<unknown>;
  return (request) => found.call(resource, ...args, request);
}

/** Calls that are no operation of the contract. */
function rawCalls(client: AsyncClient, secrets: Secrets): Call[] {
  const { token, signature, password, field } = secrets;
  return [
    (request) =>
      client.request("POST", "/x/", {
        ...request,
        query: { auth_token: token, "X-Amz-Signature": signature },
        body: { given: freeForm(secrets), client_secret: field, password },
      }),
    (request) => client.download(presigned(secrets), {}, request),
  ];
}

/** The secrets that a request carries: what a server can know. */
function carriedBy(sent: string, secrets: Secrets): string[] {
  const ways = ["as it is", "percent", "a form", "JSON", "JSON in JSON"];
  return Object.values(secrets).filter((secret) =>
    ways.some((way) => sent.includes(SPELLINGS[way]!(secret)))
  );
}

/** What must not be seen; the half in the middle is too much as well. */
function needleOf(text: string): string {
  return text.length < 12
    ? text
    : text.slice(text.length * 0.25, text.length * 0.75);
}

/** Servers that say a text everywhere. */
function responders(text: string, { pin }: Secrets): Responder[] {
  // as a server writes UTF-8 into a header
  const header = String.fromCharCode(
    ...new TextEncoder().encode(text.replace(/[\r\n\0]/g, " ")),
  );
  const names = ["x-request-id", "x-debug", "set-cookie", "www-authenticate"];
  const headers = [...names, "location", "retry-after", "link"].map(
    (name): [string, string] => [name, header],
  );
  const json = (status: number, body: unknown): Responder => () =>
    Promise.resolve(
      new Response(JSON.stringify(body), { status, headers }),
    );
  const raw = (status: number, body: string): Responder => () =>
    Promise.resolve(new Response(body, { status, headers }));
  const cause = Object.assign(new TypeError(text), { code: text });
  return [
    json(400, { detail: text }),
    json(400, { [text]: [text], other: [[{ a: text, n: Number(pin) }]] }),
    json(422, [{ loc: ["body", text], msg: text, input: { a: text } }]),
    json(409, { error: { message: text, details: text } }),
    json(404, text),
    json(413, { limit: 1, used: 2, detail: text }),
    json(429, { detail: `{"auth": "${text}"}` }),
    json(401, { detail: `Bearer ${text}` }),
    raw(500, `<html><p>${text}</p></html>`),
    raw(403, `<Error><StringToSign>${text}</StringToSign></Error>`),
    raw(200, `[${text}`),
    raw(302, text),
    () => Promise.reject(new Error(text, { cause })),
    () => Promise.reject({ [text]: text, inner: [text], pin: Number(pin) }),
    () => Promise.reject(text),
  ];
}

/**
 * Looks for leaks.
 *
 * @param seed What the secrets and the choices come from.
 * @param share Which part of the spellings each operation meets, above 0, at most 1.
 * @returns What was done.
 * @throws {Error} If a secret can be seen.
 */
export async function findLeaks(
  seed: number,
  share: number,
): Promise<LeakResult> {
  const random = seeded(seed);
  const secrets = plant(random);
  const prints: string[] = [];
  const print = (value: unknown) => {
    prints.push(...printsOf(value));
  };
  let spell = SPELLINGS["as it is"]!;
  let needles: string[] = [];
  const carried = new Set<string>();
  const settings: ClientOptions = {
    fetch: async (input, init) => {
      const sent = new Request(input, init);
      const { url, headers } = sent;
      const texts = [url, ...headers.values(), await sent.text()];
      const known = carriedBy(texts.join("\n"), secrets);
      for (const secret of known) carried.add(secret);
      const said = known.map(spell);
      needles = [...known, ...said].map(needleOf);
      return await pick(random, responders(said.join(" , "), secrets))();
    },
    maxRetries: 0,
    headers: { cookie: `id=${secrets.cookie}` },
    hooks: { onRequest: print, onResponse: print, onError: print },
  };
  const clients = [
    new AsyncClient({ ...settings, apiKey: secrets.apiKey }),
    new AsyncClient({
      ...settings,
      accessToken: () => Promise.resolve(secrets.accessToken),
    }),
  ];
  const request = { headers: { "x-shared-secret": secrets.header } };
  const result: LeakResult = {
    calls: 0,
    errors: 0,
    operations: 0,
    secrets: 0,
    spellings: 0,
    texts: 0,
  };
  const calls = clients.map((client) => [
    ...OPERATIONS.map((operation) => ({
      title: operation.id,
      call: callOf(operation, client, settings, secrets),
    })),
    ...rawCalls(client, secrets).map((call) => ({ title: "request", call })),
  ]);
  result.operations = calls[0]!.length;
  const spellings = Object.keys(SPELLINGS);
  const met = new Set<string>();
  for (let index = 0; index < result.operations; index++) {
    for (const spelling of spellings) {
      if (random() >= share) continue;
      met.add(spelling);
      const { title, call } = pick(random, calls)[index]!;
      spell = SPELLINGS[spelling]!;
      const error = await call(request).then(
        () => undefined,
        (error: unknown) => error,
      );
      const where = `seed ${seed}: ${title}, ${spelling}`;
      if (error instanceof AvalaError && error.attempts === 1) result.errors++;
      else if (error !== undefined) {
        throw new Error(`${where}: ended in ${error}`);
      }
      print(error);
      const seen = prints.splice(0).join("\n");
      result.calls++;
      result.texts += seen.length;
      for (const needle of needles) {
        const at = seen.indexOf(needle);
        if (at < 0) continue;
        const place = seen.slice(Math.max(0, at - 200), at + 200);
        throw new Error(`${where}: "${needle}" in ${place}`);
      }
    }
  }
  for (const client of clients) client.close();
  result.secrets = carried.size;
  result.spellings = met.size;
  return result;
}
