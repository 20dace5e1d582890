/**
 * Counts who listens to a signal: a call that is over must not.
 *
 * @module
 */

/** The listeners of one signal. */
export interface Listeners {
  /** How many there are now. */
  now(): number;
  /** How many were ever added. */
  added(): number;
  /** How many there were at most at one time. */
  most(): number;
}

/** Counts the listeners of a signal from now on. */
export function countListeners(signal: AbortSignal): Listeners {
  const { addEventListener, removeEventListener } = signal;
  const listeners = new Set<unknown>();
  let added = 0;
  let most = 0;
  signal.addEventListener = (...args: unknown[]) => {
    added++;
    listeners.add(args[1]);
    most = Math.max(most, listeners.size);
    addEventListener.apply(signal, args as never);
  };
  signal.removeEventListener = (...args: unknown[]) => {
    listeners.delete(args[1]);
    removeEventListener.apply(signal, args as never);
  };
  return {
    now: () => listeners.size,
    added: () => added,
    most: () => most,
  };
}
