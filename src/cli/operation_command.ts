/**
 * The command of an operation: parse, check, call, print.
 *
 * @module
 */

import { MODELS } from "../catalog/models.ts";
import type { Operation, Parameter } from "../catalog/types.ts";
import type { Command, Context, Given, Input } from "./command.ts";
import { kebab } from "./names.ts";
import { callOperation, pagesOf } from "./call.ts";

/** Options that are lengths of time. */
const DURATIONS = ["interval", "timeout"];

/**
 * Gives the words of an operation's command: `fleet devices register`.
 *
 * @param id The operation.
 * @returns The words.
 */
export function commandName(id: string): string {
  // one word: it has no other method
  if (id === "signup.signup") return "signup";
  return id.split(".").map(kebab).join(" ");
}

/**
 * Makes the command of an operation.
 *
 * @param operation The operation.
 * @returns The command.
 */
export function commandOf(operation: Operation): Command {
  const { id, summary, details, effect, returns } = operation;
  const isPaged = returns.kind === "page";
  const fields = returns.model ? fieldsOf(returns.model) : undefined;
  return {
    name: commandName(id),
    summary,
    ...(details && { details }),
    args: operation.args.map(toInput),
    options: operation.options
      .filter(({ name }) => name !== "throwOnFailure")
      // `--limit` counts over all pages, `--page-size` is the service's
      .filter(({ name }) => !(isPaged && name === "limit"))
      .map(toInput),
    effect,
    isPaged,
    ...(fields && { fields }),
    run: (context, given) => run(operation, context, given),
  };
}

/**
 * Gives the fields of a model.
 *
 * @param model The name of the model.
 * @returns Type by field.
 */
export function modelOf(
  model: string,
): { readonly [name: string]: string } | undefined {
  return MODELS.find(({ name }) => name === model)?.fields;
}

function fieldsOf(model: string): string[] | undefined {
  const fields = modelOf(model);
  return fields && Object.keys(fields);
}

function toInput(parameter: Parameter): Input {
  return DURATIONS.includes(parameter.name) && parameter.type === "number"
    ? { ...parameter, kind: "duration", words: durationWords(parameter.words) }
    : parameter;
}

/** The methods speak in milliseconds, the command line in seconds. */
function durationWords(words: string): string {
  return words
    .replace(/^Milliseconds\b/, "Seconds, or a time such as 30s or 2m,")
    .replace(/\bmilliseconds\b/g, "seconds");
}

async function run(
  operation: Operation,
  context: Context,
  given: Given,
): Promise<void> {
  const { printEntries, printResult } = await import("./print.ts");
  const { kind, model } = operation.returns;
  const types = model ? modelOf(model) : undefined;
  if (kind === "page") {
    const pages = await pagesOf(operation, context, given);
    return await printEntries(context, pages, types);
  }
  const result = await callOperation(operation, context, given);
  if (kind === "nothing") {
    const { terminal } = context;
    if (terminal.errIsTerminal) terminal.err("Done.\n");
    return;
  }
  if (kind === "list") {
    const entries = result as Iterable<unknown> | AsyncIterable<unknown>;
    return await printEntries(context, { entries }, types);
  }
  await printResult(context, result, types);
}
