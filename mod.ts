/**
 * A client for the Avala API, for Deno, Node, Bun, workers and browsers.
 *
 * {@linkcode AsyncClient} has a property for each resource; {@linkcode ClientOptions}
 * are its options. In each method, path parameters come first, in the order of the
 * path; all others are one options object; {@linkcode RequestOptions} are the last
 * argument.
 *
 * Awaiting a list fetches one page; iterating it walks all of them. While you work on
 * a page, the next one is being fetched; leaving the loop cancels it.
 *
 * The environment is read only for what you don't give, and never prompts.
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
 * @example Page by page
 * ```ts
 * import { AsyncClient } from "@avala/client";
 *
 * await using client = new AsyncClient();
 * let page = await client.tasks.list({ limit: 10 });
 * console.log(page.items, page.length, page.hasMore, page.nextCursor);
 * const next = await page.nextPage(); // null after the last
 * if (next) page = next;
 * for await (const rest of page.pages()) console.log(rest.length);
 * ```
 *
 * @example Time limits
 * ```ts
 * import { AsyncClient } from "@avala/client";
 *
 * // each attempt: 10 seconds, its body included
 * await using client = new AsyncClient({ timeout: 10_000, maxRetries: 4 });
 * // the whole call, with its retries and waits: 2 minutes
 * const signal = AbortSignal.timeout(120_000);
 * await client.tasks.list({ status: "pending" }, { signal, timeout: 5_000 });
 * ```
 *
 * @example An endpoint that the client does not know
 * ```ts
 * import { AsyncClient } from "@avala/client";
 *
 * await using client = new AsyncClient();
 * // wire JSON: nothing is renamed
 * console.log(await client.request("GET", "/tasks/", { query: { limit: 1 } }));
 * ```
 *
 * @example A worker, a browser, a proxy
 * ```ts ignore
 * // a worker: secrets come with the request
 * export default {
 *   async fetch(request, env) {
 *     const client = new AsyncClient({ apiKey: env.AVALA_API_KEY });
 *     return Response.json((await client.tasks.list()).items);
 *   },
 * };
 *
 * // a browser: your own server adds the key, so that no page ever holds it
 * const inPage = new AsyncClient({
 *   accessToken: () => sessionStorage.getItem("session") ?? "",
 *   baseUrl: "https://app.example.com/avala",
 * });
 *
 * // a proxy is the job of `fetch`: in Node with undici's ProxyAgent
 * import { fetch, ProxyAgent } from "undici";
 * const dispatcher = new ProxyAgent("http://proxy.example.com:3128");
 * const behindProxy = new AsyncClient({
 *   fetch: (url, init) => fetch(url, { ...init, dispatcher }),
 * });
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
