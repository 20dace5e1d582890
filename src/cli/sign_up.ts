/**
 * Signing up: the one operation that needs no key.
 *
 * @module
 */

import {
  signup,
  type SignupOptions,
  type SignupResponse,
} from "../resources/signup.ts";
import { clientOptions } from "./connect.ts";
import type { Context, Given } from "./command.ts";

/**
 * Creates an account.
 *
 * @param context What the command works with.
 * @param given What was typed.
 * @returns The account and its key.
 */
export async function signUp(
  context: Context,
  given: Given,
): Promise<SignupResponse> {
  const { apiKey: _, ...options } = await clientOptions(context, "none");
  return await signup(
    given.options as unknown as SignupOptions,
    options,
    { signal: context.signal },
  );
}
