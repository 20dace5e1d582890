/**
 * How far long work has come: one line on a terminal, now and then one in a log.
 *
 * @module
 */

import { format as formatBytes } from "jsr:@std/fmt@^1.0.10/bytes";
import { format as formatDuration } from "jsr:@std/fmt@^1.0.10/duration";
import { cutTo } from "./cells.ts";
import type { Context } from "./command.ts";
import { safeText } from "./safe_text.ts";

/** What uploads and downloads tell. */
export interface Step {
  /** Bytes that have gone or come. */
  readonly bytes: number;
  /** Bytes in all, where they are known. */
  readonly totalBytes: number | null;
  /** Files that are done. */
  readonly files?: number;
  /** Files that were there already. */
  readonly skipped?: number;
  /** Files in all. */
  readonly totalFiles?: number;
  /** The file that came further. */
  readonly path?: string;
}

const REDRAW = 100;
const LOG = 10_000;
const BAR = 16;
const SETTLED = 0.5;
/** The terminal's code to clear the line that is shown. */
const CLEAR = "\r\x1b[K";

/** Tells how far work has come, on standard error. */
export class Progress {
  readonly #context: Pick<Context, "terminal" | "settings">;
  readonly #start: number = performance.now();
  #first: number | undefined;
  #last: number;
  #isShown = false;

  /**
   * Constructs it.
   *
   * @param context Where to tell.
   */
  constructor(context: Pick<Context, "terminal" | "settings">) {
    this.#context = context;
    // a log is told nothing of what is done at once
    this.#last = context.terminal.errIsTerminal ? -Infinity : this.#start;
  }

  /**
   * Tells of a step, if the last was not just now.
   *
   * @param step The step.
   */
  step(step: Step): void {
    // what an earlier run has done says nothing about the rate
    this.#first ??= step.bytes;
    this.say(() => this.#describe(step));
  }

  /**
   * Says something, if the last was not just now.
   *
   * @param describe Makes the line.
   */
  say(describe: () => string): void {
    const { terminal, settings } = this.#context;
    if (settings.quiet) return;
    const { errIsTerminal } = terminal;
    const now = performance.now();
    if (now - this.#last < (errIsTerminal ? REDRAW : LOG)) return;
    this.#last = now;
    const line = safeText(describe());
    if (!errIsTerminal) return terminal.err(`${line}\n`);
    this.#isShown = true;
    terminal.err(CLEAR + cutTo(line, terminal.columns - 1));
  }

  /** Clears the line. */
  end(): void {
    if (this.#isShown) this.#context.terminal.err(CLEAR);
    this.#isShown = false;
  }

  #describe(step: Step): string {
    const { bytes, totalBytes, files, totalFiles, skipped, path } = step;
    const seconds = (performance.now() - this.#start) / 1_000;
    // the first moments say nothing about it
    const rate = seconds >= SETTLED
      ? (bytes - (this.#first ?? 0)) / seconds
      : 0;
    const left = totalBytes !== null && rate > 0
      ? (totalBytes - bytes) / rate
      : undefined;
    const { errIsTerminal } = this.#context.terminal;
    return [
      totalBytes ? share(bytes / totalBytes, errIsTerminal) : "",
      files === undefined ? "" : `${files}/${totalFiles} files`,
      totalBytes === null
        ? formatBytes(bytes)
        : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`,
      rate > 0 ? `${formatBytes(Math.round(rate))}/s` : "",
      left === undefined ? "" : `${timeLeft(left)} left`,
      skipped ? `${skipped} there already` : "",
      path ?? "",
    ].filter((part) => part !== "").join("  ");
  }
}

/** The percent first: a narrow terminal shows little more. */
function share(part: number, hasBar: boolean): string {
  const whole = Math.min(1, Math.max(0, part));
  const percent = `${Math.floor(whole * 100)} %`.padStart(5);
  if (!hasBar) return percent.trimStart();
  const done = Math.round(whole * BAR);
  return `${percent} ${"█".repeat(done)}${"░".repeat(BAR - done)}`;
}

function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole <= 0) return "0s";
  return formatDuration(whole * 1_000, { ignoreZero: true });
}

/**
 * Runs work that tells how far it has come.
 *
 * @typeParam T What it gives.
 * @typeParam P What it tells.
 * @param context Where to tell.
 * @param work The work.
 * @returns What it gives.
 */
export async function withProgress<T>(
  context: Context,
  work: (onProgress: Progress["step"]) => Promise<T>,
): Promise<T> {
  const progress = new Progress(context);
  try {
    return await work((step) => progress.step(step));
  } finally {
    progress.end();
  }
}
