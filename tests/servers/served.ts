/**
 * Tests that talk to a served emulator, as an application would.
 *
 * @module
 */

import { assert, assertRejects } from "@std/assert";
import { AsyncClient } from "@avala/client";
import { ValidationError } from "@avala/client/errors";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";
import { test } from "../tools/harness.ts";

/** What a test gets. */
export interface Served {
  /** A client of the owner of the small world. */
  client: AsyncClient;
  /** The emulator behind it. */
  emulator: AvalaEmulator;
  /** Makes a client with another key; it is closed after the test. */
  clientOf: (apiKey: string) => AsyncClient;
  /** The base URL. */
  baseUrl: string;
}

/** Declares a test with an emulator of its own. */
export function served(
  name: string,
  use: (served: Served) => Promise<void>,
  options: AvalaEmulatorOptions = {},
): void {
  test(name, async () => {
    const emulator = new AvalaEmulator(options);
    await using server = await emulator.serve();
    const { baseUrl } = server;
    const clients: AsyncClient[] = [];
    const clientOf = (apiKey: string) => {
      const client = new AsyncClient({
        apiKey,
        baseUrl,
        allowInsecureBaseUrl: true,
      });
      clients.push(client);
      return client;
    };
    try {
      const client = clientOf("avk_test_key_1");
      await use({ client, emulator, clientOf, baseUrl });
    } finally {
      for (const client of clients) client.close();
    }
  });
}

/** Expects a call to be refused, and gives the texts by field. */
export async function refused(
  call: () => Promise<unknown>,
): Promise<{ [field: string]: string[] }> {
  const error = await assertRejects(call, ValidationError);
  assert(error instanceof ValidationError);
  return error.fieldErrors;
}
