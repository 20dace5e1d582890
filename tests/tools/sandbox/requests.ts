/**
 * Requests to the worker that runs the tests: what is made for one of them must
 * also work in another.
 *
 * @module
 */

/** Sends a request to the worker itself. */
export interface Self {
  /** As the global one. */
  fetch(url: string): Promise<Response>;
}

let self: Self | undefined;
let next: () => unknown = () => {};

/** Keeps the way from the worker to itself. */
export function keepSelf(way: Self | undefined): void {
  self = way;
}

/** Runs the work in a request of its own; its error comes out as text. */
export async function inRequest(work: () => unknown): Promise<void> {
  if (!self) throw new Error("Cannot send a request: this is no worker");
  next = work;
  const error = await (await self.fetch("http://self/")).text();
  if (error) throw new Error(error);
}

/** Handles such a request. */
export async function handle(): Promise<Response> {
  try {
    await next();
    return new Response();
  } catch (error) {
    return new Response(error instanceof Error ? error.stack : String(error));
  }
}
