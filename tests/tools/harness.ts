/**
 * One way to write a test for every runtime: Deno's own runner where there is
 * one, a small sequential runner elsewhere.
 *
 * @module
 */

/** A test's body. */
export type TestFunction = () => void | Promise<void>;

/** How a run ended. */
export interface RunResult {
  /** Tests that passed. */
  passed: number;
  /** Tests that failed. */
  failed: number;
}

/** What differs between runs. */
export interface RunOptions {
  /** Milliseconds that one test may take. @default {60_000} */
  timeout?: number;
  /** Milliseconds that what runs on may take to end. @default {10_000} */
  grace?: number;
  /** Names of tests that do not apply to the runtime. @default {[]} */
  skip?: string[];
  /** Prints a text. @default {console.log} */
  print?: (text: string) => void;
}

// The types of Deno are not there where this file runs as plain JavaScript,
// and neither is the type of a process: only what is used is named.
interface Host {
  Deno?: {
    test?: (definition: {
      name: string;
      fn: TestFunction;
      sanitizeOps: boolean;
      sanitizeResources: boolean;
      sanitizeExit: boolean;
    }) => void;
  };
  process?: { exitCode?: number | string | null | undefined };
}

const host = globalThis as unknown as Host;
const collected: { name: string; fn: TestFunction }[] = [];

/** Declares a test. Its sanitizers are on where the runner has any. */
export function test(name: string, fn: TestFunction): void {
  if (typeof host.Deno?.test === "function") {
    host.Deno.test({
      name,
      fn,
      sanitizeOps: true,
      sanitizeResources: true,
      sanitizeExit: true,
    });
  } else {
    collected.push({ name, fn });
  }
}

/** Runs what was declared so far, one after the other, and prints the sum. */
export async function run(
  { timeout = 60_000, skip = [], print = console.log }: RunOptions = {},
): Promise<RunResult> {
  const result: RunResult = { passed: 0, failed: 0 };
  const tests = collected.splice(0);
  for (const { name, fn } of tests) {
    if (skip.includes(name)) continue;
    try {
      await withTimeout(name, fn, timeout);
      result.passed++;
    } catch (error) {
      result.failed++;
      print(`FAILED ${name}\n${describe(error)}\n`);
    }
  }
  for (const name of skip) {
    if (tests.some((test) => test.name === name)) continue;
    result.failed++;
    print(`FAILED There is no test '${name}' that could be left out\n`);
  }
  if (result.failed > 0 && host.process) host.process.exitCode = 1;
  if (skip.length > 0) print(`${skip.length} not applicable`);
  print(`${result.passed} passed, ${result.failed} failed`);
  return result;
}

async function withTimeout(
  name: string,
  fn: TestFunction,
  timeout: number,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`'${name}' took longer than ${timeout} ms`));
    }, timeout);
  });
  try {
    await Promise.race([fn(), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The stack of an error and of what caused it. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return `Not an Error: ${String(error)}`;
  // Some engines leave the message out of the stack.
  const stack = error.stack ?? "";
  const text = stack.includes(error.message)
    ? stack
    : `${error.name}: ${error.message}\n${stack}`;
  return error.cause === undefined
    ? text
    : `${text}\ncaused by: ${describe(error.cause)}`;
}
