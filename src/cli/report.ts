/**
 * Errors as one line with the way out, and an exit code.
 *
 * @module
 */

import {
  AuthenticationError,
  AvalaError,
  ConfigurationError,
  ConnectionError,
  ForbiddenError,
  InvalidArgumentError,
  NotFoundError,
  QuotaExceededError,
  RateLimitError,
} from "../errors.ts";
import { redactText } from "../redact.ts";
import { CommandError, EXIT, Interrupted } from "./exits.ts";
import { paletteOf } from "./palette.ts";
import { safeText } from "./safe_text.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Tells of an error on standard error.
 *
 * @param terminal Where to.
 * @param error The error.
 * @param debug Whether to show where it came from.
 * @returns The exit code.
 */
export function reportError(
  terminal: Terminal,
  error: unknown,
  debug: boolean,
): number {
  if (error instanceof Interrupted) {
    terminal.err("avala: interrupted\n");
    return EXIT.interrupted;
  }
  const message = error instanceof Error ? error.message : String(error);
  const out = wayOut(error);
  // what a caller typed may hold a secret, and an unexpected error too
  const text = safeText(redactText(`${message}${out ? ` ${out}` : ""}`)).trim();
  const { bad } = paletteOf(terminal.colors && terminal.errIsTerminal);
  terminal.err(`${bad("avala:")} ${text}\n`);
  if (debug && error instanceof Error && error.stack) {
    terminal.err(`${redactText(error.stack)}\n`);
  }
  return codeOf(error);
}

function codeOf(error: unknown): number {
  if (error instanceof CommandError) return error.code;
  if (
    error instanceof AuthenticationError || error instanceof ForbiddenError
  ) return EXIT.credentials;
  if (error instanceof NotFoundError) return EXIT.notFound;
  if (
    error instanceof InvalidArgumentError || error instanceof ConfigurationError
  ) return EXIT.usage;
  return EXIT.refused;
}

function wayOut(error: unknown): string {
  if (error instanceof AuthenticationError) {
    return "The key is not accepted: run 'avala configure', or set AVALA_API_KEY.";
  }
  if (error instanceof ForbiddenError) {
    return "The key may not do this: 'avala permissions get' shows what it may.";
  }
  if (error instanceof RateLimitError) {
    const { retryAfter } = error;
    return retryAfter === null ? "" : `Try again in ${retryAfter} s.`;
  }
  if (error instanceof QuotaExceededError) return "";
  if (error instanceof ConnectionError) {
    return "Check the network, and the base URL.";
  }
  if (error instanceof AvalaError && error.requestId !== null) {
    return `Request id: ${error.requestId}.`;
  }
  return "";
}
