/**
 * The way from a runtime without sockets to the process that has them.
 *
 * @module
 */

import { decode, encode, type Message } from "./frame.ts";

/** Takes the messages about one object. */
export type Receiver = (message: Message, bytes: Uint8Array) => void;

const receivers = new Map<string, Receiver>();
let socket: WebSocket | undefined;
let objects = 0;

/** Opens the only link there is. */
export async function open(url: string): Promise<void> {
  const opened = new WebSocket(url);
  opened.binaryType = "arraybuffer";
  opened.addEventListener("message", ({ data }) => {
    const [message, bytes] = decode(data);
    receivers.get(message.id)?.(message, bytes);
  });
  await new Promise<void>((resolve, reject) => {
    opened.addEventListener("open", () => resolve());
    opened.addEventListener("error", () => {
      reject(new Error(`Cannot open the link to '${url}'`));
    });
  });
  socket = opened;
}

/** Closes it, when what was sent has left. */
export function close(): void {
  socket?.close();
}

/** Sends a message, with bytes where it carries any. */
export function send(message: Message, bytes?: Uint8Array): void {
  if (!socket) throw new Error("Cannot send as the link is not open");
  socket.send(encode(message, bytes));
}

/** Names an object and registers who takes the messages about it. */
export function register(
  receiver: Receiver,
  id = `sandbox-${++objects}`,
): string {
  receivers.set(id, receiver);
  return id;
}

/** Forgets an object. */
export function forget(id: string): void {
  receivers.delete(id);
}
