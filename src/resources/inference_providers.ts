/**
 * Endpoints of models that label.
 *
 * @example Connect a model
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const provider = await client.inferenceProviders.create({
 *   name: "Night model",
 *   providerType: "http",
 *   config: { endpoint_url: "https://models.example.com/night" },
 * });
 * console.log(await client.inferenceProviders.test(provider.uid));
 * ```
 *
 * @module
 */

import type { PagePromise } from "../http/pages.ts";
import type { RequestOptions } from "../http/request.ts";
import { type JsonObject, model, type Open } from "../wire/codec.ts";
import {
  body,
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
  required,
  requiredText,
} from "../wire/options.ts";
import { path } from "../wire/path.ts";
import { Resource } from "./resource.ts";

/** Kind of endpoint. */
export type InferenceProviderType = Open<"sagemaker" | "http">;

/** A model endpoint used for auto-labeling. */
export interface InferenceProvider {
  /** Unique id of the provider. */
  uid: string;
  /** Display name. */
  name: string;
  /** Description. */
  description: string | null;
  /** Kind of endpoint. */
  providerType: InferenceProviderType | null;
  /** Settings of the connection, the JSON untouched; may hold secrets. */
  config: JsonObject | null;
  /** Whether it may be used. */
  isActive: boolean;
  /** Project the provider is limited to: a unique id, or a number, as the sources differ; null when to none. */
  project: unknown;
  /** When the endpoint was last tested, ISO-8601. */
  lastTestAt: string | null;
  /** Whether the last test passed. */
  lastTestSuccess: boolean | null;
  /** When the record was created, ISO-8601. */
  createdAt: string | null;
  /** When the record last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Options of {@linkcode AsyncInferenceProviders.create}. */
export interface CreateInferenceProviderOptions {
  /** Display name. */
  name: string;
  /** Kind of endpoint. */
  providerType: InferenceProviderType;
  /** Settings of the connection, the JSON untouched; may hold secrets. */
  config: JsonObject;
  /** Description. */
  description?: string | undefined;
  /** Whether it may be used. */
  isActive?: boolean | undefined;
  /** Project the provider is limited to: a unique id, or a number, as the sources differ; null when to none. */
  project?: unknown | undefined;
}

/** Options of {@linkcode AsyncInferenceProviders.update}. Null should clear a field; the Avala docs don't say so. */
export interface UpdateInferenceProviderOptions {
  /** Display name. */
  name?: string | undefined;
  /** Description. */
  description?: string | null | undefined;
  /** Kind of endpoint. */
  providerType?: InferenceProviderType | null | undefined;
  /** Settings of the connection, the JSON untouched; may hold secrets. */
  config?: JsonObject | null | undefined;
  /** Whether it may be used. */
  isActive?: boolean | undefined;
  /** Project the provider is limited to: a unique id, or a number, as the sources differ; null when to none. */
  project?: unknown | undefined;
}

const decodeProvider = model<InferenceProvider>({
  uid: null,
  name: null,
  description: null,
  providerType: null,
  config: null,
  isActive: true,
  project: null,
  lastTestAt: null,
  lastTestSuccess: null,
  createdAt: null,
  updatedAt: null,
});

const CREATE: OptionTable<CreateInferenceProviderOptions> = {
  name: requiredText,
  providerType: requiredText,
  config: required,
  description: optional,
  isActive: optional,
  project: optional,
};

const UPDATE: OptionTable<UpdateInferenceProviderOptions> = {
  name: optional,
  description: optional,
  providerType: optional,
  config: optional,
  isActive: optional,
  project: optional,
};

/** Inference providers. */
export class AsyncInferenceProviders extends Resource {
  /**
   * Lists providers.
   *
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all providers when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<InferenceProvider> {
    const where = path("inferenceProviders.list", "/inference-providers/");
    return this.pages(decodeProvider, where, PAGE, options, request);
  }

  /**
   * Reads a provider.
   *
   * @param uid Unique id of the provider.
   * @param request Request options.
   * @returns The provider.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such provider.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<InferenceProvider> {
    const where = path(
      "inferenceProviders.get",
      "/inference-providers/{uid}/",
      { uid },
    );
    return await this.one(decodeProvider, "GET", where, request);
  }

  /**
   * Creates a provider. It is never sent twice, unless the server says that it
   * did not process it.
   *
   * @param options The options.
   * @param request Request options.
   * @returns The provider.
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   * @throws {AvalaError} If the request fails.
   */
  async create(
    options: CreateInferenceProviderOptions,
    request?: RequestOptions,
  ): Promise<InferenceProvider> {
    const where = path("inferenceProviders.create", "/inference-providers/");
    const input = body(CREATE, options);
    return await this.one(
      decodeProvider,
      "POST",
      where,
      request,
      input,
    );
  }

  /**
   * Changes a provider.
   *
   * @param uid Unique id of the provider.
   * @param options What to change.
   * @param request Request options.
   * @returns The provider.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such provider.
   * @throws {AvalaError} If the request fails.
   */
  async update(
    uid: string,
    options: UpdateInferenceProviderOptions,
    request?: RequestOptions,
  ): Promise<InferenceProvider> {
    const where = path(
      "inferenceProviders.update",
      "/inference-providers/{uid}/",
      { uid },
    );
    const input = body(UPDATE, options);
    return await this.one(
      decodeProvider,
      "PATCH",
      where,
      request,
      input,
    );
  }

  /**
   * Deletes a provider.
   *
   * @param uid Unique id of the provider.
   * @param request Request options.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such provider.
   * @throws {AvalaError} If the request fails.
   */
  async delete(uid: string, request?: RequestOptions): Promise<void> {
    const where = path(
      "inferenceProviders.delete",
      "/inference-providers/{uid}/",
      { uid },
    );
    await this.nothing("DELETE", where, request);
  }

  /**
   * Has the server test a provider: its endpoint is called once.
   *
   * @param uid Unique id of the provider.
   * @param request Request options.
   * @returns The server's JSON as it is; its keys differ between the Avala
   * sources.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such provider.
   * @throws {AvalaError} If the request fails.
   */
  async test(uid: string, request?: RequestOptions): Promise<JsonObject> {
    const where = path(
      "inferenceProviders.test",
      "/inference-providers/{uid}/test/",
      { uid },
    );
    const input = { idempotent: true };
    return await this.json("POST", where, request, input);
  }
}
