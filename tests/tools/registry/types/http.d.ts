// What the library uses of `@std/http`. The npm copy of std carries no types; the
// real registry does, and never sees this file.

export const STATUS_CODE: Readonly<Record<string, number>>;
export type StatusCode = number;
export type StatusText = string;
export const STATUS_TEXT: Readonly<Record<StatusCode, StatusText>>;

export function eTag(
  entity: string | Uint8Array<ArrayBuffer>,
  options?: { algorithm?: AlgorithmIdentifier; weak?: boolean },
): Promise<string>;
export function ifMatch(
  value: string | null,
  etag: string | undefined,
): boolean;
export function ifNoneMatch(
  value: string | null,
  etag: string | undefined,
): boolean;

export function accepts(
  request: Pick<Request, "headers">,
  ...types: string[]
): string | undefined;

export interface ServerSentEventMessage {
  comment?: string;
  event?: string;
  data?: string;
  id?: string | number;
  retry?: number;
}
export class ServerSentEventStream
  extends TransformStream<ServerSentEventMessage, Uint8Array> {}
