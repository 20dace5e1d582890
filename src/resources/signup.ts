/**
 * Accounts for those who have none.
 *
 * @module
 */

import type { RequestOptions } from "../http/request.ts";
import { type ClientOptions, Transport } from "../http/transport.ts";
import { model } from "../wire/codec.ts";
import {
  body,
  optional,
  type OptionTable,
  requiredText,
} from "../wire/options.ts";
import { path } from "../wire/path.ts";

/** The new account. */
export interface SignupUser {
  /** Unique id. */
  uid: string;
  /** User name. */
  username: string;
  /** E-mail address. */
  email: string | null;
  /** First name. */
  firstName: string | null;
  /** Last name. */
  lastName: string | null;
  /** Whether the account waits to be admitted. */
  inWaitlist: boolean;
}

/** What a signup responds with. */
export interface SignupResponse {
  /** The new account. */
  user: SignupUser;
  /** API key of the account: a secret, shown this once. */
  apiKey: string;
}

/** Options of {@linkcode signup}. */
export interface SignupOptions {
  /** E-mail address. */
  email: string;
  /** Password: a secret. */
  password: string;
  /** First name. */
  firstName?: string | undefined;
  /** Last name. */
  lastName?: string | undefined;
}

const decodeSignupResponse = model<SignupResponse>({
  user: model<SignupUser>({
    uid: null,
    username: null,
    email: null,
    firstName: null,
    lastName: null,
    inWaitlist: true,
  }),
  apiKey: null,
});

const SIGNUP: OptionTable<SignupOptions> = {
  email: requiredText,
  password: requiredText,
  firstName: optional,
  lastName: optional,
};

/**
 * Creates an account. It needs no key, and sends none. It is never sent twice,
 * unless the server says that it did not process it; the service allows 5 a minute
 * from one address.
 *
 * @example Usage
 * ```ts
 * import { signup } from "@avala/client/signup";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = new AvalaEmulator();
 * const { user, apiKey } = await signup(
 *   { email: "ada@example.com", password: crypto.randomUUID() },
 *   { fetch },
 * );
 * assertEquals(user.email, "ada@example.com");
 * assertEquals(typeof apiKey, "string");
 * ```
 *
 * @param options E-mail address, password and name.
 * @param client Options of the client that sends the request; a credential is not used.
 * @param request Request options.
 * @returns The account and its API key, which is shown this once.
 * @throws {ConfigurationError} If an option of the client is wrong.
 * @throws {InvalidArgumentError} If an option is missing or wrong.
 * @throws {ValidationError} If the address is taken or the password too weak.
 * @throws {AvalaError} If the request fails.
 */
export async function signup(
  options: SignupOptions,
  client: ClientOptions = {},
  request?: RequestOptions,
): Promise<SignupResponse> {
  const transport = new Transport(client, "none");
  try {
    const where = path("signup.signup", "/signup/");
    const input = body(SIGNUP, options);
    const call = { method: "POST", path: where, ...input } as const;
    return decodeSignupResponse(await transport.send(call, "object", request));
  } finally {
    transport.close();
  }
}
