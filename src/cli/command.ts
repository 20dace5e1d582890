/**
 * What a command is.
 *
 * @module
 */

import type { Parameter } from "../catalog/types.ts";
import type { AsyncClient } from "../client.ts";
import type { Fetch } from "../http/config.ts";
import type { Terminal } from "./terminal.ts";

/** A positional argument, or the value of an option. */
export interface Input extends Parameter {
  /** How its text is read, where its type does not say it. */
  readonly kind?: "duration" | "path";
  /** Whether it takes all arguments that are left. */
  readonly rest?: boolean;
}

/** The options of every command. */
export interface Settings {
  /** How to print. */
  readonly output: "table" | "json" | "jsonl" | "csv" | undefined;
  /** The fields to print, in this order. */
  readonly fields: readonly string[] | undefined;
  /** The most entries to print, over all pages. */
  readonly limit: number | undefined;
  /** Whether to walk all pages. */
  readonly all: boolean;
  /** Entries of one page. */
  readonly pageSize: number | undefined;
  /** Whether to show the request instead of sending it. */
  readonly dryRun: boolean;
  /** Whether a deletion needs no question. */
  readonly yes: boolean;
  /** Whether to tell of every request. */
  readonly debug: boolean;
  /** Whether to leave out how far long work has come. */
  readonly quiet: boolean;
  /** The key given. */
  readonly apiKey: string | undefined;
  /** The base URL given. */
  readonly baseUrl: string | undefined;
  /** The profile given. */
  readonly profile: string | undefined;
}

/** What a command works with. */
export interface Context {
  /** Where it reads and writes. */
  readonly terminal: Terminal;
  /** The options of every command. */
  readonly settings: Settings;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Sends the requests, where it is not the runtime's. */
  readonly fetch: Fetch | undefined;
  /** Gives the client, made at first use. */
  client(): Promise<AsyncClient>;
}

/** What was typed, checked and converted. */
export interface Given {
  /** The arguments, in the order of the command. */
  readonly args: readonly unknown[];
  /** The options by name. */
  readonly options: { readonly [name: string]: unknown };
}

/** A command. */
export interface Command {
  /** Its words: `fleet devices register`. */
  readonly name: string;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** What else there is to know. */
  readonly details?: string;
  /** The arguments. */
  readonly args: readonly Input[];
  /** The options. */
  readonly options: readonly Input[];
  /** What it does to the service; `local` does not reach it. */
  readonly effect: "read" | "write" | "delete" | "local";
  /** Whether it prints pages, and `--all` and `--limit` make sense. */
  readonly isPaged?: boolean;
  /** The fields that `--fields` knows, where they are known. */
  readonly fields?: readonly string[];
  /**
   * Does the work.
   *
   * @param context What the command works with.
   * @param given What was typed.
   */
  run(context: Context, given: Given): Promise<void>;
}
