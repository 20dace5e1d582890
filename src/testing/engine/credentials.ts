/**
 * Which credentials are accepted.
 *
 * @module
 */

import { type EmulatedResponse, failure } from "./responses.ts";
import type { State } from "./state.ts";

/**
 * Refuses a request without a credential that is known.
 *
 * @param headers Headers of the request.
 * @param state Where the keys of new accounts are.
 * @param apiKeys The keys to accept; every one that starts with `avk_` by default.
 * @returns The response, or undefined when the credential is fine.
 */
export function checkCredential(
  headers: Headers,
  state: State,
  apiKeys: readonly string[] | undefined,
): EmulatedResponse | undefined {
  const key = headers.get("x-avala-api-key");
  const isBearer = headers.get("authorization")?.startsWith("Bearer ");
  if (!key && isBearer && !apiKeys) return undefined;
  if (!key) {
    return failure(401, "Authentication credentials were not provided.");
  }
  const isKnown = (apiKeys?.includes(key) ?? key.startsWith("avk_")) ||
    state.collection("apiKeys").get(key) !== undefined;
  return isKnown ? undefined : failure(401, "Invalid API key.");
}
