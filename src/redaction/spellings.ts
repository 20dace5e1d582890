/**
 * Decodes what servers encode, each byte keeping its place in the text.
 *
 * A server may repeat a secret percent-encoded, escaped for JSON or HTML, in
 * base64 or hexadecimal, twice, in part. Nobody can list all spellings of a
 * secret, so the text is decoded instead.
 *
 * @module
 */

/** A list whose size is known before it is filled. */
export type Numbers = number[] | Int32Array;

/** Bytes, and for each the part of a text that spells it. */
export interface SpelledBytes {
  /** How many there are. */
  length: number;
  /** The bytes. */
  readonly values: Numbers;
  /** Where the spelling of each begins. */
  readonly from: Numbers;
  /** Where the spelling of each ends. */
  readonly to: Numbers;
}

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

/**
 * Makes a list: a small one costs little time, a large one little memory.
 *
 * @param size How many numbers it must hold.
 * @returns The list.
 */
export function numbers(size: number): Numbers {
  return size > 1_000 ? new Int32Array(size) : new Array(size);
}

/**
 * Makes a list of bytes.
 *
 * @param size How many bytes it must hold.
 * @returns The list, empty.
 */
export function spelledBytes(size: number): SpelledBytes {
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

/**
 * Reads a text as it is.
 *
 * @param text The text.
 * @returns Its bytes in UTF-8.
 */
export function encode(text: string): SpelledBytes {
  const bytes = spelledBytes(3 * text.length);
  for (let from = 0, to = 0; from < text.length; from = to) {
    const code = text.codePointAt(from)!;
    to = code > 0xffff ? from + 2 : from + 1;
    if (code < 0x80) add(bytes, code, from, to);
    else {
      for (const byte of utf8(String.fromCodePoint(code))) {
        add(bytes, byte, from, to);
      }
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

/**
 * Undoes escapes in one pass, those that are escaped themselves too.
 *
 * @param source The bytes to decode.
 * @param bytes Where to put what they mean.
 * @returns What they mean.
 */
export function decode(
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
    if (length === 0 || length >= LONGEST_ESCAPE) return;
    // a shortcut: most bytes end no escape
    if (values[mark] === AMPERSAND ? byte !== SEMICOLON : length > 5) return;
    const escape = ESCAPE.exec(
      String.fromCharCode(...values.slice(mark, at + 1)),
    );
    if (!escape) return;
    const first = from[mark]!;
    bytes.length = mark;
    for (let back = 1; back < LONGEST_ESCAPE; back++) {
      if (isMark(values[--mark])) break;
    }
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
 * begin at. What is no digit is passed over.
 *
 * @param source The bytes of the digits.
 * @param least How many bytes are worth it.
 * @returns What the digits stand for; the next overwrites the last.
 */
export function* unpack(
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

/**
 * Gives the bytes that a secret may come as.
 *
 * @param secret The secret.
 * @returns Each possible reading.
 */
export function readingsOf(secret: string): number[][] {
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
