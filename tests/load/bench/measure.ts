/**
 * Measures things in turns, so that a busy machine is busy for all of them.
 *
 * @module
 */

import process from "node:process";

/** Something to measure. */
export type Work = () => unknown;

/** Milliseconds of one call of each contestant: medians over all turns. */
export async function medians<Contest extends Partial<Record<string, Work>>>(
  contest: Contest,
  rounds: number,
): Promise<Record<keyof Contest, number>> {
  const names = Object.keys(contest);
  const times = names.map((): number[] => []);
  // the first tenth warms up
  const warmUp = Math.ceil(rounds / 10);
  for (let round = 0; round < rounds + warmUp; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      // nobody always comes after the same one
      const index = (turn + round) % names.length;
      const work = contest[names[index]!];
      const start = performance.now();
      await work?.();
      if (round >= warmUp) times[index]!.push(performance.now() - start);
    }
  }
  return Object.fromEntries(
    names.map((name, index) => [name, median(times[index]!)]),
  ) as Record<keyof Contest, number>;
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** The heap in MiB after everything that can be collected was. */
export async function heap(): Promise<number> {
  const { gc, Bun } = globalThis as {
    gc?: () => void;
    Bun?: { gc(wait: boolean): void };
  };
  for (let i = 0; i < 3; i++) {
    gc?.();
    Bun?.gc(true);
    await sleep(50);
  }
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** Waits some milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
