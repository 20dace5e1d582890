/**
 * The tools: one for each operation, drawn from the catalog, and those that are made
 * of several.
 *
 * @module
 */

import { OPERATIONS } from "../catalog/operations.ts";
import type { Operation } from "../catalog/types.ts";
import type { JsonObject } from "../wire/codec.ts";
import { callOperation } from "./call_operation.ts";
import { OFFICIAL, toolName } from "./names.ts";
import { COMPOSITES } from "./overviews.ts";
import { parametersOf, resultSchema, toSchema } from "./schema.ts";
import type { Tool } from "./tool.ts";

/** Operations whose arguments or results are no JSON: files, streams, loops. */
const NO_TOOLS = [
  "annotations.bulkEdit",
  "datasets.uploadFiles",
  "datasets.createFromLocal",
  "exports.download",
  "fleet.uploads.uploadRecording",
  "fleet.uploads.uploadManagedRecording",
  "publicDatasets.downloadObject",
  "publicDatasets.load",
  "signup.signup",
];

/**
 * Makes the tools of some sets.
 *
 * @param toolsets Names of resources, `default`, or `all`.
 * @param allowWrites Whether tools that change something are among them.
 * @returns The tools, by name.
 */
export function toolsOf(
  toolsets: readonly string[],
  allowWrites: boolean,
): Map<string, Tool> {
  const all = [...OPERATIONS.flatMap(toTool), ...COMPOSITES];
  const chosen = all.filter((tool) =>
    (allowWrites || tool.effect === "read") &&
    tool.toolsets.some((set) => toolsets.includes(set))
  );
  return new Map(chosen.map((tool) => [tool.name, tool]));
}

/**
 * Names the sets that there are.
 *
 * @returns The names.
 */
export function toolsetNames(): string[] {
  const resources = OPERATIONS.map(({ id }) => id.split(".")[0] ?? "");
  return ["default", "all", ...new Set(resources)];
}

function toTool(operation: Operation): Tool[] {
  const { id, summary, details } = operation;
  if (NO_TOOLS.includes(id)) return [];
  const name = toolName(id);
  const isOfficial = Object.hasOwn(OFFICIAL, name);
  const [resource = ""] = id.split(".");
  return [{
    name,
    description: [summary, details, resultWords(operation)]
      .filter(Boolean).join(" "),
    parameters: parametersOf(operation),
    gives: operation.returns.kind,
    // a test of a connection changes nothing
    effect: id.endsWith(".test") ? "read" : operation.effect,
    idempotent: operation.effect === "read" || operation.http !== "POST",
    toolsets: ["all", resource, ...(isOfficial ? ["default"] : [])],
    run: (client, given, context) =>
      callOperation(client, operation, given, context),
  }];
}

/** What comes out, in the words of an assistant, who gets one page at a time. */
function resultWords({ returns, returnsWords }: Operation): string {
  switch (returns.kind) {
    case "page":
      return "Gives one page: { items, nextCursor }.";
    case "list":
      return "Gives all of them: { items }.";
    case "nothing":
      return "Gives { done: true }.";
    default:
      return returnsWords ? `Gives: ${returnsWords}` : "";
  }
}

/**
 * Describes a tool to an assistant.
 *
 * @param tool The tool.
 * @returns What the protocol's list of tools tells of it.
 */
export function describeTool(tool: Tool): JsonObject {
  const { name, description, parameters, effect, idempotent } = tool;
  const outputSchema = resultSchema(tool.gives);
  return {
    name,
    description,
    inputSchema: toSchema(parameters),
    ...(outputSchema && { outputSchema }),
    annotations: {
      readOnlyHint: effect === "read",
      destructiveHint: effect === "delete",
      idempotentHint: idempotent,
      openWorldHint: true,
    },
  };
}
