/**
 * Which processes run.
 *
 * @module
 */

import process from "node:process";
import { codeOf } from "./paths.ts";

/** Deno asks before it sends a signal, even one that does nothing. */
interface Host {
  Deno?: {
    permissions?: { querySync(descriptor: { name: "run" }): { state: string } };
  };
}

/**
 * Tells whether a process of this machine runs, without ever prompting for
 * permission.
 *
 * @param pid Number of the process.
 * @returns Undefined where asking is not permitted.
 */
export function isRunning(pid: number): boolean | undefined {
  const { Deno } = globalThis as Host;
  if (Deno?.permissions?.querySync({ name: "run" }).state === "prompt") {
    return undefined;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === "ESRCH") return false;
    // it is another user's
    return code === "EPERM" ? true : undefined;
  }
}
