/**
 * The storage behind presigned addresses: what was uploaded, and sample files
 * that are made when they are asked for.
 *
 * @module
 */

import type { Received } from "./bytes.ts";
import { sampleFile } from "./content.ts";
import { hashHex } from "./hash.ts";
import { mediaTypeOf } from "./media_types.ts";

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

/** What an address is signed for. */
export interface PresignedGrant {
  /** HTTP method. */
  method: "GET" | "PUT" | "POST";
  /** Key of the object. */
  key: string;
  /** Path of the file; the end of its key. */
  path: string;
  /** Bytes that must come. */
  size: number;
  /** Headers that must come. */
  headers?: { [name: string]: string };
  /** Whether a stored object may not be replaced. */
  once?: boolean;
}

/** What a request shows for a grant. */
export interface Presented {
  /** HTTP method. */
  method: string;
  /** Key of the object. */
  key: string;
  /** The grant as it was given, encoded. */
  policy: string;
  /** Its signature. */
  signature: string;
}

/** What a bucket is made with. */
export interface BucketOptions {
  /** The clock, in milliseconds since 1970. */
  now: () => number;
  /** Milliseconds that an address lives at most. */
  lifetime: number;
  /** How many bytes of files are kept; of the others, size and hash. */
  keptBytes: number;
  /** Origin of addresses; that of the request by default. */
  origin?: string | undefined;
}

/** A file that can be read. */
export interface ReadableFile {
  /** Its bytes. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Its media type. */
  type: string;
  /** ETag without quotes, where it was stored. */
  etag?: string | undefined;
}

/** A file of a snapshot. */
export interface SavedFile extends StoredFile {
  /** Its bytes in base64, or null where they were not kept. */
  bytes: string | null;
}

/** Origin of addresses for clients that do not reach a loopback port. */
const CLOUD = "https://avala-emulator.s3.us-west-2.amazonaws.com";

/** Stores files. */
export class Bucket {
  readonly #options: BucketOptions;
  readonly #files = new Map<string, StoredFile>();
  readonly #bytes = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Bytes that are kept, or about to arrive. */
  #used = 0;
  #size = 0;
  /** The policy of addresses to be read, which have the same one for a while. */
  #reading = { expires: 0, policy: "" };

  /**
   * Constructs an empty bucket.
   *
   * @param options What it is made with.
   */
  constructor(options: BucketOptions) {
    this.#options = options;
  }

  /**
   * Milliseconds that an address lives at most.
   *
   * @returns The milliseconds.
   */
  get lifetime(): number {
    return this.#options.lifetime;
  }

  /**
   * The files stored, in the order in which they were first stored.
   *
   * @returns The files.
   */
  get files(): StoredFile[] {
    return [...this.#files.values()];
  }

  /**
   * How many bytes were stored, kept or not.
   *
   * @returns The bytes.
   */
  get size(): number {
    return this.#size;
  }

  /**
   * Makes room for bytes that are about to arrive.
   *
   * @param size How many.
   * @returns For how many there is room: all, or none.
   */
  reserve(size: number): number {
    if (!(this.#used + size <= this.#options.keptBytes)) return 0;
    this.#used += size;
    return size;
  }

  /**
   * Gives up what was reserved, before the bytes are stored.
   *
   * @param size How many bytes.
   */
  release(size: number): void {
    this.#used -= size;
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
   * Reads a file.
   *
   * @param key Key of the object.
   * @returns The file, or the error code of why it can't be read.
   */
  read(key: string): ReadableFile | string {
    const stored = this.#files.get(key);
    const bytes = this.#bytes.get(key);
    if (stored && !bytes) return "BytesNotKept";
    const type = mediaTypeOf(key);
    if (stored && bytes) return { bytes, type, etag: stored.etag };
    const sample = sampleFile(key);
    return sample ? { bytes: sample, type } : "NoSuchKey";
  }

  /**
   * Stores a file, or replaces it.
   *
   * @param file Its path and key.
   * @param received What has arrived of it; bytes for which there is no room are dropped.
   * @returns The file.
   */
  put(
    { path, key }: Pick<StoredFile, "path" | "key">,
    { size, sha256, bytes }: Received,
  ): StoredFile {
    const stores = (this.#files.get(key)?.stores ?? 0) + 1;
    this.#drop(key);
    this.#size += size;
    if (bytes && this.reserve(size) === size) this.#bytes.set(key, bytes);
    const etag = sha256.slice(0, 32);
    const file = { path, key, size, sha256, etag, stores };
    this.#files.set(key, file);
    return file;
  }

  /**
   * Joins stored files to one; they are gone afterwards.
   *
   * @param file Path and key of the whole.
   * @param parts Keys of the parts.
   * @param sha256 Hash of the whole.
   */
  join(
    file: Pick<StoredFile, "path" | "key">,
    parts: readonly string[],
    sha256: string,
  ): void {
    const chunks = parts.flatMap((key) => this.#bytes.get(key) ?? []);
    const size = parts.reduce(
      (sum, key) => sum + (this.#files.get(key)?.size ?? 0),
      0,
    );
    for (const key of parts) {
      this.#drop(key);
      this.#files.delete(key);
    }
    const isKept = chunks.length === parts.length;
    const bytes = isKept ? concat(chunks, size) : undefined;
    this.put(file, { size, sha256, bytes });
  }

  /**
   * Tells whether addresses have another origin than the API.
   *
   * @param asked URL of a request.
   * @returns Whether they have.
   */
  isApart(asked: URL): boolean {
    return this.#options.origin !== undefined || asked.protocol !== "http:";
  }

  /**
   * Signs the address of a file to be read. It is the same for a while, so that
   * what is asked for twice is equal, and lives at least half of the lifetime.
   *
   * @param asked URL of the request that asks for it.
   * @param key Key of the object.
   * @returns The address.
   */
  address(asked: URL, key: string): string {
    const half = this.lifetime / 2;
    const expires = Math.ceil((this.#options.now() + half) / half) * half;
    if (this.#reading.expires !== expires) {
      const grant = { method: "GET", key: "", path: "", size: 0 } as const;
      this.#reading = { expires, policy: encode(grant, expires) };
    }
    return this.#sign(asked, key, this.#reading.policy);
  }

  /**
   * Signs an address.
   *
   * @param asked URL of the request that asks for it.
   * @param grant What may be done there.
   * @param lifetime Milliseconds that it lives.
   * @returns The address.
   */
  presign(
    asked: URL,
    grant: PresignedGrant,
    lifetime: number = this.lifetime,
  ): string {
    const policy = encode(grant, this.#options.now() + lifetime);
    return this.#sign(asked, grant.key, policy);
  }

  /**
   * Signs a form.
   *
   * @param asked URL of the request that asks for it.
   * @param grant What may be sent.
   * @param type Media type of the file.
   * @returns The address and the fields.
   */
  presignForm(
    asked: URL,
    grant: PresignedGrant,
    type: string,
  ): { url: string; fields: { [name: string]: string } } {
    const policy = encode(grant, this.#options.now() + this.lifetime);
    return {
      url: `${this.#originOf(asked)}/storage/`,
      fields: {
        key: grant.key,
        "Content-Type": type,
        policy,
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-signature": signatureOf(grant.key, policy),
      },
    };
  }

  /**
   * Finds what a signature grants.
   *
   * @param presented What the request shows.
   * @returns The grant, or the error code of why there is none.
   */
  check(
    { method, key, policy, signature }: Presented,
  ): PresignedGrant | string {
    const isSigned = signature === signatureOf(key, policy);
    const found = isSigned ? decode(key, policy) : undefined;
    if (found?.grant.method !== method) return "SignatureDoesNotMatch";
    return this.#options.now() >= found.expires ? "AccessDenied" : found.grant;
  }

  /**
   * Gives everything that is stored, as plain data.
   *
   * @returns The files.
   */
  save(): SavedFile[] {
    return this.files.map((file) => {
      const bytes = this.#bytes.get(file.key);
      return { ...file, bytes: bytes ? toBase64(bytes) : null };
    });
  }

  /**
   * Stores what was saved.
   *
   * @param files The files.
   */
  load(files: readonly SavedFile[]): void {
    for (const { bytes, ...file } of files) {
      this.put(file, {
        ...file,
        bytes: bytes === null ? undefined : fromBase64(bytes),
      });
      this.#files.set(file.key, file);
    }
  }

  #sign(asked: URL, key: string, policy: string): string {
    const seconds = Math.ceil(this.lifetime / 1_000);
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=${seconds}` +
      `&X-Amz-Policy=${policy}&X-Amz-Signature=${signatureOf(key, policy)}`;
    const path = encodeURIComponent(key);
    return `${this.#originOf(asked)}/storage/${path}?${query}`;
  }

  /** The emulator's own origin where it is served; else one that clients trust. */
  #originOf(asked: URL): string {
    return this.isApart(asked) ? this.#options.origin ?? CLOUD : asked.origin;
  }

  #drop(key: string): void {
    this.#size -= this.#files.get(key)?.size ?? 0;
    this.#used -= this.#bytes.get(key)?.length ?? 0;
    this.#bytes.delete(key);
  }
}

/** The grant without its key: nothing has to be remembered of it. */
function encode(
  { method, key, path, size, headers, once }: PresignedGrant,
  expires: number,
): string {
  const skip = key.length - path.length;
  const json = JSON.stringify([method, expires, skip, size, headers, once]);
  // in letters that a query takes as they are
  return toBase64(new TextEncoder().encode(json)).replaceAll("+", "-")
    .replaceAll("/", "_").replaceAll("=", "");
}

function decode(
  key: string,
  policy: string,
): { grant: PresignedGrant; expires: number } {
  const [method, expires, skip, size, headers, once] = JSON.parse(
    new TextDecoder().decode(
      fromBase64(policy.replaceAll("-", "+").replaceAll("_", "/")),
    ),
  );
  const path = key.slice(skip);
  return { grant: { method, key, path, size, headers, once }, expires };
}

function signatureOf(key: string, policy: string): string {
  return hashHex(`${key} ${policy}`, 64);
}

function concat(
  chunks: readonly Uint8Array<ArrayBuffer>[],
  size: number,
): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32_768) {
    text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  }
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
