/**
 * What every resource is made of: the ways to call an endpoint.
 *
 * @module
 */

import { PagePromise } from "../http/pages.ts";
import type { Method, RequestOptions } from "../http/request.ts";
import type { Transport } from "../http/transport.ts";
import type { Decode, JsonObject } from "../wire/codec.ts";
import { type Input, type OptionTable, toQuery } from "../wire/options.ts";
import type { Path } from "../wire/path.ts";

/** A part of the API, with a method for each of its endpoints. */
export abstract class Resource {
  /** Sends the requests. */
  protected readonly transport: Transport;

  /**
   * Constructs the resource.
   *
   * @param transport Sends the requests.
   */
  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * Calls an endpoint that responds with one model.
   *
   * @typeParam T The model.
   * @param decode Decodes the response.
   * @param method HTTP method.
   * @param path Where the endpoint is.
   * @param request The caller's request options.
   * @param input Query and body.
   * @returns The model.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the call fails.
   */
  protected async one<T>(
    decode: Decode<T>,
    method: Method,
    path: Path,
    request?: RequestOptions,
    input?: Input,
  ): Promise<T> {
    const call = { method, path, ...input };
    return decode(await this.transport.send(call, "object", request));
  }

  /**
   * Calls an endpoint that responds with a plain list of models.
   *
   * @typeParam T The model.
   * @param decode Decodes an entry.
   * @param method HTTP method.
   * @param path Where the endpoint is.
   * @param request The caller's request options.
   * @param input Query and body.
   * @returns The models.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the call fails.
   */
  protected async array<T>(
    decode: Decode<T>,
    method: Method,
    path: Path,
    request?: RequestOptions,
    input?: Input,
  ): Promise<T[]> {
    const call = { method, path, ...input };
    const rows = await this.transport.send(call, "array", request);
    return (rows as unknown[]).map((row) => decode(row));
  }

  /**
   * Calls an endpoint that responds with free JSON.
   *
   * @param method HTTP method.
   * @param path Where the endpoint is.
   * @param request The caller's request options.
   * @param input Query and body.
   * @returns The JSON as it is; null when the response is empty.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the call fails.
   */
  protected async json(
    method: Method,
    path: Path,
    request?: RequestOptions,
    input?: Input,
  ): Promise<JsonObject> {
    const call = { method, path, ...input };
    // free JSON of objects, as far as the Avala docs show it
    return await this.transport.send(call, "json", request) as JsonObject;
  }

  /**
   * Calls an endpoint whose response says nothing but that it succeeded. A
   * deletion that was sent again, as its response was lost, and then finds nothing
   * has succeeded.
   *
   * @param method HTTP method.
   * @param path Where the endpoint is.
   * @param request The caller's request options.
   * @param input Query and body.
   * @returns Nothing.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the call fails.
   */
  protected async nothing(
    method: Method,
    path: Path,
    request?: RequestOptions,
    input?: Input,
  ): Promise<void> {
    const call = { method, path, ...input };
    await this.transport.send(call, "nothing", request);
  }

  /**
   * Lists an endpoint that responds with pages.
   *
   * @typeParam T The model of the items.
   * @typeParam O The options.
   * @param decode Decodes an item.
   * @param path Where the list is.
   * @param table The option table of the method.
   * @param options The caller's options.
   * @param request The caller's request options, for every page.
   * @param shape Whether a plain array is taken for the only page.
   * @param reader Loads what reads every page, where `JSON.parse` would lose some of it.
   * @returns The first page when awaited, all items when iterated.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If a request fails.
   */
  protected pages<T, O extends object>(
    decode: Decode<T>,
    path: Path,
    table: OptionTable<O>,
    options: O,
    request: RequestOptions = {},
    shape: "page" | "pageOrArray" = "page",
    reader?: Input["reader"],
  ): PagePromise<T> {
    const { transport } = this;
    const query = (method: string) => toQuery(method, table, options);
    return new PagePromise({
      transport,
      decode,
      path,
      query,
      request,
      shape,
      reader,
    });
  }
}
