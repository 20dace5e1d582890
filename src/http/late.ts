/**
 * What most calls never need. All of it loads with the first call that needs some.
 *
 * @module
 */

export { again, attempt } from "./again.ts";
export {
  errorOf,
  readError,
  tooLarge,
  unexpectedBody,
} from "./error_response.ts";
export { Limiter } from "./limiter.ts";
export { toCall } from "./raw_request.ts";
