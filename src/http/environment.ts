/**
 * Variables of the environment, where there is one.
 *
 * @module
 */

/**
 * Reads an environment variable without ever prompting for permission.
 *
 * Where there is no environment, or reading it is not permitted, the variable
 * counts as unset; so does an empty one.
 *
 * @example Usage
 * ```ts
 * import { readEnvironment } from "./environment.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readEnvironment("AVALA_NO_SUCH_VARIABLE"), undefined);
 * ```
 *
 * @param name The name of the variable.
 * @returns Its value, if it has one.
 */
export function readEnvironment(name: string): string | undefined {
  try {
    const { Deno, process } = globalThis as Hosts;
    if (Deno?.permissions) {
      const { state } = Deno.permissions.querySync({
        name: "env",
        variable: name,
      });
      return state === "granted" ? Deno.env.get(name) || undefined : undefined;
    }
    return process?.env?.[name] || undefined;
  } catch {
    return undefined;
  }
}

/** What the hosts put on the global object; each has one or none of them. */
interface Hosts {
  Deno?: {
    permissions?: {
      querySync(
        descriptor: { name: "env"; variable: string },
      ): { state: string };
    };
    env: { get(name: string): string | undefined };
  };
  process?: { env?: { [name: string]: string | undefined } };
}

/**
 * Tells whether a variable of the environment switches something on.
 *
 * @param value Its value.
 * @returns `true` for `1`, `true`, `yes` and `on`, in any case.
 */
export function isTruthy(value: string | undefined): boolean {
  return ["1", "true", "yes", "on"].includes(value?.trim().toLowerCase() ?? "");
}
