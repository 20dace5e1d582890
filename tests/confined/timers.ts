/**
 * Knows which timers are set, since there is no process that they would keep.
 *
 * @module
 */

const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
const timers = new Map<unknown, string>();

/** Waits, by a timer that does not count. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The timers that are set. */
export function openTimers(): string[] {
  return [...timers.values()];
}

/** Watches all timers from now on. */
export function watchTimers(): void {
  const timeout = (
    call: (...values: unknown[]) => void,
    milliseconds?: number,
    ...values: unknown[]
  ) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      call(...values);
    }, milliseconds);
    timers.set(timer, `a timer of ${milliseconds} ms`);
    return timer;
  };
  const interval = (
    call: (...values: unknown[]) => void,
    milliseconds?: number,
    ...values: unknown[]
  ) => {
    const timer = setInterval(call, milliseconds, ...values);
    timers.set(timer, `an interval of ${milliseconds} ms`);
    return timer;
  };
  const clear = (timer: number | undefined) => {
    timers.delete(timer);
    clearTimeout(timer);
    clearInterval(timer);
  };
  Object.assign(globalThis, {
    setTimeout: timeout,
    setInterval: interval,
    clearTimeout: clear,
    clearInterval: clear,
  });
}
