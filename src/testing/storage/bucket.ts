/**
 * The storage behind presigned addresses: it keeps the size and the SHA-256 of
 * what arrives, never the bytes.
 *
 * @module
 */

import { Sha256 } from "./sha256.ts";

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
  /** ETag without quotes. */
  etag: string;
  /** How often it was stored. */
  stores: number;
}

/** What an address was signed for. */
export interface PresignedGrant {
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

/** Host of addresses that are given to clients that do not reach a loopback port. */
const HOST = "https://avala-emulator.s3.us-west-2.amazonaws.com";

/** Stores files. */
export class Bucket {
  /** Milliseconds that an address lives at most. */
  readonly lifetime: number;
  readonly #now: () => number;
  readonly #files = new Map<string, StoredFile>();
  readonly #grants = new Map<string, PresignedGrant & { expires: number }>();
  #signatures = 0;

  /**
   * Constructs an empty bucket.
   *
   * @param now The clock, in milliseconds since 1970.
   * @param lifetime Milliseconds that an address lives at most.
   */
  constructor(now: () => number, lifetime: number) {
    this.#now = now;
    this.lifetime = lifetime;
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
   * @param grant What its address was signed for.
   * @param size Its size.
   * @param sha256 Its hash.
   * @returns The file.
   */
  put(grant: PresignedGrant, size: number, sha256: string): StoredFile {
    const { path, key } = grant;
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
   * @param grant What may be done there.
   * @param lifetime Milliseconds that it lives.
   * @returns The address.
   */
  presign(asked: URL, grant: PresignedGrant, lifetime = this.lifetime): string {
    const { signature, expires } = this.sign(grant, lifetime);
    const key = encodeURIComponent(grant.key);
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
   * @param grant What may be sent.
   * @param type Media type of the file.
   * @returns The address and the fields.
   */
  presignForm(
    asked: URL,
    grant: PresignedGrant,
    type: string,
  ): { url: string; fields: { [name: string]: string } } {
    const { signature } = this.sign(grant, this.lifetime);
    return {
      url: `${originOf(asked)}/storage/`,
      fields: {
        key: grant.key,
        "Content-Type": type,
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-signature": signature,
      },
    };
  }

  /**
   * Makes a signature.
   *
   * @param grant What it grants.
   * @param lifetime Milliseconds that it lives.
   * @returns The signature, and when it expires.
   */
  sign(
    grant: PresignedGrant,
    lifetime: number,
  ): { signature: string; expires: number } {
    const expires = this.#now() + lifetime;
    const salt = `${++this.#signatures} ${grant.key} ${expires}`;
    const signature = new Sha256().update(new TextEncoder().encode(salt)).hex();
    this.#grants.set(signature, { ...grant, expires });
    return { signature, expires };
  }

  /**
   * Finds what a signature grants.
   *
   * @param signature The signature.
   * @param method HTTP method of the request.
   * @param key Key that the request names.
   * @returns The grant, or why there is none.
   */
  check(
    signature: string,
    method: string,
    key: string,
  ): PresignedGrant | string {
    const grant = this.#grants.get(signature);
    if (!grant || grant.method !== method || grant.key !== key) {
      return "SignatureDoesNotMatch";
    }
    return this.#now() >= grant.expires ? "AccessDenied" : grant;
  }
}

/** The emulator's own origin where it is served; else a host that clients trust. */
function originOf(asked: URL): string {
  return asked.hostname === "127.0.0.1" || asked.hostname === "localhost"
    ? asked.origin
    : HOST;
}
