/**
 * Stands in for `node:crypto`: SHA-256 that does not wait, which the global
 * `crypto` does not offer.
 *
 * @module
 */

const BLOCK = 64;
const WORDS = fractions(64, 1 / 3);

/** Hashes what it is given, bit by bit. */
export class Hash {
  #bytes: Uint8Array = new Uint8Array();
  readonly #finish: (bytes: Uint8Array) => Uint8Array;

  /** Constructs a hash that `finish` makes of all bytes. */
  constructor(finish: (bytes: Uint8Array) => Uint8Array) {
    this.#finish = finish;
  }

  /** Takes more bytes, or a text. */
  update(data: string | Uint8Array): this {
    this.#bytes = join(this.#bytes, toBytes(data));
    return this;
  }

  /** The hash, as hexadecimal digits. */
  digest(_encoding: "hex"): string {
    return [...this.#finish(this.#bytes)]
      .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}

/** Starts a hash. */
export function createHash(_algorithm: "sha256"): Hash {
  return new Hash(sha256);
}

/** Starts a signature. */
export function createHmac(
  _algorithm: "sha256",
  secret: string | Uint8Array,
): Hash {
  const key = toBytes(secret);
  const padded = new Uint8Array(BLOCK);
  padded.set(key.length > BLOCK ? sha256(key) : key);
  const inner = padded.map((byte) => byte ^ 0x36);
  const outer = padded.map((byte) => byte ^ 0x5c);
  return new Hash((bytes) => sha256(join(outer, sha256(join(inner, bytes)))));
}

function sha256(bytes: Uint8Array): Uint8Array {
  const length = Math.ceil((bytes.length + 9) / BLOCK) * BLOCK;
  const view = new DataView(new ArrayBuffer(length));
  new Uint8Array(view.buffer).set(bytes);
  view.setUint8(bytes.length, 0x80);
  view.setBigUint64(length - 8, BigInt(bytes.length) * 8n);
  const state = fractions(8, 1 / 2);
  for (let start = 0; start < length; start += BLOCK) {
    mix(
      state,
      Uint32Array.from({ length: 16 }, (_, i) => {
        return view.getUint32(start + i * 4);
      }),
    );
  }
  const hash = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => hash.setUint32(i * 4, word));
  return new Uint8Array(hash.buffer);
}

function mix(state: Uint32Array, block: Uint32Array): void {
  const w = new Uint32Array(64);
  w.set(block);
  for (let i = 16; i < 64; i++) {
    const [a, b] = [w[i - 15]!, w[i - 2]!];
    const s0 = rotateRight(a, 7) ^ rotateRight(a, 18) ^ (a >>> 3);
    const s1 = rotateRight(b, 17) ^ rotateRight(b, 19) ^ (b >>> 10);
    w[i] = w[i - 16]! + s0 + w[i - 7]! + s1;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as number[];
  for (let i = 0; i < 64; i++) {
    const s1 = rotateRight(e!, 6) ^ rotateRight(e!, 11) ^ rotateRight(e!, 25);
    const choice = (e! & f!) ^ (~e! & g!);
    const first = (h! + s1 + choice + WORDS[i]! + w[i]!) | 0;
    const s0 = rotateRight(a!, 2) ^ rotateRight(a!, 13) ^ rotateRight(a!, 22);
    const majority = (a! & b!) ^ (a! & c!) ^ (b! & c!);
    [h, g, f, e, d, c, b] = [g, f, e, (d! + first) | 0, c, b, a];
    a = (first + s0 + majority) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => state[i]! += word!);
}

function rotateRight(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The fractions of the roots of the first primes, as the standard has it. */
function fractions(count: number, power: number): Uint32Array {
  const words: number[] = [];
  for (let n = 2; words.length < count; n++) {
    let divisor = 2;
    while (n % divisor !== 0) divisor++;
    if (divisor === n) words.push((n ** power % 1) * 2 ** 32);
  }
  return Uint32Array.from(words);
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

function toBytes(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : data;
}
