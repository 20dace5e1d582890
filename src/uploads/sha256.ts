/**
 * SHA-256 of data that comes in pieces, which WebCrypto can't do.
 *
 * @module
 */

/** The first 64 primes; the constants of SHA-256 are made from their roots. */
function firstPrimes(): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  return primes;
}

/** The first 32 bits of the fraction of a number. */
function fraction(value: number): number {
  return ((value - Math.floor(value)) * 2 ** 32) | 0;
}

/**
 * A hash that grows with every piece of data.
 *
 * @example Usage
 * ```ts
 * import { Sha256 } from "./sha256.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const hash = new Sha256().update(new TextEncoder().encode("abc"));
 * assertEquals(hash.hex().slice(0, 8), "ba7816bf");
 * ```
 */
export class Sha256 {
  readonly #constants: Int32Array;
  readonly #state: Int32Array;
  readonly #schedule = new Int32Array(64);
  readonly #block = new Uint8Array(64);
  #filled = 0;
  #length = 0;

  /** Constructs the hash of nothing. */
  constructor() {
    const primes = firstPrimes();
    this.#constants = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)));
    this.#state = Int32Array.from(
      primes.slice(0, 8),
      (p) => fraction(Math.sqrt(p)),
    );
  }

  /**
   * Adds a piece of data.
   *
   * @param data The piece.
   * @returns This hash.
   */
  update(data: Uint8Array): this {
    this.#length += data.length;
    let offset = 0;
    if (this.#filled > 0) {
      offset = Math.min(64 - this.#filled, data.length);
      this.#block.set(data.subarray(0, offset), this.#filled);
      this.#filled += offset;
      if (this.#filled < 64) return this;
      this.#compress(this.#block, 0);
    }
    for (; offset + 64 <= data.length; offset += 64) {
      this.#compress(data, offset);
    }
    this.#block.set(data.subarray(offset));
    this.#filled = data.length - offset;
    return this;
  }

  /**
   * Ends the hash; nothing can be added afterwards.
   *
   * @returns The hash, 64 lowercase hex digits.
   */
  hex(): string {
    const length = this.#length;
    const padding = new Uint8Array(((119 - length % 64) % 64) + 9);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(length / 2 ** 29));
    view.setUint32(padding.length - 4, (length * 8) >>> 0);
    this.update(padding);
    return Array.from(
      this.#state,
      (word) => (word >>> 0).toString(16).padStart(8, "0"),
    ).join("");
  }

  #compress(data: Uint8Array, offset: number): void {
    const w = this.#schedule;
    const k = this.#constants;
    const state = this.#state;
    for (let i = 0, at = offset; i < 16; i++, at += 4) {
      w[i] = data[at]! << 24 | data[at + 1]! << 16 | data[at + 2]! << 8 |
        data[at + 3]!;
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!;
      const y = w[i - 2]!;
      const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
      const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
      w[i] = w[i - 16]! + s0 + w[i - 7]! + s1 | 0;
    }
    let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
    let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^
        (e >>> 25 | e << 7);
      const t1 = h + s1 + (e & f ^ ~e & g) + k[i]! + w[i]! | 0;
      const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^
        (a >>> 22 | a << 10);
      const t2 = s0 + (a & b ^ a & c ^ b & c) | 0;
      h = g;
      g = f;
      f = e;
      e = d + t1 | 0;
      d = c;
      c = b;
      b = a;
      a = t1 + t2 | 0;
    }
    state[0] = state[0]! + a | 0;
    state[1] = state[1]! + b | 0;
    state[2] = state[2]! + c | 0;
    state[3] = state[3]! + d | 0;
    state[4] = state[4]! + e | 0;
    state[5] = state[5]! + f | 0;
    state[6] = state[6]! + g | 0;
    state[7] = state[7]! + h | 0;
  }
}
