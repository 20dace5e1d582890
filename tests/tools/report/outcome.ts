/**
 * What one step of a run found.
 *
 * @module
 */

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

/** An outcome of a single yes or no. */
export function single(passed: boolean, output: string): Outcome {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, output };
}

/**
 * Reads the counts that a test runner printed: the summary's groups are `passed`,
 * `failed`, `ignored`. A runner that crashed, or that ran nothing, has failed.
 */
export function counted(
  summary: RegExp,
  { code, output }: { code: number; output: string },
): Outcome {
  const { passed = 0, failed = 0, ignored = 0 } =
    [...output.matchAll(summary)].at(-1)?.groups ?? {};
  const outcome = {
    passed: Number(passed),
    failed: Number(failed),
    notApplicable: Number(ignored),
    output,
  };
  if (outcome.failed > 0) return outcome;
  if (code !== 0) {
    outcome.failed = 1;
    outcome.output += `\nThe run ended with exit code ${code}\n`;
  } else if (outcome.passed + outcome.notApplicable === 0) {
    outcome.failed = 1;
    outcome.output += "\nThe run executed no test\n";
  }
  return outcome;
}

/** Lines of a failure that are worth repeating. */
const MOST_LINES = 100;

/** What a runner printed about failures, without what passed beside them. */
export function failuresIn(output: string): string {
  // Deno's runner repeats them at its end, ours prints nothing else.
  const [, own] = /^ ERRORS \n+([^]*?)^ FAILURES $/m.exec(output) ?? [];
  const first = output.search(/^FAILED /m);
  const text = own ?? (first < 0 ? output : output.slice(first));
  const lines = text
    .replace(/^(?:FAILED \||\d+ (?:passed|not applicable)).*$/gm, "")
    .trim().split("\n");
  const left = lines.length - MOST_LINES;
  if (left > 0) lines.splice(MOST_LINES, left, `(${left} more lines above)`);
  return lines.join("\n");
}
