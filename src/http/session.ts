/**
 * What a transport holds, for the parts of the library that are built on it. They
 * are functions of their own, so that a bundle holds only those it uses.
 *
 * @module
 */

import type { Config } from "./config.ts";
import type { Sender } from "./sender.ts";
import type { Transport } from "./transport.ts";

/** What a transport holds. */
export interface Session {
  /** The configuration of the client. */
  readonly config: Config;
  /** Sends the requests. */
  readonly sender: Sender;
}

const SESSIONS = new WeakMap<Transport, Session>();

/**
 * Makes the session of a transport known.
 *
 * @param transport The transport.
 * @param session What it holds.
 */
export function openSession(transport: Transport, session: Session): void {
  SESSIONS.set(transport, session);
}

/**
 * Finds the session of a transport.
 *
 * @param transport The transport.
 * @returns What it holds.
 * @throws {TypeError} If it is no transport.
 */
export function sessionOf(transport: Transport): Session {
  const session = SESSIONS.get(transport);
  if (session) return session;
  throw new TypeError("Cannot use the transport as it is none of this package");
}
