/**
 * What somebody sees of a value who prints it, in every way there is.
 *
 * @module
 */

import { inspect } from "node:util";

/** Every text that a value shows. */
export function printsOf(value: unknown): string[] {
  const { Deno, Bun } = globalThis as unknown as {
    [name: string]: { inspect(value: unknown, options?: object): string };
  };
  const ways = [
    () => inspect(value, { depth: 20, showHidden: true }),
    () => inspect(value),
    () => Deno?.inspect(value, { depth: 20, showHidden: true }) ?? "",
    () => Bun?.inspect(value, { depth: 20 }) ?? "",
    () => JSON.stringify(value) ?? "",
    () => String(value),
    () => `${(value as { stack?: unknown })?.stack}`,
  ];
  const prints: string[] = [];
  for (const way of ways) {
    try {
      prints.push(way());
    } catch {
      // what can't be printed shows nothing
    }
  }
  collectLeaves(value, 0, prints);
  return prints;
}

/** What somebody finds who looks into every property. */
function collectLeaves(value: unknown, depth: number, found: string[]): void {
  if (["string", "number", "bigint"].includes(typeof value)) {
    found.push(`${value}`);
  }
  if (typeof value !== "object" || value === null || depth > 8) return;
  for (const name of Reflect.ownKeys(value)) {
    found.push(String(name));
    collectLeaves(Reflect.get(value, name), depth + 1, found);
  }
}
