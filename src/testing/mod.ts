/**
 * The Avala API in memory: test an application offline, against a `fetch` or a
 * server on a loopback port, with faults on demand.
 *
 * What the Avala docs leave open is made up here, and marked as an assumption in
 * the sources: the greatest page size, when an import is finished, how an export
 * progresses, what is in a picture, that every uploaded file becomes an item, whether consensus settings that are not given are kept, who may do
 * what in an organization, that a second agent action is refused, that a refused
 * bulk edit changes nothing, that every route honors an `Idempotency-Key`, which
 * conditions of fleet rules are understood, what a slice selects, how quality is
 * measured, and when a webhook delivery that failed is sent again.
 *
 * What is named so fails: an export, an alert channel or an inference provider with
 * `fail` in its name, a bucket with it in its own, an auto-label job with the label
 * `fail`.
 *
 * @example Over HTTP
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertEquals } from "@std/assert";
 *
 * await using server = await new AvalaEmulator().serve();
 * await using client = new AsyncClient({
 *   apiKey: "avk_example",
 *   baseUrl: server.baseUrl,
 *   allowInsecureBaseUrl: true,
 * });
 * const page = await client.projects.list();
 * assertEquals(page.length, 3);
 * ```
 *
 * @module
 */

export {
  AvalaEmulator,
  type EmulatorTime,
  type RecordQuery,
} from "./emulator.ts";
export type { AvalaEmulatorOptions } from "./options.ts";
export type { EmulatorSeed, SeedRecord } from "./seed.ts";
export type { EmulatorSnapshot } from "./snapshot.ts";
export type { SeenRequest } from "./engine/request_log.ts";
export type { StoredFile } from "./storage/bucket.ts";
export type { WebhookDeliveryOptions } from "./resources/webhooks/dispatcher.ts";
export type { Fault, FaultHandle } from "./engine/faults.ts";
export type { RateLimit } from "./engine/rate_limit.ts";
export type { EmulatorServer } from "./engine/serve.ts";
export type { CollectionName, UploadSettings } from "./engine/state.ts";
