/**
 * Finds known secrets in a text, however they are spelled there.
 *
 * A server may repeat a secret percent-encoded, escaped for JSON or HTML, in
 * base64 or hexadecimal, twice, in part. Nobody can list all spellings of a
 * secret. So the text is decoded instead, each byte keeping its place, and all
 * secrets are looked for at once.
 *
 * @module
 */

import { MIN_LENGTH } from "./names.ts";

/** So much of a secret's start is hidden where a text is cut: at its end, and before `…`. */
const CUT_LENGTH = 12;
/** No error reads more of a response. */
const MOST_READ = 65_536;
/** The first byte of `…`. */
const ELLIPSIS = 0xe2;

const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;
/** An escape of a URL, of JSON, of HTML. */
const ESCAPE =
  /^(?:(?:%|\\x)([\da-f]{2})|(?:[%\\]u([\da-f]{4})|&#x([\da-f]{1,6});)|&#(\d{1,7});|&(amp|lt|gt|quot|apos);|\\[bfnrtv])$/i;
const LONGEST_ESCAPE = 10;
const ENTITIES = { amp: 0x26, lt: 0x3c, gt: 0x3e, quot: 0x22, apos: 0x27 };
/** Digits, the bits of each, how many of them make whole bytes: base64 of both kinds, hexadecimal. */
const RADICES = [
  ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_", 6, 4],
  ["0123456789abcdefABCDEF", 4, 2],
] as const;

/** A list whose size is known before it is filled. */
type Numbers = number[] | Int32Array;

/** Bytes, and for each the part of a text that spells it. */
interface SpelledBytes {
  /** How many there are. */
  length: number;
  /** The bytes. */
  readonly values: Numbers;
  /** Where the spelling of each begins. */
  readonly from: Numbers;
  /** Where the spelling of each ends. */
  readonly to: Numbers;
}

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
 * assertEquals(hideKnown(btoa("id:one of/mine."), secrets, "…"), "aWQ6…u");
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

/** Prepares the search for secrets. */
function finderOf(secrets: readonly string[]): Finder {
  const patterns = secrets
    .flatMap((secret) => readingsOf(secret.slice(0, MOST_READ)))
    .map((bytes) => bytes.filter(isKept).map(lowercase))
    .filter(({ length }) => length >= MIN_LENGTH)
    .sort((a, b) => b.length - a.length);
  const least = patterns.at(-1)?.length ?? Infinity;
  const { step, depths, longest } = automatonOf(patterns);
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

/** Steps from byte to byte through all secrets at once. */
interface Automaton {
  /** The state that a byte leads to; the first state is 0. */
  readonly step: (state: number, byte: number) => number;
  /** By state: how many bytes lead to it. */
  readonly depths: Numbers;
  /** By state: the length of the longest secret that ends in it, or 0. */
  readonly longest: Numbers;
}

/** Makes the automaton of Aho and Corasick; the longest patterns come first. */
function automatonOf(patterns: readonly number[][]): Automaton {
  const states = patterns.reduce((sum, { length }) => sum + length, 1);
  const zeros = (size: number) => numbers(size).fill(0);
  // by state and byte: the next state
  const targets = new Map<number, number>();
  // by state: its longest end that begins a secret too
  const fallbacks = zeros(states);
  // the next state from none, which is where most bytes are read
  const first = zeros(256);
  const depths = zeros(states);
  const longest = zeros(states);
  const step = (state: number, byte: number): number => {
    while (state !== 0) {
      const next = targets.get(state << 8 | byte);
      if (next !== undefined) return next;
      state = fallbacks[state]!;
    }
    return first[byte]!;
  };

  // the states nearer to the start come first
  const reached = patterns.map(() => 0);
  let made = 0;
  for (let depth = 1, open = patterns.length; open > 0; depth++) {
    for (let index = 0; index < open; index++) {
      const bytes = patterns[index]!;
      const from = reached[index]!;
      const byte = bytes[depth - 1]!;
      let state = targets.get(from << 8 | byte);
      if (state === undefined) {
        state = ++made;
        const fallback = from && step(fallbacks[from]!, byte);
        targets.set(from << 8 | byte, state);
        fallbacks[state] = fallback;
        if (from === 0) first[byte] = state;
        depths[state] = depth;
        longest[state] = longest[fallback]!;
      }
      reached[index] = state;
      if (bytes.length === depth) longest[state] = depth;
    }
    while (open > 0 && patterns[open - 1]!.length === depth) open--;
  }
  return { step, depths, longest };
}

/**
 * Leaves out what encodings add, drop or change: blanks, line breaks, the zero bytes
 * of UTF-16, the `+` that a form makes of a blank, backslashes, doubled quotes.
 */
function isKept(byte: number): boolean {
  return byte > 0x20 && byte !== 0x22 && byte !== 0x27 && byte !== 0x2b &&
    byte !== 0x5c;
}

/** Some servers change the case of what they repeat. */
function lowercase(byte: number): number {
  return byte > 0x40 && byte < 0x5b ? byte + 0x20 : byte;
}

/** Makes a list: a small one costs little time, a large one little memory. */
function numbers(size: number): Numbers {
  return size > 1_000 ? new Int32Array(size) : new Array(size);
}

/** Makes an empty list for so many bytes. */
function spelledBytes(size: number): SpelledBytes {
  return {
    length: 0,
    values: numbers(size),
    from: numbers(size),
    to: numbers(size),
  };
}

function add(bytes: SpelledBytes, value: number, from: number, to: number) {
  const at = bytes.length++;
  bytes.values[at] = value;
  bytes.from[at] = from;
  bytes.to[at] = to;
}

/** Reads a text as it is, in UTF-8. */
function encode(text: string): SpelledBytes {
  const isAscii = !/[\x80-\uffff]/.test(text);
  const bytes = spelledBytes(isAscii ? text.length : 3 * text.length);
  for (let from = 0, to = 1; from < text.length; from = to++) {
    const unit = text.charCodeAt(from);
    if (unit < 0x80) add(bytes, unit, from, to);
    else {
      const char = String.fromCodePoint(text.codePointAt(from)!);
      to = from + char.length;
      for (const byte of utf8(char)) add(bytes, byte, from, to);
    }
  }
  return bytes;
}

function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

/** Tells whether an escape may begin with a byte. */
function isMark(byte: number | undefined): boolean {
  return byte === BACKSLASH || byte === AMPERSAND || byte === 0x25;
}

/** Tells whether a byte may end the escape that began `length` bytes before. */
function mayEnd(
  mark: number | undefined,
  byte: number,
  length: number,
): boolean {
  if (mark === AMPERSAND) return byte === SEMICOLON;
  // `\n`, `\x6e` and `\u006e`, or `%6e` and `%u006e`
  return mark === BACKSLASH
    ? length === 1 || length === 3 || length === 5
    : length === 2 || length === 5;
}

/** Undoes escapes in one pass, those that are escaped themselves too. */
function decode(
  source: SpelledBytes,
  bytes: SpelledBytes = spelledBytes(source.length),
): SpelledBytes {
  const { values, from } = bytes;
  // where the last byte stands that an escape may begin with
  let mark = -LONGEST_ESCAPE;
  const push = (byte: number, begin: number, end: number) => {
    const at = bytes.length;
    // two backslashes mean one
    if (byte === BACKSLASH && at > 0 && values[at - 1] === byte) return;
    add(bytes, byte, begin, end);
    if (isMark(byte)) mark = at;
    const length = at - mark;
    if (length >= LONGEST_ESCAPE || !mayEnd(values[mark], byte, length)) return;
    const escape = ESCAPE.exec(
      String.fromCharCode(...values.slice(mark, at + 1)),
    );
    if (!escape) return;
    const first = from[mark]!;
    bytes.length = mark;
    let back = 1;
    while (back < LONGEST_ESCAPE && !isMark(values[mark - back])) back++;
    mark -= back;
    // what it means may end another one
    for (const meant of meaningOf(escape)) push(meant, first, end);
  };
  bytes.length = 0;
  for (let index = 0; index < source.length; index++) {
    push(source.values[index]!, source.from[index]!, source.to[index]!);
  }
  return bytes;
}

/** The bytes that an escape stands for. */
function meaningOf(escape: RegExpExecArray): number[] {
  const [, byte, unit, hex, decimal, name] = escape;
  if (byte) return [parseInt(byte, 16)];
  const code = name
    ? ENTITIES[name.toLowerCase() as keyof typeof ENTITIES]
    : decimal
    ? Number(decimal)
    : parseInt(unit ?? hex ?? "a", 16);
  return code > 0x10ffff ? [] : utf8(String.fromCodePoint(code));
}

/**
 * Reads bytes as base64 and as hexadecimal, from each digit that a whole byte may
 * begin at, if there can be as many as `least`. What is no digit is passed over, and
 * what is yielded overwrites what was yielded before.
 */
function* unpack(
  source: SpelledBytes,
  least: number,
): Generator<SpelledBytes> {
  for (const [digits, bits, group] of RADICES) {
    if (source.length * bits < least * 8) continue;
    const size = 1 << bits;
    const found = spelledBytes(source.length);
    for (let index = 0; index < source.length; index++) {
      const digit = digits.indexOf(String.fromCharCode(source.values[index]!));
      if (digit < 0) continue;
      // a second digit of the same value stands as far from the end
      const value = digit < size ? digit : digit - digits.length + size;
      add(found, value, source.from[index]!, source.to[index]!);
    }
    const { values, from, to, length } = found;
    const bytes = spelledBytes(length);
    for (let phase = 0; phase < group; phase++) {
      bytes.length = 0;
      for (let index = phase + 1; index < length; index++) {
        // a byte is the rest of one digit and the start of the next
        const rest = (index - phase) % group;
        if (rest === 0) continue;
        const both = values[index - 1]! << bits | values[index]!;
        const byte = both >> 2 * (group - 1 - rest) & 255;
        add(bytes, byte, from[index - 1]!, to[index]!);
      }
      yield bytes;
    }
  }
}

/** The bytes that a secret may come as, once they are decoded. */
function readingsOf(secret: string): number[][] {
  const readings = [utf8(secret)];
  if (readings[0]!.length > secret.length) {
    const units = secret.split("");
    const codes = units.map((unit) => unit.charCodeAt(0));
    readings.push(
      // the halves of a pair, which have no UTF-8, one by one
      units.flatMap(utf8),
      // UTF-8 taken for Latin-1, Latin-1 as far as it goes, UTF-16
      readings[0]!.flatMap((byte) => utf8(String.fromCharCode(byte))),
      codes.flatMap((code, at) => code < 256 ? [code] : utf8(units[at]!)),
      codes.flatMap((code) => [code & 255, code >> 8]),
    );
  }
  return readings.flatMap((values) => {
    const { length } = values;
    const plain = decode({ length, values, from: values, to: values });
    const isCoded = plain.length < length;
    return isCoded
      ? [values, [...plain.values.slice(0, plain.length)]]
      : [values];
  });
}
