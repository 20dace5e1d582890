/**
 * Counts tests over all steps and prints one line per step.
 *
 * @module
 */

import { failuresIn, type Outcome } from "./outcome.ts";
import { Progress } from "./progress.ts";

const SILENCE = 25_000;

/** How a report differs from the usual one, for its own tests. */
export interface ReportOptions {
  /** Prints a line. @default {console.log} */
  print?: (line: string) => void;
  /** Milliseconds of silence until a line says what runs. @default {25_000} */
  silence?: number;
}

/** The running sum of all steps. */
export class Report {
  readonly #print: (line: string) => void;
  readonly #progress: Progress;
  readonly #start = performance.now();
  readonly #failures: string[] = [];
  readonly #leftOut: string[] = [];
  #passed = 0;
  #failed = 0;
  #notApplicable = 0;

  /** Constructs a report of nothing yet. */
  constructor({ print = console.log, silence = SILENCE }: ReportOptions = {}) {
    this.#print = print;
    this.#progress = new Progress(print, silence);
  }

  /**
   * Runs a step, prints its line, adds up its tests. The step may hand on what
   * it prints, so that a line of progress can say how far it is.
   */
  async step(
    title: string,
    run: (note: (text: string) => void) => Promise<Outcome>,
  ): Promise<boolean> {
    const start = performance.now();
    this.#progress.begin(title);
    const note = (text: string) => this.#progress.note(title, text);
    const outcome = await run(note).catch((error: unknown): Outcome => ({
      passed: 0,
      failed: 1,
      output: error instanceof Error
        ? error.stack ?? error.message
        : `${error}`,
    }));
    this.#progress.end(title);
    const { passed, failed, notApplicable = 0, output } = outcome;
    this.#passed += passed;
    this.#failed += failed;
    this.#notApplicable += notApplicable;
    const left = notApplicable > 0 ? `, ${notApplicable} not applicable` : "";
    const word = failed === 0 ? "ok    " : "FAILED";
    this.#print(
      `${word} ${title}: ${passed} passed, ${failed} failed${left} (${
        seconds(start)
      } s)`,
    );
    if (failed > 0) {
      this.#print(`${output.trimEnd()}\n`);
      this.#failures.push(`FAILED ${title}\n${failuresIn(output)}\n`);
    }
    return failed === 0;
  }

  /** Keeps a line that says what was left out, and why. */
  leaveOut(line: string): void {
    this.#leftOut.push(line);
  }

  /** Prints what was left out, the failures, and the sum as the last line. */
  finish(): boolean {
    if (this.#passed + this.#failed === 0) {
      this.#failures.push("No test ran\n");
      this.#failed = 1;
    }
    for (const line of this.#leftOut) this.#print(line);
    if (this.#notApplicable > 0) {
      this.#print(`${this.#notApplicable} not applicable`);
    }
    if (this.#failures.length > 0) {
      this.#print("\nThe failures alone:\n");
      for (const failure of this.#failures) this.#print(failure);
    }
    this.#print(`${seconds(this.#start)} s in all`);
    this.#print(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0;
  }
}

function seconds(start: number): string {
  return ((performance.now() - start) / 1_000).toFixed(1);
}
