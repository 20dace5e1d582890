/**
 * A client for the Avala API, for Deno, Node, Bun, workers and browsers.
 *
 * @example Walk all datasets
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * for await (const dataset of client.datasets.list()) {
 *   console.log(dataset.name, dataset.itemCount);
 * }
 * ```
 *
 * @module
 */

export * from "./src/client.ts";
export * from "./src/errors.ts";
export { CursorPage, PagePromise } from "./src/pagination.ts";
export * from "./src/resources/consensus.ts";
export * from "./src/resources/datasets.ts";
export * from "./src/resources/exports.ts";
export * from "./src/resources/fleet_uploads.ts";
export * from "./src/resources/projects.ts";
export * from "./src/resources/tasks.ts";
export * from "./src/resources/webhook_deliveries.ts";
export * from "./src/resources/webhooks.ts";
export * from "./src/transport.ts";
export type { PageOptions } from "./src/arguments.ts";
export type { JsonObject, Open } from "./src/codec.ts";
export type { WaitOptions } from "./src/waiting.ts";
