/**
 * Numbers that look random, and are the same each time.
 *
 * @module
 */

/**
 * Hashes a text; nothing for secrets.
 *
 * @param text The text.
 * @param seed Another one gives other hashes.
 * @returns An unsigned integer of 32 bits.
 */
export function hash32(text: string, seed = 0): number {
  let hash = seed ^ 0x9e3779b9;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  hash = Math.imul(hash ^ hash >>> 16, 0xc2b2ae35);
  return (hash ^ hash >>> 16) >>> 0;
}

/**
 * Makes numbers that look random.
 *
 * @param seed Another one gives other numbers.
 * @returns Gives the next number, an unsigned integer of 32 bits.
 */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  // mulberry32
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let word = Math.imul(state ^ state >>> 15, state | 1);
    word ^= word + Math.imul(word ^ word >>> 7, word | 61);
    return (word ^ word >>> 14) >>> 0;
  };
}

/**
 * Hashes a text to hex digits.
 *
 * @param text The text.
 * @param digits How many, a multiple of 8.
 * @param seed Another one gives other hashes.
 * @returns The digits.
 */
export function hashHex(text: string, digits: number, seed = 0): string {
  const numbers = randomNumbers(hash32(text, seed));
  let hex = "";
  while (hex.length < digits) {
    hex += numbers().toString(16).padStart(8, "0");
  }
  return hex;
}
