/**
 * Waits, which tell how far the work of the service has come.
 *
 * @module
 */

import { OPERATIONS } from "../../catalog/operations.ts";
import type { Command, Context, Given } from "../command.ts";
import { commandOf, modelOf } from "../operation_command.ts";

interface Waiter {
  wait(
    uid: string,
    options: { [name: string]: unknown },
    request: { signal: AbortSignal },
  ): Promise<unknown>;
}

/** What a state may tell. */
interface State {
  readonly status?: unknown;
  readonly progressPct?: unknown;
}

/**
 * Makes the commands that wait.
 *
 * @returns The commands.
 */
export function waitCommands(): Command[] {
  return OPERATIONS.filter(({ id }) => id.endsWith(".wait")).map((
    operation,
  ) => ({
    ...commandOf(operation),
    run: (context: Context, given: Given) =>
      wait(operation.id, operation.returns.model ?? "", context, given),
  }));
}

async function wait(
  id: string,
  model: string,
  context: Context,
  { args: [uid], options }: Given,
): Promise<void> {
  const { printResult } = await import("../print.ts");
  const { Progress } = await import("../progress.ts");
  const client = await context.client();
  const name = id.slice(0, id.lastIndexOf("."));
  const resource = client[name as keyof typeof client] as unknown as Waiter;
  const progress = new Progress(context);
  const start = performance.now();
  const onPoll = ({ status, progressPct }: State) =>
    progress.say(() => {
      const seconds = Math.round((performance.now() - start) / 1_000);
      const percent = typeof progressPct === "number"
        ? ` ${progressPct} %`
        : "";
      return `${status}${percent}, ${seconds} s`;
    });
  try {
    const last = await resource.wait(
      String(uid),
      { ...options, onPoll, throwOnFailure: true },
      { signal: context.signal },
    );
    progress.end();
    await printResult(context, last, modelOf(model));
  } finally {
    progress.end();
  }
}
