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

/** A fault that was added. */
export interface FaultHandle {
  /** How many requests it has met. */
  readonly hits: number;
  /**
   * Why it has met none, when requests have passed it by: what they differ in,
   * and the latest ones. Null once it has met one, or while none has come.
   */
  readonly hint: string | null;
  /** Forgets the fault. */
  clear(): void;
}

/** A fault that waits for its requests. */
interface Waiting {
  readonly fault: Fault;
  left: number;
  /** Requests that it fits, every so many of which it meets. */
  fitting: number;
  hits: number;
  /** The latest requests that it does not fit. */
  readonly missed: string[];
  missedCount: number;
}

const NAMES = [
  "method",
  "path",
  "times",
  "every",
  "status",
  "body",
  "headers",
  "retryAfter",
  "delay",
  "drop",
  "loseAnswer",
  "truncate",
  "hang",
];

/** The faults that are waiting for their requests. */
export class Faults {
  #waiting: Waiting[] = [];

  /**
   * Adds a fault behind those that are waiting.
   *
   * @param fault The fault.
   * @returns Tells what it has met, and takes it back.
   * @throws {TypeError} If it has a field that no fault has, or a status that is none.
   */
  add(fault: Fault): FaultHandle {
    const unknown = Object.keys(fault).find((name) => !NAMES.includes(name));
    if (unknown !== undefined) {
      throw new TypeError(
        `Cannot add a fault as '${unknown}' is none of ${NAMES.join(", ")}`,
      );
    }
    const { status = 200 } = fault;
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new TypeError(
        `Cannot add a fault as 'status' must be an integer from 200 to 599: current value is ${status}`,
      );
    }
    const waiting: Waiting = {
      fault,
      left: fault.times ?? 1,
      fitting: 0,
      hits: 0,
      missed: [],
      missedCount: 0,
    };
    this.#waiting.push(waiting);
    return {
      get hits() {
        return waiting.hits;
      },
      get hint() {
        return waiting.hits > 0 ? null : hintOf(waiting);
      },
      clear: () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      },
    };
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
    for (const waiting of this.#waiting) {
      const { fault, left, missed } = waiting;
      if (left <= 0) continue;
      if (!fits(fault, method, path)) {
        waiting.missedCount++;
        missed.push(`${method} ${path}`);
        if (missed.length > 3) missed.shift();
      } else if (++waiting.fitting % (fault.every ?? 1) === 0) {
        waiting.left--;
        waiting.hits++;
        return fault;
      }
    }
    return undefined;
  }
}

function fits(fault: Fault, method: string, path: string): boolean {
  const { method: wanted = method, path: place } = fault;
  return wanted === method &&
    (typeof place === "string"
      ? path.includes(place)
      : place === undefined || path.search(place) >= 0);
}

function hintOf(
  { fault, fitting, missed, missedCount }: Waiting,
): string | null {
  const { method, path, every = 1, times = 1 } = fault;
  if (times <= 0) return `It meets ${times} requests: 'times' must be positive`;
  if (fitting > 0) {
    return `It has fitted ${fitting} requests, and meets one in ${every}`;
  }
  if (missedCount === 0) return null;
  const wanted = [
    method === undefined ? [] : `the method ${method}`,
    path === undefined
      ? []
      : typeof path === "string"
      ? `"${path}" in its path`
      : `a path that matches ${path}`,
  ].flat().join(" and ");
  return `None of ${missedCount} requests had ${wanted}; the latest: ${
    missed.join(", ")
  }`;
}

/** The longest time that a timer can hold. */
const FOR_EVER = 2 ** 31 - 1;

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
    // who waits for a hang is alive: Node would end the process before its time limit
    const timer = milliseconds === Infinity
      ? setInterval(() => {}, FOR_EVER)
      : setTimeout(() => {
        signal.removeEventListener("abort", stop);
        resolve();
      }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
