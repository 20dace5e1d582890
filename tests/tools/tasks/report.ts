/**
 * Counts tests over all steps and prints one line per step.
 *
 * @module
 */

const NOT_APPLICABLE = /^(\d+) not applicable$/m;

/** What one step found. */
export interface Outcome {
  /** Tests that passed. */
  passed: number;
  /** Tests that failed. */
  failed: number;
  /** Tests that do not apply to the runtime. */
  notApplicable?: number;
  /** Printed in full when something failed. */
  output: string;
}

/** The running sum of all steps. */
export class Report {
  #passed = 0;
  #failed = 0;
  #notApplicable = 0;

  /** Runs a step, prints its line, adds up its tests. */
  async step(title: string, run: () => Promise<Outcome>): Promise<boolean> {
    const start = performance.now();
    const outcome = await run().catch((error: unknown): Outcome => ({
      passed: 0,
      failed: 1,
      output: error instanceof Error
        ? error.stack ?? error.message
        : `${error}`,
    }));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const { passed, failed, notApplicable = 0, output } = outcome;
    this.#passed += passed;
    this.#failed += failed;
    this.#notApplicable += notApplicable;
    const left = notApplicable > 0 ? `, ${notApplicable} not applicable` : "";
    const word = failed === 0 ? "ok    " : "FAILED";
    console.log(
      `${word} ${title}: ${passed} passed, ${failed} failed${left} (${seconds} s)`,
    );
    if (failed > 0) console.log(`${output.trimEnd()}\n`);
    return failed === 0;
  }

  /** Prints the sum as the last line; true when all is well. */
  finish(): boolean {
    if (this.#passed + this.#failed === 0) {
      console.log("No test ran");
      this.#failed = 1;
    }
    if (this.#notApplicable > 0) {
      console.log(`${this.#notApplicable} not applicable`);
    }
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0;
  }
}

/** An outcome of a single yes or no. */
export function single(passed: boolean, output: string): Outcome {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, output };
}

/**
 * Reads the counts that a test runner printed. A runner that crashed, or that
 * ran nothing, has failed.
 */
export function counted(
  summary: RegExp,
  result: { code: number; output: string },
): Outcome {
  const [, passed, failed] = [...result.output.matchAll(summary)].at(-1) ?? [];
  const [, notApplicable] = NOT_APPLICABLE.exec(result.output) ?? [];
  const outcome = {
    passed: Number(passed ?? 0),
    failed: Number(failed ?? 0),
    notApplicable: Number(notApplicable ?? 0),
    output: result.output,
  };
  if (outcome.failed > 0) return outcome;
  if (result.code !== 0) {
    outcome.failed = 1;
    outcome.output += `\nThe run ended with exit code ${result.code}\n`;
  } else if (outcome.passed + outcome.notApplicable === 0) {
    outcome.failed = 1;
    outcome.output += "\nThe run executed no test\n";
  }
  return outcome;
}
