/**
 * The Avala API in memory: test an application offline, against a `fetch` or a
 * server on a loopback port, with faults on demand.
 *
 * It holds a LiDAR dataset with sequences and an image dataset with 250 items,
 * projects, tasks, exports, an organization with members and teams, agents, issues, a
 * fleet of four devices with recordings, rules and alerts, quality targets and more.
 * Every key that starts with `avk_` is accepted. What is created stays; jobs and
 * exports advance with each read; addresses of items lead to pictures and points;
 * uploads are stored and listed; webhooks are delivered, signed.
 *
 * Faults are `status` (with `body`, `headers`, `retryAfter`), `delay`, `hang`,
 * `drop: "before"`, `loseAnswer` and `truncate`, for the next `times` requests that
 * `method` and `path` name. `announce` lets something happen that no request causes.
 *
 * A `seed` of your own records, such as `{ datasets: [{ name, slug, dataType }],
 * items: { [slug]: [{ key, metadata }] } }`, stands alone: there is no sample data
 * beside it. It is checked, and may come from a JSON file.
 *
 * A served emulator answers programs and pages of this machine; `allowedHosts` and
 * `allowedOrigins` name others. Open its address (`server.origin`) in a browser: a
 * page shows what it holds, each request as it comes, and takes faults.
 *
 * What the Avala docs leave open is made up here, and marked as an assumption in
 * the sources: the largest page size, when an import is finished, how an export
 * progresses, what is in a picture, that every uploaded file becomes an item, whether consensus settings that are not given are kept, who may do
 * what in an organization, that a second agent action is refused, that a refused
 * bulk edit changes nothing, that every route honors an `Idempotency-Key`, which
 * conditions of fleet rules are understood, what a slice selects, how quality is
 * measured, and when a webhook delivery that failed is sent again.
 *
 * Names make things fail: an export, an alert channel or an inference provider with
 * `fail` in its name, a bucket with it in its own, an auto-label job with the label
 * `fail`.
 *
 * Clients in other languages use it over HTTP. Some send files to the hosts of
 * clouds alone, such as the official Python client: with
 * `uploads: { origin: "https://avala.s3.us-west-2.amazonaws.com" }` the emulator gives
 * addresses of that host, and you lead the host to the emulator:
 *
 * ```py
 * import httpx
 *
 * CLOUD, HERE = "https://avala.s3.us-west-2.amazonaws.com", "http://127.0.0.1:8787"
 * put, post = httpx.put, httpx.post
 * httpx.put = lambda url, **rest: put(url.replace(CLOUD, HERE), **rest)
 * httpx.post = lambda url, **rest: post(url.replace(CLOUD, HERE), **rest)
 * ```
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
 * @example Faults, without a network
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const emulator = new AvalaEmulator();
 * emulator.fault({ path: "/tasks/", status: 503, times: 2 });
 *
 * await using client = new AsyncClient({
 *   apiKey: "avk_test",
 *   fetch: emulator.fetch,
 * });
 * await client.tasks.list({ status: "completed" });
 * assertEquals(emulator.requests.length, 3);
 * ```
 *
 * @example Sample data of any size, time, and snapshots
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const emulator = new AvalaEmulator({
 *   seed: { items: 100_000, devices: 5_000 }, // made when they are asked for
 *   random: 42, // the same data each time, and other data than 43
 * });
 * const before = emulator.snapshot(); // plain data: keep it as JSON, if you like
 *
 * await using client = new AsyncClient({
 *   apiKey: "avk_test",
 *   fetch: emulator.fetch,
 * });
 * const { uid } = await client.exports.create({ dataset: "d", name: "Night run" });
 * emulator.time.advance(60_000); // jobs go on, addresses and rate limits end
 * assertEquals((await client.exports.get(uid)).status, "exported");
 * emulator.restore(before);
 * assertEquals((await client.exports.list({ limit: 100 })).items
 *   .some((job) => job.uid === uid), false);
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
