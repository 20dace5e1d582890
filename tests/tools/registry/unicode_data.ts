/**
 * The widths of characters. The npm copy of std leaves out the file that holds
 * them; what the engine knows of Unicode makes one that is good enough for tests.
 *
 * @module
 */

const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const WIDE =
  /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]$/u;
const HALF = /^[\u00ad\uff61-\uffdc]$/u;
const LAST = 0x10ffff;

/** Makes the text of `_data.json`: three levels of tables, run-length encoded. */
export function unicodeData(): string {
  const leaves: number[][] = [];
  const branches: number[][] = [];
  const root: number[] = [];
  for (let start = 0; start <= LAST; start += 8192) {
    const branch = Array.from({ length: 128 }, (_, i) => {
      const leaf = Array.from({ length: 16 }, (_, j) =>
        [0, 1, 2, 3].reduce(
          (packed, k) =>
            packed | widthOf(start + i * 64 + j * 4 + k) << (2 * k),
          0,
        ));
      return indexOf(leaves, leaf);
    });
    root.push(indexOf(branches, branch));
  }
  const tables = [root, branches.flat(), leaves.flat()].map(encode);
  return JSON.stringify({ UNICODE_VERSION: "the engine's", tables });
}

function widthOf(codePoint: number): number {
  if (codePoint < 0x300) return 1;
  const character = String.fromCodePoint(codePoint);
  if (HALF.test(character)) return 1;
  return ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

function indexOf(rows: number[][], row: number[]): number {
  const key = row.join();
  const index = rows.findIndex((other) => other.join() === key);
  return index < 0 ? rows.push(row) - 1 : index;
}

function encode(bytes: number[]): { d: string; r: string } {
  const values: number[] = [];
  const lengths: number[] = [];
  for (const byte of bytes) {
    if (byte > 0xff) throw new Error("The widths take more than 256 blocks");
    if (values.at(-1) === byte && lengths.at(-1)! < 0xff) {
      lengths[lengths.length - 1]!++;
    } else {
      values.push(byte);
      lengths.push(1);
    }
  }
  const toText = (bytes: number[]) => btoa(String.fromCharCode(...bytes));
  return { d: toText(values), r: toText(lengths) };
}
