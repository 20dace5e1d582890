/**
 * Stands in for `node:util`: shows what an object holds for everyone to see.
 *
 * @module
 */

/** Prints a value with its own properties, the hidden ones too. */
export function inspect(
  value: unknown,
  { depth = 2 }: { depth?: number } = {},
): string {
  if (typeof value !== "object" || value === null) return String(value);
  const shown = Reflect.ownKeys(value).map((key) => {
    const { value: held } = Object.getOwnPropertyDescriptor(value, key) ?? {};
    const text = depth > 0 ? inspect(held, { depth: depth - 1 }) : "…";
    return `${String(key)}: ${text}`;
  });
  return `${value.constructor?.name ?? "null"} { ${shown.join(", ")} }`;
}
