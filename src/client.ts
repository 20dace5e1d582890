/**
 * The client: options in, resources out.
 *
 * @module
 */

import type { ClientOptions } from "./http/config.ts";
import type { Download, DownloadOptions } from "./downloads/download.ts";
import { downloadFile } from "./downloads/open_download.ts";
import type { RawRequestOptions } from "./http/raw_request.ts";
import type { Method, RequestOptions } from "./http/request.ts";
import { AsyncAgentExecutions } from "./resources/agents/executions.ts";
import { AsyncAgents } from "./resources/agents/mod.ts";
import { AsyncAnnotationIssues } from "./resources/annotation_issues/mod.ts";
import { AsyncAnnotations } from "./resources/annotations.ts";
import { AsyncAutoLabelJobs } from "./resources/auto_label_jobs.ts";
import { AsyncConsensus } from "./resources/consensus.ts";
import { AsyncCustomerQc } from "./resources/customer_qc.ts";
import { AsyncDatasets } from "./resources/datasets/mod.ts";
import { AsyncExports } from "./resources/exports.ts";
import { AsyncFleet } from "./resources/fleet/mod.ts";
import { AsyncInferenceProviders } from "./resources/inference_providers.ts";
import { AsyncOrganizations } from "./resources/organizations/mod.ts";
import { AsyncPermissions } from "./resources/permissions.ts";
import { AsyncProjects } from "./resources/projects.ts";
import { AsyncQualityTargets } from "./resources/quality_targets.ts";
import { AsyncSequenceOutcomes } from "./resources/sequence_outcomes/mod.ts";
import { AsyncSlices } from "./resources/slices.ts";
import { AsyncStorageConfigs } from "./resources/storage_configs.ts";
import { AsyncTasks } from "./resources/tasks.ts";
import { AsyncUsers } from "./resources/users.ts";
import { AsyncWebhookDeliveries } from "./resources/webhooks/deliveries.ts";
import { AsyncWebhooks } from "./resources/webhooks/mod.ts";
import { type RateLimitInfo, Transport } from "./http/transport.ts";

/** What a client does beside its resources. */
export class ClientCore {
  readonly #transport: Transport;

  /**
   * Constructs a client. What is not given comes from the environment.
   *
   * @param options The options.
   * @throws {ConfigurationError} If an option is wrong, or no credential is given.
   */
  constructor(options: ClientOptions = {}) {
    this.#transport = new Transport(options);
  }

  /**
   * What the resources send their requests with.
   *
   * @returns The transport.
   */
  protected get transport(): Transport {
    return this.#transport;
  }

  /**
   * A snapshot of the rate-limit headers of the most recent answer.
   *
   * @returns The headers, null where absent.
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
   * @returns The JSON of the answer, or null when it is empty.
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
  download(
    url: string,
    options?: DownloadOptions,
    request?: RequestOptions,
  ): Promise<Download> {
    return downloadFile(this.#transport, url, options, request);
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

/**
 * A client of the Avala API: one property for each resource. What is no resource,
 * such as {@linkcode ClientCore.request}, {@linkcode ClientCore.download},
 * {@linkcode ClientCore.rateLimitInfo} and {@linkcode ClientCore.close}, comes from
 * {@linkcode ClientCore}.
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
export class AsyncClient extends ClientCore {
  /** What agents were called for, and what they decide. */
  readonly agentExecutions: AsyncAgentExecutions = new AsyncAgentExecutions(
    this.transport,
  );
  /** Automations that react to events. */
  readonly agents: AsyncAgents = new AsyncAgents(this.transport);
  /** Problems that were found in annotations. */
  readonly annotationIssues: AsyncAnnotationIssues = new AsyncAnnotationIssues(
    this.transport,
  );
  /** Edits of annotations in bulk. */
  readonly annotations: AsyncAnnotations = new AsyncAnnotations(this.transport);
  /** Runs of a model over a project. */
  readonly autoLabelJobs: AsyncAutoLabelJobs = new AsyncAutoLabelJobs(
    this.transport,
  );
  /** Agreement between annotators. */
  readonly consensus: AsyncConsensus = new AsyncConsensus(this.transport);
  /** Quality control by customers. */
  readonly customerQc: AsyncCustomerQc = new AsyncCustomerQc(this.transport);
  /** Datasets with their items, sequences and frames. */
  readonly datasets: AsyncDatasets = new AsyncDatasets(this.transport);
  /** Export jobs and their results. */
  readonly exports: AsyncExports = new AsyncExports(this.transport);
  /** Devices with their recordings, events, rules and alerts. */
  readonly fleet: AsyncFleet = new AsyncFleet(this.transport);
  /** Endpoints of models that label. */
  readonly inferenceProviders: AsyncInferenceProviders =
    new AsyncInferenceProviders(this.transport);
  /** Organizations with their members, invitations and teams. */
  readonly organizations: AsyncOrganizations = new AsyncOrganizations(
    this.transport,
  );
  /** What the credential in use may do. */
  readonly permissions: AsyncPermissions = new AsyncPermissions(this.transport);
  /** Labeling projects. */
  readonly projects: AsyncProjects = new AsyncProjects(this.transport);
  /** Thresholds on the quality of a project. */
  readonly qualityTargets: AsyncQualityTargets = new AsyncQualityTargets(
    this.transport,
  );
  /** How sequences ended. */
  readonly sequenceOutcomes: AsyncSequenceOutcomes = new AsyncSequenceOutcomes(
    this.transport,
  );
  /** Saved selections of items. */
  readonly slices: AsyncSlices = new AsyncSlices(this.transport);
  /** Connections to buckets of your own. */
  readonly storageConfigs: AsyncStorageConfigs = new AsyncStorageConfigs(
    this.transport,
  );
  /** Units of labeling work. */
  readonly tasks: AsyncTasks = new AsyncTasks(this.transport);
  /** The account behind the credential. */
  readonly users: AsyncUsers = new AsyncUsers(this.transport);
  /** What was delivered to webhooks. */
  readonly webhookDeliveries: AsyncWebhookDeliveries =
    new AsyncWebhookDeliveries(this.transport);
  /** Webhook subscriptions. */
  readonly webhooks: AsyncWebhooks = new AsyncWebhooks(this.transport);
}
