/**
 * Prompts: work that an assistant can be asked for by name.
 *
 * @module
 */

import { isJsonObject, type JsonObject } from "../wire/codec.ts";
import { CODES, ProtocolError } from "./protocol.ts";

interface Prompt {
  name: string;
  title: string;
  description: string;
  arguments: { name: string; description: string; required: boolean }[];
  text: (given: JsonObject) => string;
}

const PROMPTS: readonly Prompt[] = [
  {
    name: "review_project_quality",
    title: "Review the quality of a project",
    description:
      "Looks at agreement, quality targets and issues of a project, and says what to do next.",
    arguments: [{
      name: "projectUid",
      description: "Unique id of the project.",
      required: true,
    }],
    text: ({ projectUid }) =>
      `Review the quality of the annotation project ${projectUid}.
1. Call get_project_quality_summary for it. Say how well the annotators agree, where they agree least, and which quality targets are missed, each with its threshold and its value.
2. Call list_tasks for the project, and say which share of the work is done.
3. End with at most three things to do next, the most useful first, each with the numbers that speak for it. Change nothing yourself.`,
  },
  {
    name: "diagnose_fleet",
    title: "Find what is wrong with a fleet",
    description:
      "Looks at devices, open alerts, events and recordings, and says what is likely to be wrong.",
    arguments: [{
      name: "device",
      description: "Unique id of one device; all of them by default.",
      required: false,
    }],
    text: ({ device }) =>
      `Find out what is wrong with ${
        device ? `the device ${device}` : "the fleet"
      }.
1. Call get_fleet_health, then fleet_list_alerts with the status "open"${
        device ? ` and the device ${device}` : ""
      }.
2. For each device with open alerts, the worst first, call fleet_list_events and fleet_list_recordings, and look for what happened before the first alert.
3. Group what belongs together. For each group tell the likely cause, what speaks for it and against it, and the next step. Acknowledge nothing yourself.`,
  },
];

/**
 * Lists the prompts.
 *
 * @returns What the protocol tells of each.
 */
export function listPrompts(): JsonObject {
  return { prompts: PROMPTS.map(({ text: _, ...prompt }) => prompt) };
}

/**
 * Makes the messages of a prompt.
 *
 * @param params Name and arguments.
 * @returns The messages.
 * @throws {ProtocolError} If there is no such prompt, or an argument is missing.
 */
export function getPrompt(params: JsonObject): JsonObject {
  const prompt = PROMPTS.find(({ name }) => name === params.name);
  if (!prompt) {
    const names = PROMPTS.map(({ name }) => name).join(", ");
    throw new ProtocolError(
      CODES.invalidParams,
      `There is no prompt ${JSON.stringify(params.name)}: there are ${names}`,
    );
  }
  const given = isJsonObject(params.arguments) ? params.arguments : {};
  for (const { name, required } of prompt.arguments) {
    if (!required || typeof given[name] === "string") continue;
    throw new ProtocolError(
      CODES.invalidParams,
      `The prompt ${prompt.name} needs the argument '${name}'`,
    );
  }
  const content = { type: "text", text: prompt.text(given) };
  const { description } = prompt;
  return { description, messages: [{ role: "user", content }] };
}
