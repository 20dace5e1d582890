/**
 * What an assistant gets to see of a result or an error: no secrets, a bounded size,
 * and the way out.
 *
 * @module
 */

import {
  AuthenticationError,
  AvalaError,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  ForbiddenError,
  InvalidArgumentError,
  NotFoundError,
  QuotaExceededError,
  RateLimitError,
  ServerError,
  ValidationError,
} from "../errors.ts";
import { redactJson, redactText } from "../redact.ts";
import { isJsonObject, type JsonObject } from "../wire/codec.ts";
import { MAX_CHARACTERS } from "./call_operation.ts";

/**
 * Makes the result of a tool.
 *
 * @param value What came out.
 * @param showSecrets Whether secrets are shown.
 * @returns The result: structured, and the same as text.
 */
export function toResult(value: unknown, showSecrets: boolean): JsonObject {
  const shown = showSecrets ? value : redactJson(value);
  const structuredContent = isJsonObject(shown) ? shown : { result: shown };
  const text = JSON.stringify(structuredContent);
  if (text.length > MAX_CHARACTERS) {
    return toErrorResult(
      `The result has ${text.length} characters, and at most ${MAX_CHARACTERS} can be given. Ask for less: a smaller 'limit', a filter, or one record instead of a list.`,
    );
  }
  return { content: [{ type: "text", text }], structuredContent };
}

/**
 * Makes the result of a tool that has failed.
 *
 * @param message What went wrong, and the way out.
 * @returns The result.
 */
export function toErrorResult(message: string): JsonObject {
  return { content: [{ type: "text", text: message }], isError: true };
}

/** What an assistant can do about an error, by class. */
const WAYS_OUT: readonly [new (...args: never[]) => AvalaError, string][] = [
  [
    ConfigurationError,
    "Ask the user to set AVALA_API_KEY in the environment of this server.",
  ],
  [AuthenticationError, "Ask the user for a valid API key."],
  [
    ForbiddenError,
    "The key may not do this: ask the user for a key with the scope that is missing.",
  ],
  [
    NotFoundError,
    "Check the id: a tool that lists such records gives the right ones.",
  ],
  [ConflictError, "Read the record again, and decide anew."],
  [QuotaExceededError, "Ask the user to free storage, or for a larger quota."],
  [
    RateLimitError,
    "Wait for the time that the service asks for, then try again.",
  ],
  [ValidationError, "Change the arguments as the message says."],
  [InvalidArgumentError, "Change the arguments as the message says."],
  [ServerError, "The service has failed: try again later."],
  [ConnectionError, "The service was not reached: try again later."],
];

/**
 * Makes the result of a tool from what it threw.
 *
 * @param error What was thrown.
 * @returns The result; no stack, and no secret.
 */
export function fromError(error: unknown): JsonObject {
  const message = redactText(
    error instanceof Error ? error.message : String(error),
  );
  const way = WAYS_OUT.find(([Class]) => error instanceof Class)?.[1];
  const id = error instanceof AvalaError && error.requestId
    ? ` (request ${error.requestId})`
    : "";
  return toErrorResult(`${sentence(message + id)}${way ? ` ${way}` : ""}`);
}

/**
 * Ends a text with one full stop, whether it had one or not.
 *
 * @param text The text.
 * @returns The sentence.
 */
export function sentence(text: string): string {
  return `${text.replace(/\.+$/, "")}.`;
}
