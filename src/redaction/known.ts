/**
 * Finds known secrets in a text, however they are spelled there.
 *
 * @module
 */

import { MIN_LENGTH } from "./names.ts";
import {
  decode,
  encode,
  type Numbers,
  numbers,
  readingsOf,
  type SpelledBytes,
  spelledBytes,
  unpack,
} from "./spellings.ts";

/** So much of a secret's start is hidden where a text is cut: at its end, and before `…`. */
const CUT_LENGTH = 12;
/** No error reads more of a response. */
const LONGEST = 65_536;
/** The first byte of `…`. */
const ELLIPSIS = 0xe2;

/** Tells where secrets end, by where they begin; undefined when there are none. */
interface Finder {
  (text: string): Numbers | undefined;
  /** How many secrets it finds. */
  size?: number;
}

const prepared = new WeakMap<readonly string[], Finder>();

/**
 * Replaces known secrets in a text, in time linear in the text and the secrets.
 *
 * @example Usage
 * ```ts
 * import { hideKnown } from "./known.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const secrets = ["one of/mine"];
 * assertEquals(hideKnown("?q=one+of%2Fmine&a", secrets, "…"), "?q=…&a");
 * assertEquals(hideKnown(btoa("me:one of/mine"), secrets, "…"), "bWU6…");
 * ```
 *
 * @param text The text.
 * @param secrets The secrets; what is worked out for an array is kept with it.
 * @param placeholder What stands where a secret was.
 * @returns The text without the secrets.
 */
export function hideKnown(
  text: string,
  secrets: readonly string[],
  placeholder: string,
): string {
  if (secrets.length === 0 || text.length < MIN_LENGTH) return text;
  let find = prepared.get(secrets);
  if (find?.size !== secrets.length) {
    find = finderOf(secrets);
    find.size = secrets.length;
    prepared.set(secrets, find);
  }
  const ends = find(text);
  if (!ends) return text;
  let clean = "";
  let shown = 0;
  for (let at = 0; at < text.length; at++) {
    const end = ends[at] ?? 0;
    if (end <= shown) continue;
    // one that overlaps the last, or touches it, prolongs it
    if (at > shown || shown === 0) clean += text.slice(shown, at) + placeholder;
    shown = end;
  }
  return clean + text.slice(shown);
}

/** Makes one automaton of all secrets (Aho-Corasick). */
function finderOf(secrets: readonly string[]): Finder {
  const patterns = secrets
    .flatMap((secret) => readingsOf(secret.slice(0, LONGEST)))
    .map((bytes) => bytes.filter(isKept).map(lowercase))
    .filter(({ length }) => length >= MIN_LENGTH)
    .sort((a, b) => b.length - a.length);
  const least = patterns.at(-1)?.length ?? Infinity;
  const states = patterns.reduce((sum, { length }) => sum + length, 1);
  const zeros = (size: number) => numbers(size).fill(0);
  // by state and byte: the next state, in a hash table
  const keys = zeros(2 ** Math.ceil(Math.log2(2 * states)));
  const targets = zeros(keys.length);
  // by state: its longest end that begins a secret too
  const fallbacks = zeros(states);
  // by state: how many bytes lead to it
  const depths = zeros(states);
  // by state: the length of the longest secret that ends in it
  const longest = zeros(states);

  const slotOf = (state: number, byte: number) => {
    const key = keyOf(state, byte);
    let slot = Math.imul(key, 0x9e3779b1) >>> 7;
    for (;; slot++) {
      slot &= keys.length - 1;
      if (keys[slot] === 0 || keys[slot] === key) return slot;
    }
  };
  const step = (state: number, byte: number): number => {
    for (;;) {
      const next = targets[slotOf(state, byte)]!;
      if (next !== 0 || state === 0) return next;
      state = fallbacks[state]!;
    }
  };

  // the states nearer to the start come first
  const reached = patterns.map(() => 0);
  let made = 0;
  for (let depth = 1, open = patterns.length; open > 0; depth++) {
    for (let index = 0; index < open; index++) {
      const bytes = patterns[index]!;
      const from = reached[index]!;
      const byte = bytes[depth - 1]!;
      const slot = slotOf(from, byte);
      if (targets[slot] === 0) {
        const fallback = from && step(fallbacks[from]!, byte);
        keys[slot] = keyOf(from, byte);
        targets[slot] = ++made;
        fallbacks[made] = fallback;
        depths[made] = depth;
        longest[made] = longest[fallback]!;
      }
      const state = reached[index] = targets[slot]!;
      if (bytes.length === depth) longest[state] = depth;
    }
    while (open > 0 && patterns[open - 1]!.length === depth) open--;
  }

  return (text) => {
    let ends: Numbers | undefined;
    const raw = encode(text);
    const kept = numbers(raw.length);
    const read = ({ values, from, to, length }: SpelledBytes) => {
      let state = 0;
      let count = 0;
      const mark = (length: number) => {
        if (length === 0) return;
        const begin = from[kept[count - length]!]!;
        ends ??= numbers(text.length);
        ends[begin] = Math.max(ends[begin] ?? 0, to[kept[count - 1]!]!);
      };
      const markCut = () => {
        if (depths[state]! >= CUT_LENGTH) mark(depths[state]!);
      };
      for (let index = 0; index < length; index++) {
        const byte = values[index]!;
        if (!isKept(byte)) continue;
        if (byte === ELLIPSIS) markCut();
        kept[count++] = index;
        state = step(state, lowercase(byte));
        mark(longest[state]!);
      }
      markCut();
    };
    const plain = decode(raw);
    const scratch = spelledBytes(raw.length);
    read(raw);
    read(plain);
    for (const bytes of unpack(plain, least)) read(decode(bytes, scratch));
    return ends;
  };
}

/**
 * Leaves out what encodings add, drop or change: blanks, line breaks, the zero bytes
 * of UTF-16, the `+` that a form makes of a blank, backslashes, doubled quotes.
 */
function isKept(byte: number): boolean {
  return byte > 0x20 && byte !== 0x22 && byte !== 0x27 && byte !== 0x2b &&
    byte !== 0x5c;
}

/** A number for a step from a state. */
function keyOf(state: number, byte: number): number {
  return state << 8 | byte;
}

/** Some servers change the case of what they repeat. */
function lowercase(byte: number): number {
  return byte > 0x40 && byte < 0x5b ? byte + 0x20 : byte;
}
