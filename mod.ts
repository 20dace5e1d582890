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
export { CursorPage, PagePromise } from "./src/http/pages.ts";
export * from "./src/resources/agents/mod.ts";
export * from "./src/resources/annotation_issues.ts";
export * from "./src/resources/annotations.ts";
export * from "./src/resources/auto_label_jobs.ts";
export * from "./src/resources/captures/mod.ts";
export * from "./src/resources/consensus.ts";
export * from "./src/resources/customer_qc.ts";
export * from "./src/resources/datasets/mod.ts";
export * from "./src/resources/exports.ts";
export * from "./src/resources/fleet/mod.ts";
export * from "./src/resources/inference_providers.ts";
export * from "./src/resources/organizations/mod.ts";
export * from "./src/resources/permissions.ts";
export * from "./src/resources/projects.ts";
export * from "./src/resources/public_datasets/mod.ts";
export * from "./src/resources/quality_targets.ts";
export * from "./src/resources/sequence_outcomes.ts";
export * from "./src/resources/signup.ts";
export * from "./src/resources/slices.ts";
export * from "./src/resources/storage_configs.ts";
export * from "./src/resources/tasks.ts";
export * from "./src/resources/users.ts";
export * from "./src/resources/webhooks/deliveries.ts";
export * from "./src/resources/webhooks/mod.ts";
export * from "./src/http/transport.ts";
export type { Resource } from "./src/resources/resource.ts";
export type {
  Check,
  NumberedPageOptions,
  Option,
  OptionTable,
  PageOptions,
} from "./src/wire/options.ts";
export type {
  Download,
  DownloadOptions,
  DownloadProgress,
} from "./src/downloads/download.ts";
export type { JsonObject, Open } from "./src/wire/codec.ts";
export type { WaitOptions } from "./src/http/waiting.ts";
