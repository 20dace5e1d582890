/**
 * The storage behind presigned addresses: it keeps the size and the SHA-256 of
 * what arrives, never the bytes.
 *
 * @module
 */

import { Sha256 } from "../../uploads/sha256.ts";

/** A file that was stored. */
export interface StoredFile {
  /** Path as it was given when its address was asked for. */
  path: string;
  /** Key of the object. */
  key: string;
  /** Size in bytes. */
  size: number;
  /** SHA-256 of the bytes in hex; for a file in parts, of the hashes of its parts. */
  sha256: string;
  /** ETag as it was answered, without quotes. */
  etag: string;
  /** How often it was stored. */
  stores: number;
}

/** What an address was signed for. */
export interface Permit {
  /** HTTP method. */
  method: "PUT" | "POST";
  /** Path of the file. */
  path: string;
  /** Key of the object. */
  key: string;
  /** Bytes that must come. */
  size: number;
  /** Headers that must come. */
  headers?: { [name: string]: string };
  /** Whether a stored object may not be replaced. */
  once?: boolean;
}

/** Bytes as they arrive. */
export type Arriving = ReadableStream<Uint8Array<ArrayBuffer>> | null;

/** Host of addresses that are given to clients that do not reach a loopback port. */
const HOST = "https://avala-emulator.s3.us-west-2.amazonaws.com";

/** Stores files. */
export class Bucket {
  /** Milliseconds that an address lives. */
  lifetime = 3_600_000;
  readonly #now: () => number;
  readonly #files = new Map<string, StoredFile>();
  readonly #permits = new Map<string, Permit & { expires: number }>();
  #signatures = 0;

  /**
   * Constructs an empty bucket.
   *
   * @param now The clock, in milliseconds since 1970.
   */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * The files stored, in the order in which they first arrived.
   *
   * @returns The files.
   */
  get files(): StoredFile[] {
    return [...this.#files.values()];
  }

  /**
   * Finds a stored file.
   *
   * @param key Key of the object.
   * @returns The file, if it is there.
   */
  get(key: string): StoredFile | undefined {
    return this.#files.get(key);
  }

  /**
   * Stores a file, or replaces it.
   *
   * @param permit What its address was signed for.
   * @param size Its size.
   * @param sha256 Its hash.
   * @returns The file.
   */
  put(permit: Permit, size: number, sha256: string): StoredFile {
    const { path, key } = permit;
    const stores = (this.#files.get(key)?.stores ?? 0) + 1;
    const etag = sha256.slice(0, 32);
    const file = { path, key, size, sha256, etag, stores };
    this.#files.set(key, file);
    return file;
  }

  /**
   * Forgets a file.
   *
   * @param key Key of the object.
   */
  delete(key: string): void {
    this.#files.delete(key);
  }

  /**
   * Signs an address.
   *
   * @param asked URL of the request that asks for it; a loopback origin is kept.
   * @param permit What may be done there.
   * @param lifetime Milliseconds that it lives.
   * @returns The address.
   */
  presign(asked: URL, permit: Permit, lifetime = this.lifetime): string {
    const { signature, expires } = this.sign(permit, lifetime);
    const key = encodeURIComponent(permit.key);
    const query = new URLSearchParams({
      "X-Amz-Expires": String(expires),
      "X-Amz-Signature": signature,
    });
    return `${originOf(asked)}/storage/${key}?${query}`;
  }

  /**
   * Signs a form.
   *
   * @param asked URL of the request that asks for it; a loopback origin is kept.
   * @param permit What may be sent.
   * @param type Media type of the file.
   * @returns The address and the fields.
   */
  presignForm(
    asked: URL,
    permit: Permit,
    type: string,
  ): { url: string; fields: { [name: string]: string } } {
    const { signature } = this.sign(permit, this.lifetime);
    return {
      url: `${originOf(asked)}/storage/`,
      fields: {
        key: permit.key,
        "Content-Type": type,
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-signature": signature,
      },
    };
  }

  /**
   * Makes a signature.
   *
   * @param permit What it permits.
   * @param lifetime Milliseconds that it lives.
   * @returns The signature, and when it expires.
   */
  sign(
    permit: Permit,
    lifetime: number,
  ): { signature: string; expires: number } {
    const expires = this.#now() + lifetime;
    const salt = `${++this.#signatures} ${permit.key} ${expires}`;
    const signature = new Sha256().update(new TextEncoder().encode(salt)).hex();
    this.#permits.set(signature, { ...permit, expires });
    return { signature, expires };
  }

  /**
   * Finds what a signature permits.
   *
   * @param signature The signature.
   * @param method HTTP method of the request.
   * @param key Key that the request names.
   * @returns The permit, or why there is none.
   */
  check(signature: string, method: string, key: string): Permit | string {
    const permit = this.#permits.get(signature);
    if (!permit || permit.method !== method || permit.key !== key) {
      return "SignatureDoesNotMatch";
    }
    return this.#now() >= permit.expires ? "AccessDenied" : permit;
  }
}

/** The emulator's own origin where it is served; else a host that clients trust. */
function originOf(asked: URL): string {
  return asked.hostname === "127.0.0.1" || asked.hostname === "localhost"
    ? asked.origin
    : HOST;
}

/**
 * Reads a body to its end.
 *
 * @param body The body.
 * @returns Its size and hash.
 */
export async function digest(
  body: Arriving,
): Promise<{ size: number; sha256: string }> {
  const hash = new Sha256();
  let size = 0;
  if (body) {
    for await (const chunk of chunksOf(body)) {
      size += chunk.length;
      hash.update(chunk);
    }
  }
  return { size, sha256: hash.hex() };
}

/**
 * Reads a body chunk by chunk.
 *
 * @param body The body.
 * @returns The chunks.
 */
export async function* chunksOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
