/**
 * Random JSON, and answers that were something sensible once.
 *
 * @module
 */

import { pick } from "./random.ts";

type Random = () => number;

/** Keys that break careless code. */
const KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "then",
  "toJSON",
  "length",
  "",
  "0",
  "_",
  "__",
  "a_b",
  "detail",
  "error",
  "message",
  "loc",
  "msg",
  "results",
  "next",
  "limit",
  "used",
  "token",
];

const SCALARS: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  7,
  1e308,
  1e-7,
  "",
  "text",
  "/api/v1/x/?cursor=c",
  "?page=2",
  "http://[bad",
  "\u0000\ud800\u2028",
  "__proto__",
  "2026-03-14T09:26:53Z",
];

/** Makes a random JSON value. */
export function randomJson(random: Random, depth = 0): unknown {
  const kind = random();
  if (depth > 4 || kind < 0.4) return pick(random, SCALARS);
  const size = Math.floor(random() * 4);
  const entries = Array.from(
    { length: size },
    () => randomJson(random, depth + 1),
  );
  if (kind < 0.6) return entries;
  return Object.fromEntries(
    entries.map((entry) => [pick(random, KEYS), entry]),
  );
}

/** Changes a JSON value in one to three places. */
export function mutate(random: Random, value: unknown): unknown {
  let mutant = structuredClone(value);
  for (let left = 1 + Math.floor(random() * 3); left > 0; left--) {
    mutant = mutateOnce(random, mutant);
  }
  return mutant;
}

function mutateOnce(random: Random, value: unknown): unknown {
  if (typeof value !== "object" || value === null || random() < 0.1) {
    return randomJson(random);
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return [randomJson(random)];
    const index = Math.floor(random() * value.length);
    return value.map((entry, i) =>
      i === index ? mutateOnce(random, entry) : entry
    );
  }
  const entries: [string, unknown][] = Object.entries(value);
  const index = Math.floor(random() * (entries.length + 1));
  const [key, entry] = entries[index] ?? ["", null];
  const kind = random();
  if (index === entries.length || kind < 0.2) {
    entries.push([pick(random, KEYS), randomJson(random)]);
  } else if (kind < 0.4) entries.splice(index, 1);
  else if (kind < 0.5) entries[index] = [pick(random, KEYS), entry];
  else if (kind < 0.7) entries[index] = [key, randomJson(random)];
  else entries[index] = [key, mutateOnce(random, entry)];
  return Object.fromEntries(entries);
}

/** Breaks a text: cut, doubled, or with other bytes in it. */
export function garble(random: Random, text: string): string {
  const at = () => Math.floor(random() * (text.length + 1));
  const place = at();
  const kind = random();
  if (kind < 0.3) return text.slice(0, place);
  if (kind < 0.4) return text + text;
  if (kind < 0.5) return `\ufeff${text}`;
  const noise = pick(random, [
    "{",
    "}",
    "[",
    "]",
    ",",
    '"',
    "\\",
    "\u0000",
    "9",
  ]);
  return text.slice(0, place) + noise + text.slice(kind < 0.75 ? place : at());
}
