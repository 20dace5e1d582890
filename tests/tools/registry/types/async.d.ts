// What the tests and the library use of `@std/async`. The npm copy of std
// carries no types; the real registry does, and never sees this file.

export interface DelayOptions {
  signal?: AbortSignal;
  persistent?: boolean;
}
export function delay(ms: number, options?: DelayOptions): Promise<void>;

export interface RetryOptions {
  multiplier?: number;
  maxTimeout?: number;
  maxAttempts?: number;
  minTimeout?: number;
  jitter?: number;
  isRetriable?: (error: unknown) => boolean;
  signal?: AbortSignal;
}
export class RetryError extends Error {
  constructor(cause: unknown, attempts: number);
}
export function retry<T>(
  fn: (() => Promise<T>) | (() => T),
  options?: RetryOptions,
): Promise<T>;

export interface PollOptions {
  interval?: number;
  signal?: AbortSignal;
}
export function poll<T>(
  fn: () => Promise<T> | T,
  isDone: (value: T) => boolean,
  options?: PollOptions,
): Promise<T>;

export function pooledMap<T, R>(
  poolLimit: number,
  array: Iterable<T> | AsyncIterable<T>,
  iteratorFn: (item: T) => Promise<R>,
): AsyncIterableIterator<R>;

export interface DeadlineOptions {
  signal?: AbortSignal;
}
export function deadline<T>(
  promise: Promise<T>,
  ms: number,
  options?: DeadlineOptions,
): Promise<T>;

export function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T>;
export function abortable<T>(
  iterable: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T>;
