/**
 * What an assistant can call.
 *
 * @module
 */

import type { Operation, Parameter } from "../catalog/types.ts";
import type { AsyncClient } from "../client.ts";
import type { JsonObject } from "../wire/codec.ts";
import type { RequestContext } from "./protocol.ts";

/** What an assistant can call. */
export interface Tool {
  /** Its name. */
  readonly name: string;
  /** What it does, for the assistant. */
  readonly description: string;
  /** What it takes. */
  readonly parameters: readonly Parameter[];
  /** What comes out, where it has the same shape as what comes out of others. */
  readonly gives?: Operation["returns"]["kind"];
  /** Whether it reads, writes or deletes. */
  readonly effect: Operation["effect"];
  /** Whether doing it twice is as good as doing it once. */
  readonly idempotent: boolean;
  /** The sets that it is in. */
  readonly toolsets: readonly string[];
  /**
   * Does it.
   *
   * @param client The client.
   * @param given The arguments, checked.
   * @param context The request.
   * @returns What comes out.
   */
  run(
    client: AsyncClient,
    given: JsonObject,
    context: RequestContext,
  ): Promise<unknown>;
}
