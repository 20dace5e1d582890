/**
 * SHA-256 piece by piece (FIPS 180-4), apart from the client's: two that share
 * their code agree on their mistakes.
 *
 * @module
 */

const BLOCK = 64;

/** The hash of data that comes in pieces. */
export class Sha256 {
  readonly #round = rootFractions(64, Math.cbrt);
  readonly #hash = rootFractions(8, Math.sqrt);
  readonly #words = new Uint32Array(BLOCK);
  readonly #rest = new Uint8Array(BLOCK);
  #length = 0;

  /**
   * Adds a piece.
   *
   * @param data The piece.
   * @returns This hash.
   */
  update(data: Uint8Array): this {
    let at = 0;
    while (at < data.length) {
      const filled = this.#length % BLOCK;
      if (filled === 0 && data.length - at >= BLOCK) {
        this.#mix(data, at);
        at += BLOCK;
        this.#length += BLOCK;
        continue;
      }
      const piece = data.subarray(at, at + BLOCK - filled);
      this.#rest.set(piece, filled);
      at += piece.length;
      this.#length += piece.length;
      if (this.#length % BLOCK === 0) this.#mix(this.#rest, 0);
    }
    return this;
  }

  /**
   * Ends the hash; nothing can be added afterwards.
   *
   * @returns The hash, 64 lowercase hex digits.
   */
  hex(): string {
    const bits = BigInt(this.#length) * 8n;
    const zeros = (2 * BLOCK - 9 - this.#length % BLOCK) % BLOCK;
    const end = new DataView(new ArrayBuffer(1 + zeros + 8));
    end.setUint8(0, 0x80);
    end.setBigUint64(1 + zeros, bits);
    this.update(new Uint8Array(end.buffer));
    return [...this.#hash].map((word) => word.toString(16).padStart(8, "0"))
      .join("");
  }

  #mix(data: Uint8Array, at: number): void {
    const w = this.#words;
    const k = this.#round;
    const view = new DataView(data.buffer, data.byteOffset + at, BLOCK);
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(i * 4);
    for (let i = 16; i < BLOCK; i++) {
      const [x, y] = [w[i - 15]!, w[i - 2]!];
      const small0 = rotate(x, 7) ^ rotate(x, 18) ^ x >>> 3;
      const small1 = rotate(y, 17) ^ rotate(y, 19) ^ y >>> 10;
      w[i] = w[i - 16]! + small0 + w[i - 7]! + small1;
    }
    const h = this.#hash;
    let a = h[0]!, b = h[1]!, c = h[2]!, d = h[3]!;
    let e = h[4]!, f = h[5]!, g = h[6]!, last = h[7]!;
    for (let i = 0; i < BLOCK; i++) {
      const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const one = last + big1 + (e & f ^ ~e & g) + k[i]! + w[i]! | 0;
      const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const two = big0 + (a & b ^ a & c ^ b & c) | 0;
      last = g;
      g = f;
      f = e;
      e = d + one | 0;
      d = c;
      c = b;
      b = a;
      a = one + two | 0;
    }
    for (const [i, word] of [a, b, c, d, e, f, g, last].entries()) {
      h[i]! += word;
    }
  }
}

function rotate(word: number, by: number): number {
  return word >>> by | word << 32 - by;
}

/** The first 32 bits behind the point of the roots of the first primes. */
function rootFractions(
  count: number,
  root: (prime: number) => number,
): Uint32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  return Uint32Array.from(primes, (prime) => root(prime) % 1 * 2 ** 32);
}
