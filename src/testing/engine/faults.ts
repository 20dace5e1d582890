/**
 * Faults on demand.
 *
 * @module
 */

/** A fault: which requests it meets, and what happens to them. */
export interface Fault {
  /** Only requests with this method. */
  method?: string | undefined;
  /** Only requests whose path holds this text or matches this pattern. */
  path?: string | RegExp | undefined;
  /**
   * How many requests it meets.
   *
   * @default {1}
   */
  times?: number | undefined;
  /**
   * Meet only every so many of these requests: 5 is one in five.
   *
   * @default {1}
   */
  every?: number | undefined;
  /** Respond with this status instead of processing the request. */
  status?: number | undefined;
  /** Body to respond with: text as it is, anything else as JSON. */
  body?: unknown;
  /** Headers to respond with. */
  headers?: { [name: string]: string } | undefined;
  /** `Retry-After` to respond with: seconds or an HTTP date. */
  retryAfter?: number | string | undefined;
  /** Milliseconds to wait first. */
  delay?: number | undefined;
  /** Cut the connection before the request is processed. */
  drop?: "before" | undefined;
  /** Process the request, then cut the connection instead of responding. */
  loseAnswer?: boolean | undefined;
  /** Process the request, then cut the connection in the middle of the body. */
  truncate?: boolean | undefined;
  /** Never respond. */
  hang?: boolean | undefined;
}

/** The faults that are waiting for their requests. */
export class Faults {
  #waiting: { fault: Fault; left: number; passed: number }[] = [];

  /**
   * Adds a fault behind those that are waiting.
   *
   * @param fault The fault.
   */
  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1, passed: 0 });
  }

  /** Forgets all faults. */
  clear(): void {
    this.#waiting = [];
  }

  /**
   * Takes the first fault that meets a request.
   *
   * @param method HTTP method of the request.
   * @param path Path of the request.
   * @returns The fault, if there is one.
   */
  take(method: string, path: string): Fault | undefined {
    const found = this.#waiting.find((entry) => {
      const { fault, left } = entry;
      const meets = left > 0 && (fault.method ?? method) === method &&
        (typeof fault.path === "string"
          ? path.includes(fault.path)
          : fault.path === undefined || path.search(fault.path) >= 0);
      return meets && ++entry.passed % (fault.every ?? 1) === 0;
    });
    if (found) found.left--;
    return found?.fault;
  }
}

/**
 * Waits; an abort ends it at once with the signal's reason.
 *
 * @param milliseconds How long; `Infinity` waits for the abort.
 * @param signal Ends the wait.
 * @returns A promise that is fulfilled after the time.
 */
export function pause(
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = milliseconds === Infinity ? undefined : setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
