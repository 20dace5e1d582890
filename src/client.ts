/**
 * The client: options in, resources out.
 *
 * @module
 */

import type { ClientOptions } from "./config.ts";
import type { RawRequestOptions } from "./raw_request.ts";
import type { Method } from "./request.ts";
import { AsyncConsensus } from "./resources/consensus.ts";
import { AsyncDatasets } from "./resources/datasets.ts";
import { AsyncExports } from "./resources/exports.ts";
import { AsyncProjects } from "./resources/projects.ts";
import { AsyncTasks } from "./resources/tasks.ts";
import { AsyncWebhookDeliveries } from "./resources/webhook_deliveries.ts";
import { AsyncWebhooks } from "./resources/webhooks.ts";
import { type RateLimitInfo, Transport } from "./transport.ts";

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
 * A client of the Avala API.
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
  /** Agreement between annotators. */
  readonly consensus: AsyncConsensus = new AsyncConsensus(this.transport);
  /** Datasets with their items, sequences and frames. */
  readonly datasets: AsyncDatasets = new AsyncDatasets(this.transport);
  /** Export jobs and their results. */
  readonly exports: AsyncExports = new AsyncExports(this.transport);
  /** Labeling projects. */
  readonly projects: AsyncProjects = new AsyncProjects(this.transport);
  /** Units of labeling work. */
  readonly tasks: AsyncTasks = new AsyncTasks(this.transport);
  /** What was delivered to webhooks. */
  readonly webhookDeliveries: AsyncWebhookDeliveries =
    new AsyncWebhookDeliveries(this.transport);
  /** Webhook subscriptions. */
  readonly webhooks: AsyncWebhooks = new AsyncWebhooks(this.transport);
}
