/**
 * The catalog as an OpenAPI 3.1 document, for those who use another language.
 *
 * @module
 */

import type {
  Operation,
  Parameter,
  ValueType,
} from "../../../../src/catalog/types.ts";
import type { CatalogData } from "./operations.ts";

type Json = { [name: string]: unknown };

/** What goes into the query of a request that has a body; the contract says so. */
const QUERY_OF_WRITES: { readonly [id: string]: readonly string[] } = {
  "storageConfigs.create": ["organization"],
};
/** What needs no key. */
const OPEN = /^(?:signup|publicDatasets)\./;
const ERROR = {
  "default": { $ref: "#/components/responses/Error" },
};

/** Makes the document, as text. */
export function openApi(
  data: CatalogData,
  { version, license }: { version: string; license: string },
): string {
  const paths: { [path: string]: Json } = {};
  for (const operation of data.operations) {
    const { http, path } = operation;
    if (!http || !path) continue;
    (paths[path] ??= {})[http.toLowerCase()] = describe(operation);
  }
  const schemas = Object.fromEntries(
    data.schemas.map(({ name, fields }) => [name, {
      type: "object",
      properties: properties(fields),
    }]),
  );
  const document = {
    openapi: "3.1.1",
    info: {
      title: "Avala API",
      version,
      description:
        "What @avala/client knows of the Avala API. It is made from the client's code, and is no document of the service itself.",
      license: { name: license, identifier: license },
    },
    servers: [{ url: "https://api.avala.ai/api/v1" }],
    security: [{ apiKey: [] }, { accessToken: [] }],
    tags: data.resources
      .filter(({ name }) =>
        data.operations.some(({ id }) => tagOf(id) === name)
      )
      .map(({ name, words }) => ({ name, description: words })),
    paths: Object.fromEntries(
      Object.entries(paths).sort(([a], [b]) => a < b ? -1 : 1),
    ),
    components: {
      schemas,
      responses: {
        Error: {
          description: "The request was refused or has failed.",
          content: { "application/json": { schema: { type: "object" } } },
        },
      },
      securitySchemes: {
        apiKey: { type: "apiKey", in: "header", name: "X-Avala-Api-Key" },
        accessToken: { type: "http", scheme: "bearer" },
      },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function tagOf(id: string): string {
  return id.slice(0, id.lastIndexOf("."));
}

function describe(operation: Operation): Json {
  const { id, http, path, summary, details, args, options } = operation;
  const inPath = [...path!.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const isRead = http === "GET" || http === "HEAD";
  const inQuery = options.filter(({ name }) =>
    isRead || QUERY_OF_WRITES[id]?.includes(name)
  );
  const inBody = options.filter((option) => !inQuery.includes(option));
  const whole = args.find(({ name }) => !inPath.includes(name));
  const body = whole ? schemaOf(whole) : inBody.length > 0 && {
    type: "object",
    properties: properties(inBody),
    ...requiredOf(inBody),
  };
  return {
    operationId: id,
    tags: [tagOf(id)],
    summary,
    ...(details && { description: details }),
    ...(OPEN.test(id) && { security: [] }),
    parameters: [
      ...args.filter(({ name }) => inPath.includes(name)).map((parameter) =>
        parameterOf(parameter, "path")
      ),
      ...inQuery.map((parameter) => parameterOf(parameter, "query")),
    ],
    ...(body && {
      requestBody: {
        required: whole !== undefined ||
          inBody.some(({ required }) => required),
        content: { "application/json": { schema: body } },
      },
    }),
    responses: { ...responseOf(operation), ...ERROR },
  };
}

function parameterOf(parameter: Parameter, place: "path" | "query"): Json {
  const { name, words, required } = parameter;
  const { description: _, ...schema } = schemaOf(parameter);
  return {
    // the names in a path are the template's
    name: place === "path" ? name : wireName(name),
    in: place,
    description: words,
    ...(required && { required: true }),
    schema,
    ...(schema.type === "array" && { style: "form", explode: false }),
  };
}

function responseOf({ returns, returnsWords }: Operation): Json {
  const description = returnsWords ?? "It was done.";
  const { kind, model } = returns;
  if (kind === "nothing") return { "2XX": { description } };
  const entry = model ? { $ref: `#/components/schemas/${model}` } : {};
  const list = { type: "array", items: entry };
  const link = { type: ["string", "null"], format: "uri" };
  const schema = kind === "page"
    ? {
      type: "object",
      properties: { next: link, previous: link, results: list },
      required: ["results"],
    }
    : kind === "list"
    ? list
    : entry;
  return {
    "2XX": { description, content: { "application/json": { schema } } },
  };
}

function properties(fields: readonly Parameter[]): Json {
  return Object.fromEntries(
    fields.map((field) => [wireName(field.name), schemaOf(field)]),
  );
}

function requiredOf(fields: readonly Parameter[]): Json {
  const names = fields.filter(({ required }) => required)
    .map(({ name }) => wireName(name));
  return names.length > 0 ? { required: names } : {};
}

function schemaOf(value: ValueType & Partial<Parameter>): Json {
  const { type, items, fields, nullable, words } = value;
  return {
    ...(type !== "any" && { type: nullable ? [type, "null"] : type }),
    ...(words && { description: words }),
    ...(value.default !== undefined && { default: value.default }),
    // open: the service may know more values
    ...(value.enum && { examples: value.enum }),
    ...(items && { items: schemaOf(items) }),
    ...(fields && { properties: properties(fields), ...requiredOf(fields) }),
  };
}

function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
