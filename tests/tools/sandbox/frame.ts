/**
 * One message between a sandbox, which is a runtime without sockets, and its host.
 *
 * @module
 */

/** What happens to one object; some messages carry bytes besides. */
export interface Message {
  /** What happens. */
  op: string;
  /** The object: a server, a connection, an exchange, a file. */
  id: string;
  /** Of a new connection or request: its own name. */
  made?: string;
  /** Of a request: its connection. */
  socket?: string;
  /** Of a request: its method. */
  method?: string;
  /** Of a request its URL; a file's URL; what to print; what went wrong. */
  text?: string;
  /** A port, a status, an exit code. */
  number?: number;
  /** Headers by lowercase name. */
  headers?: Headers;
}

/** Headers by lowercase name; a list for one that comes several times. */
export interface Headers {
  [name: string]: string | string[] | undefined;
}

/** Packs a message and its bytes into one frame. */
export function encode(
  message: Message,
  bytes: Uint8Array = new Uint8Array(),
): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(JSON.stringify(message));
  const frame = new Uint8Array(4 + head.length + bytes.length);
  new DataView(frame.buffer).setUint32(0, head.length);
  frame.set(head, 4);
  frame.set(bytes, 4 + head.length);
  return frame;
}

/** Unpacks a frame. */
export function decode(frame: ArrayBuffer): [Message, Uint8Array] {
  const end = 4 + new DataView(frame).getUint32(0);
  const head = new TextDecoder().decode(new Uint8Array(frame, 4, end - 4));
  return [JSON.parse(head), new Uint8Array(frame, end)];
}
