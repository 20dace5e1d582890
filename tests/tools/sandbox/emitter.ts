/**
 * The part of Node's event emitter that servers and requests need.
 *
 * @module
 */

/** Takes an event. */
// deno-lint-ignore no-explicit-any -- each event has values of its own
export type Listener = (...values: any[]) => unknown;

/** Has listeners by event. */
export class Emitter {
  readonly #listeners = new Map<string, Set<Listener>>();

  /** Calls the listener at each event of that name. */
  on(event: string, listener: Listener): this {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return this;
  }

  /** Calls the listener at the next event of that name. */
  once(event: string, listener: Listener): this {
    const first = (...values: unknown[]) => {
      this.off(event, first);
      listener(...values);
    };
    return this.on(event, first);
  }

  /** No longer calls the listener. */
  off(event: string, listener: Listener): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  /** Calls all listeners; true when there was one. */
  emit(event: string, ...values: unknown[]): boolean {
    const listeners = [...this.#listeners.get(event) ?? []];
    for (const listener of listeners) listener(...values);
    return listeners.length > 0;
  }
}
