/**
 * The client: options in, resources out.
 *
 * @module
 */

import type { ClientOptions } from "./http/config.ts";
import type { Download, DownloadOptions } from "./downloads/download.ts";
import type {
  Method,
  RawRequestOptions,
  RequestOptions,
} from "./http/request.ts";
import { AsyncAgentExecutions } from "./resources/agents/executions.ts";
import { AsyncAgents } from "./resources/agents/mod.ts";
import { AsyncAnnotationIssues } from "./resources/annotation_issues.ts";
import { AsyncAnnotations } from "./resources/annotations.ts";
import { AsyncAutoLabelJobs } from "./resources/auto_label_jobs.ts";
import { AsyncCaptures } from "./resources/captures/mod.ts";
import { AsyncConsensus } from "./resources/consensus.ts";
import { AsyncCustomerQc } from "./resources/customer_qc.ts";
import { AsyncDatasets } from "./resources/datasets/mod.ts";
import { AsyncExports } from "./resources/exports.ts";
import { AsyncFleet } from "./resources/fleet/mod.ts";
import { AsyncInferenceProviders } from "./resources/inference_providers.ts";
import { AsyncOrganizations } from "./resources/organizations/mod.ts";
import { AsyncPermissions } from "./resources/permissions.ts";
import { AsyncProjects } from "./resources/projects.ts";
import { AsyncPublicDatasets } from "./resources/public_datasets/mod.ts";
import { AsyncQualityTargets } from "./resources/quality_targets.ts";
import { AsyncSequenceOutcomes } from "./resources/sequence_outcomes.ts";
import { AsyncSlices } from "./resources/slices.ts";
import { AsyncStorageConfigs } from "./resources/storage_configs.ts";
import { AsyncTasks } from "./resources/tasks.ts";
import { AsyncUsers } from "./resources/users.ts";
import { AsyncWebhookDeliveries } from "./resources/webhooks/deliveries.ts";
import { AsyncWebhooks } from "./resources/webhooks/mod.ts";
import { type RateLimitInfo, Transport } from "./http/transport.ts";

/**
 * A client of the Avala API: one property for each resource.
 *
 * @example Usage
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assert } from "@std/assert";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const names: string[] = [];
 * for await (const dataset of client.datasets.list()) names.push(dataset.name);
 * assert(names.length > 0);
 * ```
 */
export class AsyncClient {
  readonly #transport: Transport;
  /** What agents were called for, and what they decide. */
  readonly agentExecutions: AsyncAgentExecutions;
  /** Automations that react to events. */
  readonly agents: AsyncAgents;
  /** Problems that were found in annotations. */
  readonly annotationIssues: AsyncAnnotationIssues;
  /** Edits of annotations in bulk. */
  readonly annotations: AsyncAnnotations;
  /** Runs of a model over a project. */
  readonly autoLabelJobs: AsyncAutoLabelJobs;
  /** Recordings that people hand in for campaigns. */
  readonly captures: AsyncCaptures;
  /** Agreement between annotators. */
  readonly consensus: AsyncConsensus;
  /** Quality control by customers. */
  readonly customerQc: AsyncCustomerQc;
  /** Datasets with their items, sequences and frames. */
  readonly datasets: AsyncDatasets;
  /** Export jobs and their results. */
  readonly exports: AsyncExports;
  /** Devices with their recordings, events, rules and alerts. */
  readonly fleet: AsyncFleet;
  /** Endpoints of models that label. */
  readonly inferenceProviders: AsyncInferenceProviders;
  /** Organizations with their members, invitations and teams. */
  readonly organizations: AsyncOrganizations;
  /** What the credential in use may do. */
  readonly permissions: AsyncPermissions;
  /** Labeling projects. */
  readonly projects: AsyncProjects;
  /** Public datasets, for which no credential is sent. */
  readonly publicDatasets: AsyncPublicDatasets;
  /** Thresholds on the quality of a project. */
  readonly qualityTargets: AsyncQualityTargets;
  /** How sequences ended. */
  readonly sequenceOutcomes: AsyncSequenceOutcomes;
  /** Saved selections of items. */
  readonly slices: AsyncSlices;
  /** Connections to buckets of your own. */
  readonly storageConfigs: AsyncStorageConfigs;
  /** Units of labeling work. */
  readonly tasks: AsyncTasks;
  /** The account behind the credential. */
  readonly users: AsyncUsers;
  /** What was delivered to webhooks. */
  readonly webhookDeliveries: AsyncWebhookDeliveries;
  /** Webhook subscriptions. */
  readonly webhooks: AsyncWebhooks;

  /**
   * Constructs a client. What is not given comes from the environment.
   *
   * @param options The options.
   * @throws {ConfigurationError} If an option is wrong, or no credential is given.
   */
  constructor(options: ClientOptions = {}) {
    const transport = new Transport(options);
    this.#transport = transport;
    this.agentExecutions = new AsyncAgentExecutions(transport);
    this.agents = new AsyncAgents(transport);
    this.annotationIssues = new AsyncAnnotationIssues(transport);
    this.annotations = new AsyncAnnotations(transport);
    this.autoLabelJobs = new AsyncAutoLabelJobs(transport);
    this.captures = new AsyncCaptures(transport);
    this.consensus = new AsyncConsensus(transport);
    this.customerQc = new AsyncCustomerQc(transport);
    this.datasets = new AsyncDatasets(transport);
    this.exports = new AsyncExports(transport);
    this.fleet = new AsyncFleet(transport);
    this.inferenceProviders = new AsyncInferenceProviders(transport);
    this.organizations = new AsyncOrganizations(transport);
    this.permissions = new AsyncPermissions(transport);
    this.projects = new AsyncProjects(transport);
    this.publicDatasets = new AsyncPublicDatasets(transport);
    this.qualityTargets = new AsyncQualityTargets(transport);
    this.sequenceOutcomes = new AsyncSequenceOutcomes(transport);
    this.slices = new AsyncSlices(transport);
    this.storageConfigs = new AsyncStorageConfigs(transport);
    this.tasks = new AsyncTasks(transport);
    this.users = new AsyncUsers(transport);
    this.webhookDeliveries = new AsyncWebhookDeliveries(transport);
    this.webhooks = new AsyncWebhooks(transport);
  }

  /**
   * A snapshot of the rate-limit headers of the most recent response.
   *
   * @returns Requests per window, requests left, and the end of the window in Unix
   * seconds: as the server wrote them, null where absent.
   */
  get rateLimitInfo(): RateLimitInfo {
    return this.#transport.rateLimitInfo;
  }

  /**
   * Calls an endpoint that the client does not know: the same credential,
   * limits, retries and errors; wire JSON in and out, nothing renamed.
   *
   * @example Usage
   * ```ts
   * import { AsyncClient } from "@avala/client";
   * import { AvalaEmulator } from "@avala/client/testing";
   * import { assertExists } from "@std/assert";
   *
   * const { fetch } = new AvalaEmulator();
   * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
   * const page = await client.request("GET", "/tasks/", { query: { limit: 1 } });
   * assertExists(page);
   * ```
   *
   * @param method HTTP method.
   * @param path Path below the base URL.
   * @param options Query, body and request options.
   * @returns The JSON of the response, or null when it is empty.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the call fails.
   */
  request(
    method: Method,
    path: string,
    options?: RawRequestOptions,
  ): Promise<unknown> {
    return this.#transport.request(method, path, options);
  }

  /**
   * Downloads the file behind a URL that a model carries, such as the `url` of a
   * dataset's item, as a stream. The credential goes to the API's own origin only.
   *
   * @example Usage
   * ```ts
   * import { AsyncClient } from "@avala/client";
   * import { assertEquals } from "@std/assert";
   *
   * await using client = new AsyncClient({
   *   apiKey: "avk_example",
   *   storageHosts: ["media.example.net"],
   *   fetch: () => Promise.resolve(new Response("a picture")),
   * });
   * const download = await client.download("https://media.example.net/1.jpg");
   * assertEquals(await download.text(), "a picture");
   * ```
   *
   * @param url The URL: https, on a storage host of the service or one of the option `storageHosts`.
   * @param options Options of the download.
   * @param request Request options; `timeout` limits the time to the headers, then
   * the time between two chunks; `maxRetries` the attempts in a row that bring no byte.
   * @returns The file.
   * @throws {InvalidArgumentError} If the URL is not to be trusted.
   * @throws {AvalaError} If the request fails.
   */
  async download(
    url: string,
    options?: DownloadOptions,
    request?: RequestOptions,
  ): Promise<Download> {
    const { downloadFile } = await import("./downloads/mod.ts");
    return await downloadFile(this.#transport, url, options, request);
  }

  /**
   * Ends everything that is under way. It, and all calls that come later,
   * reject with a {@linkcode ClientClosedError}. Closing twice does no harm.
   */
  close(): void {
    this.#transport.close();
  }

  /**
   * Closes the client at the end of an `await using` block.
   *
   * @returns A promise that is fulfilled when the client is closed.
   */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#transport[Symbol.asyncDispose]();
  }
}
