/**
 * Knows which timers are set, since there is no process that they would keep.
 *
 * @module
 */

const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
// by number, which even an object of workerd is
const timers = new Map<number, Error>();

/** Waits, by a timer that does not count. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The timers that are set. */
export function openTimers(): string[] {
  // written out here: nearly all timers end before anybody asks
  return [...timers.values()].map(({ stack }) => `${stack}`);
}

/** Watches all timers from now on; not every runtime tells of what they throw. */
export function watchTimers(onError: (error: unknown) => void): void {
  const guarded = (call: () => void) => {
    try {
      call();
    } catch (error) {
      onError(error);
    }
  };
  const timeout = (
    call: (...values: unknown[]) => void,
    milliseconds?: number,
    ...values: unknown[]
  ) => {
    const timer = setTimeout(() => {
      timers.delete(Number(timer));
      guarded(() => call(...values));
    }, milliseconds);
    timers.set(Number(timer), named("timer", milliseconds));
    return timer;
  };
  const interval = (
    call: (...values: unknown[]) => void,
    milliseconds?: number,
    ...values: unknown[]
  ) => {
    const timer = setInterval(
      () => guarded(() => call(...values)),
      milliseconds,
    );
    timers.set(Number(timer), named("interval", milliseconds));
    return timer;
  };
  const clear = (timer: number | undefined) => {
    timers.delete(Number(timer));
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

/** Says where it was set, too. */
function named(what: string, milliseconds = 0): Error {
  return new Error(`the ${what} of ${milliseconds} ms`);
}
