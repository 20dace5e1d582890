/**
 * The errors of the client. All are {@linkcode AvalaError}s, with `message`,
 * `statusCode`, `body`, `requestId`, `method`, `path`, `attempts`, `history` and
 * `cause`. Secrets are redacted.
 *
 * | error                           | when                                                                  |
 * | ------------------------------- | --------------------------------------------------------------------- |
 * | `ValidationError`               | 400, 422; `details`, `fieldErrors`                                    |
 * | `AuthenticationError`           | 401                                                                   |
 * | `ForbiddenError`                | 403                                                                   |
 * | `NotFoundError`                 | 404                                                                   |
 * | `ConflictError`                 | 409                                                                   |
 * | `DatasetRevisionWithdrawnError` | 410 for a revision of a public dataset                                |
 * | `QuotaExceededError`            | 413 with the numbers of a quota; `limit`, `used`                      |
 * | `RateLimitError`                | 429; `retryAfter` in seconds, or null                                 |
 * | `ServerError`                   | 5xx                                                                   |
 * | `ConnectionError`               | no connection, or it broke                                            |
 * | `TimeoutError`                  | a `ConnectionError`: an attempt took too long                         |
 * | `InvalidResponseError`          | success without the promised JSON, a redirect, a page link that loops |
 * | `ConfigurationError`            | wrong options of the client                                           |
 * | `InvalidArgumentError`          | a wrong argument; nothing was sent                                    |
 * | `ClientClosedError`             | the client was closed                                                 |
 * | `WaitTimeoutError`              | a wait took too long; `lastState`                                     |
 * | `WaitFailedError`               | what was waited for has failed, with `throwOnFailure`; `lastState`    |
 * | `WebhookVerificationError`      | a delivery that is not from the service                               |
 * | `WebhookReplayError`            | a `WebhookVerificationError`: its body was verified before            |
 *
 * @example Telling errors apart
 * ```ts
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { AsyncClient } from "@avala/client";
 * import { NotFoundError } from "@avala/client/errors";
 * import { assert } from "@std/assert";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * try {
 *   await client.datasets.get("gone");
 * } catch (error) {
 *   assert(error instanceof NotFoundError);
 * }
 * ```
 *
 * @example What the server said of each field
 * ```ts
 * import { AsyncClient, ValidationError } from "@avala/client";
 *
 * await using client = new AsyncClient();
 * const names = { name: "Night drive", dataType: "image" } as const;
 * try {
 *   await client.datasets.create({ ...names, slug: "not a slug!" });
 * } catch (error) {
 *   if (!(error instanceof ValidationError)) throw error;
 *   console.log(error.fieldErrors, error.attempts);
 * }
 * ```
 *
 * @module
 */

import { redactCause, redactJson, redactText } from "./redact.ts";

/** What is known about a failed call. */
export interface AvalaErrorOptions {
  /** HTTP status of the response. */
  statusCode?: number | null;
  /** Parsed JSON body of the response, or its text when it was no JSON. */
  body?: unknown;
  /** Value of the response's `X-Request-Id` header. */
  requestId?: string | null;
  /** HTTP method of the request. */
  method?: string | null;
  /** Path of the request below the base URL. */
  path?: string | null;
  /** How many times the request was sent. */
  attempts?: number;
  /** What caused the error. */
  cause?: unknown;
  /** Seconds the server asked to wait before another attempt. */
  retryAfter?: number | null;
  /** Values that must not appear anywhere in the error. */
  secrets?: readonly string[];
}

/** An attempt that has failed. */
export interface FailedAttempt {
  /** Which attempt it was, from 1. */
  readonly attempt: number;
  /** HTTP status of its response, or null when there was none. */
  readonly statusCode: number | null;
  /** Why it failed. */
  readonly error: AvalaError;
  /** Milliseconds waited before the next attempt; null when there was no other. */
  readonly waitMs: number | null;
}

/** Where a call that sends several requests has failed. */
export interface FailedBatch {
  /** Index of the failed batch, from 0. The batches before it stay applied. */
  index: number;
  /** What was not applied, the failed batch first; can be iterated once. */
  remaining: AsyncIterable<unknown>;
}

/**
 * Base class of all errors of the client.
 *
 * Redaction happens here, so that no error can carry a secret.
 *
 * @example Usage
 * ```ts
 * import { AvalaError } from "@avala/client/errors";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new AvalaError("Key avk_0123456789 refused", { statusCode: 418 });
 * assertEquals(error.message, "Key [redacted] refused");
 * ```
 */
export class AvalaError extends Error {
  /** HTTP status of the response, or null when there was none. */
  readonly statusCode: number | null;
  /** Parsed JSON body of the response, its text when it was no JSON, else null. */
  readonly body: unknown;
  /** Value of the response's `X-Request-Id` header, if any. */
  readonly requestId: string | null;
  /** HTTP method of the request, or null when the error is not about one. */
  readonly method: string | null;
  /** Path of the request below the base URL, without its query. */
  readonly path: string | null;
  /** How many times the request was sent; 0 when it never was. */
  readonly attempts: number;
  /** Seconds the server asked to wait before another attempt, or null. */
  readonly retryAfter: number | null;
  /** Every attempt of the call, this error's own last; empty when nothing was sent. */
  declare history: readonly FailedAttempt[];
  /** Which batch failed, when the call sends several; else absent. */
  declare batch?: FailedBatch;

  /**
   * Constructs an error, with all secrets redacted.
   *
   * @param message What went wrong.
   * @param options What is known about the failed call.
   */
  constructor(message: string, options: AvalaErrorOptions = {}) {
    const { secrets = [], cause } = options;
    super(redactText(message, secrets));
    this.name = "AvalaError";
    this.statusCode = options.statusCode ?? null;
    this.body = redactJson(options.body ?? null, secrets);
    this.requestId = options.requestId == null
      ? null
      : redactText(options.requestId, secrets);
    this.method = options.method ?? null;
    this.path = options.path == null ? null : redactText(options.path, secrets);
    this.attempts = options.attempts ?? 0;
    this.retryAfter = options.retryAfter ?? null;
    // not enumerable, as its last entry holds the error itself
    Object.defineProperty(this, "history", { value: [], writable: true });
    if (cause !== undefined) this.cause = redactCause(cause, secrets);
  }
}

/** 401: the key or token is missing, wrong or expired. */
export class AuthenticationError extends AvalaError {
  /** The name of the class. */
  override name = "AuthenticationError";
}

/** 403: the credential may not do this; a scope may be missing. */
export class ForbiddenError extends AvalaError {
  /** The name of the class. */
  override name = "ForbiddenError";
}

/** 404: there is no such thing, or the credential may not see it. */
export class NotFoundError extends AvalaError {
  /** The name of the class. */
  override name = "NotFoundError";
}

/** 409: the request conflicts with the state on the server. */
export class ConflictError extends AvalaError {
  /** The name of the class. */
  override name = "ConflictError";
}

/** 5xx: the server failed. */
export class ServerError extends AvalaError {
  /** The name of the class. */
  override name = "ServerError";
}

/** 413 with both numbers of a quota: the upload would not fit. */
export class QuotaExceededError extends AvalaError {
  /** The name of the class. */
  override name = "QuotaExceededError";
  /** The quota in bytes. */
  readonly limit: number;
  /** Bytes already used. */
  readonly used: number;

  /**
   * Constructs an error from the numbers of a quota.
   *
   * @param message What went wrong.
   * @param quota The quota and what is used of it, in bytes.
   * @param options What is known about the failed call.
   */
  constructor(
    message: string,
    quota: { limit: number; used: number },
    options?: AvalaErrorOptions,
  ) {
    super(message, options);
    this.limit = quota.limit;
    this.used = quota.used;
  }
}

/** A revision of a public dataset that was withdrawn. */
export interface WithdrawnRevision {
  /** `avala://datasets/uid@digest`. */
  canonicalReference: string;
  /** Unique id of the dataset. */
  datasetUid: string;
  /** Digest of the revision. */
  revisionSha256: string;
}

/** 410: this very revision of a public dataset was withdrawn. */
export class DatasetRevisionWithdrawnError extends AvalaError {
  /** The name of the class. */
  override name = "DatasetRevisionWithdrawnError";
  /** Canonical reference of the revision: `avala://datasets/uid@digest`. */
  readonly canonicalReference: string;
  /** Unique id of the dataset. */
  readonly datasetUid: string;
  /** Digest of the revision. */
  readonly revisionSha256: string;

  /**
   * Constructs an error that names the revision.
   *
   * @param message What went wrong.
   * @param revision The revision.
   * @param options What is known about the failed call.
   */
  constructor(
    message: string,
    revision: WithdrawnRevision,
    options?: AvalaErrorOptions,
  ) {
    super(message, options);
    this.canonicalReference = revision.canonicalReference;
    this.datasetUid = revision.datasetUid;
    this.revisionSha256 = revision.revisionSha256;
  }
}

/** 429: too many requests, and the retries are used up or the wait is too long. */
export class RateLimitError extends AvalaError {
  /** The name of the class. */
  override name = "RateLimitError";

  /**
   * Constructs an error with the time the server asked to wait.
   *
   * @param message What went wrong.
   * @param retryAfter Seconds to wait, or null.
   * @param options What is known about the failed call.
   */
  constructor(
    message: string,
    retryAfter: number | null,
    options?: AvalaErrorOptions,
  ) {
    super(message, { ...options, retryAfter });
  }
}

/** 400 and 422: the server refused the values of the request. */
export class ValidationError extends AvalaError {
  /** The name of the class. */
  override name = "ValidationError";
  /** The errors as the server sent them: field errors, located errors or a list; else null. */
  readonly details: unknown;
  /** Texts by field, nested fields joined by dots; empty when the server named no field. */
  readonly fieldErrors: { [field: string]: string[] };

  /**
   * Constructs an error from what the server said about the fields.
   *
   * @param message What went wrong.
   * @param details The errors as the server sent them.
   * @param fieldErrors Texts by field.
   * @param options What is known about the failed call.
   */
  constructor(
    message: string,
    details: unknown,
    fieldErrors: { [field: string]: string[] },
    options: AvalaErrorOptions = {},
  ) {
    super(message, options);
    this.details = redactJson(details, options.secrets);
    // text about a field is no secret for the field's name
    this.fieldErrors = Object.fromEntries(
      Object.entries(fieldErrors).map(([field, texts]) => [
        redactText(field, options.secrets),
        texts.map((text) => redactText(text, options.secrets)),
      ]),
    );
  }
}

/** No usable response came: the connection could not be made, or broke. */
export class ConnectionError extends AvalaError {
  /** The name of the class. */
  override name = "ConnectionError";
}

/** The response, its body included, did not arrive within the time limit. */
export class TimeoutError extends ConnectionError {
  /** The name of the class. */
  override name = "TimeoutError";
}

/** The server responded with success, but not with the promised JSON; or with a redirect. */
export class InvalidResponseError extends AvalaError {
  /** The name of the class. */
  override name = "InvalidResponseError";
}

/** The client can't be constructed with these options, or its credential can't be had. */
export class ConfigurationError extends AvalaError {
  /** The name of the class. */
  override name = "ConfigurationError";
}

/** An argument of a call was refused before anything was sent. */
export class InvalidArgumentError extends AvalaError {
  /** The name of the class. */
  override name = "InvalidArgumentError";
}

/** A webhook delivery does not carry the signature of its secret, or was changed on its way. */
export class WebhookVerificationError extends AvalaError {
  /** The name of the class. */
  override name = "WebhookVerificationError";
}

/** A webhook delivery carries the right signature, but its body was verified before. */
export class WebhookReplayError extends WebhookVerificationError {
  /** The name of the class. */
  override name = "WebhookReplayError";
}

/** The client was closed before the call, or while it was under way. */
export class ClientClosedError extends AvalaError {
  /** The name of the class. */
  override name = "ClientClosedError";
}

/** A wait took longer than its `timeout`. */
export class WaitTimeoutError extends AvalaError {
  /** The name of the class. */
  override name = "WaitTimeoutError";
  /** The state that was read last, or null when none was. */
  readonly lastState: unknown;

  /**
   * Constructs an error with the last state seen.
   *
   * @param message What was waited for.
   * @param lastState The state that was read last.
   * @param options What is known about the wait.
   */
  constructor(
    message: string,
    lastState: unknown,
    options?: AvalaErrorOptions,
  ) {
    super(message, options);
    this.lastState = redactJson(lastState, options?.secrets);
  }
}

/** What was waited for has failed, and the wait was asked to throw then. */
export class WaitFailedError extends AvalaError {
  /** The name of the class. */
  override name = "WaitFailedError";
  /** The failed state. */
  readonly lastState: unknown;

  /**
   * Constructs an error with the failed state.
   *
   * @param message What has failed.
   * @param lastState The failed state.
   * @param options What is known about the wait.
   */
  constructor(
    message: string,
    lastState: unknown,
    options?: AvalaErrorOptions,
  ) {
    super(message, options);
    this.lastState = redactJson(lastState, options?.secrets);
  }
}
