/**
 * One run of the command line.
 *
 * @module
 */

import process from "node:process";
import type { AsyncClient } from "../client.ts";
import type { Command, Context, Settings } from "./command.ts";
import { BrokenPipe, EXIT, Interrupted, usage } from "./exits.ts";
import type { HelpStyle } from "./help.ts";
import { readLine, typedLine } from "./read_command.ts";
import { type CommandLineOptions, terminalOf } from "./streams.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { findCommand } from "./tree.ts";

/**
 * Runs a command line.
 *
 * @param words The words behind the program's name.
 * @param options Where it reads and writes, and what ends it.
 * @returns The exit code.
 */
export async function main(
  words: readonly string[],
  options: CommandLineOptions = {},
): Promise<number> {
  const { stdout, stderr, stdin, env, signal } = options;
  const own = openTerminal();
  const isOwn = !stdout && !stderr && stdin === undefined && !env;
  const terminal = isOwn ? own : terminalOf(options, own);
  const interrupt = signal ? follow(signal) : listenForInterrupt(terminal);
  try {
    await runWords(words, terminal, interrupt.signal);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof BrokenPipe) return EXIT.ok;
    const cause = interrupt.signal.aborted ? new Interrupted() : error;
    const { reportError } = await import("./report.ts");
    return reportError(terminal, cause, words.includes("--debug"));
  } finally {
    await terminal.close();
    interrupt.end();
  }
}

async function runWords(
  words: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (words[0] === "__complete") {
    const { printCandidates } = await import("./candidates.ts");
    return await printCandidates(terminal, words.slice(1));
  }
  const found = findCommand(words);
  if ("group" in found) {
    return await showGroup(found.group, found.words, terminal);
  }
  const { command } = found;
  const typed = typedLine(command, found.words);
  if (typed.help) {
    const { commandHelp } = await import("./help.ts");
    return await terminal.out(commandHelp(command, styleOfHelp(terminal)));
  }
  const { given, settings } = await readLine(command, typed, terminal);
  await runCommand(command, given, settings, { terminal, signal });
}

async function runCommand(
  command: Command,
  given: Parameters<Command["run"]>[1],
  settings: Settings,
  { terminal, signal }: Pick<Context, "terminal" | "signal">,
): Promise<void> {
  if (command.effect === "delete" && !settings.dryRun) {
    await confirm(command, given.args, settings, { terminal, signal });
  }
  const dryRun = settings.dryRun ? await import("./dry_run.ts") : undefined;
  const recorder = dryRun && new dryRun.Recorder();
  let client: Promise<AsyncClient> | undefined;
  const context: Context = {
    terminal,
    settings,
    signal,
    fetch: recorder?.fetch,
    client: () => client ??= connect(context),
  };
  try {
    await command.run(context, given);
  } catch (error) {
    if (!dryRun || !recorder?.kept) throw error;
    await dryRun.printNotSent(context, recorder.kept);
  } finally {
    (await client?.catch(() => undefined))?.close();
  }
}

async function connect(context: Context): Promise<AsyncClient> {
  const { clientOptions } = await import("./connect.ts");
  const options = await clientOptions(context);
  const { AsyncClient } = await import("../client.ts");
  return new AsyncClient(options);
}

async function confirm(
  { name }: Command,
  args: readonly unknown[],
  { yes }: Settings,
  { terminal, signal }: Pick<Context, "terminal" | "signal">,
): Promise<void> {
  if (yes) return;
  const what = `avala ${name} ${args.join(" ")}`.trimEnd();
  if (!terminal.canAsk) {
    throw usage(`'${what}' deletes: give --yes, as nobody can be asked here.`);
  }
  const { safeText } = await import("./safe_text.ts");
  const question = `${safeText(what)}: are you sure? [y/N] `;
  const reply = await terminal.ask(question, signal);
  if (!/^y(?:es)?$/i.test(reply)) throw usage("Nothing was deleted.");
}

async function showGroup(
  group: string,
  words: readonly string[],
  terminal: Terminal,
): Promise<void> {
  const { readFlags, GLOBAL } = await import("./flags.ts");
  const { options } = readFlags(words, GLOBAL);
  const { groupHelp } = await import("./help.ts");
  const { describeGroup } = await import("./group.ts");
  const text = groupHelp(describeGroup(group), styleOfHelp(terminal));
  if (options.get("help") === true) return await terminal.out(text);
  terminal.err(text);
  throw usage(
    group ? `'avala ${group}' needs a command.` : "There is no command.",
  );
}

function styleOfHelp({ columns, outIsTerminal, colors }: Terminal): HelpStyle {
  return { columns: outIsTerminal ? Math.min(columns, 100) : 80, colors };
}

interface Interrupt {
  readonly signal: AbortSignal;
  end(): void;
}

/** Whatever the reason of a caller's signal, the command was interrupted. */
function follow(signal: AbortSignal): Interrupt {
  const controller = new AbortController();
  const listener = () => controller.abort(new Interrupted());
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener);
  return {
    signal: controller.signal,
    end: () => signal.removeEventListener("abort", listener),
  };
}

/** Ctrl-C once ends cleanly, twice at once. */
function listenForInterrupt(terminal: Terminal): Interrupt {
  const controller = new AbortController();
  const listener = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    if (terminal.errIsTerminal) terminal.err("\n");
    controller.abort(new Interrupted());
  };
  process.on("SIGINT", listener);
  return {
    signal: controller.signal,
    end: () => {
      process.off("SIGINT", listener);
    },
  };
}
