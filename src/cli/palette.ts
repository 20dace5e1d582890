/**
 * What colors mean on a terminal.
 *
 * @module
 */

import {
  bold,
  cyan,
  dim,
  green,
  red,
  yellow,
} from "jsr:@std/fmt@^1.0.10/colors";

/** Colors a text. */
export type Paint = (text: string) => string;

/** A color by meaning. */
export interface Palette {
  /** Heads and titles. */
  readonly strong: Paint;
  /** What is rarely read: ids, nothing. */
  readonly quiet: Paint;
  /** Names to type. */
  readonly name: Paint;
  /** What went well. */
  readonly good: Paint;
  /** What goes on, or wants somebody's attention. */
  readonly open: Paint;
  /** What went wrong. */
  readonly bad: Paint;
}

/** Leaves a text as it is. */
export const plain: Paint = (text) => text;

const COLORS: Palette = {
  strong: bold,
  quiet: dim,
  name: cyan,
  good: green,
  open: yellow,
  bad: red,
};
const NONE: Palette = {
  strong: plain,
  quiet: plain,
  name: plain,
  good: plain,
  open: plain,
  bad: plain,
};

/**
 * Gives the colors of a terminal.
 *
 * @param colors Whether it may show any.
 * @returns The colors.
 */
export function paletteOf(colors: boolean): Palette {
  return colors ? COLORS : NONE;
}

/** Fields that tell how something is. */
const STATES = /^(?:status|state|severity|outcome|\w*Status)$/;
const GOOD = words(
  "accepted active approved available completed created delivered exported",
  "expert_success online published ready resolved succeeded success uploaded",
);
const BAD = words(
  "abandoned aborted critical error failed failure offline rejected unavailable",
  "unsafe",
);
const OPEN = words(
  "awaiting_feedback completing creating in_review initiated maintenance moderate",
  "new open paused pending pending-approval processing provisioning relabeling",
  "requested retry_wait running started uploading warning",
);

function words(...lines: string[]): ReadonlySet<unknown> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}

/**
 * Chooses the color of a value.
 *
 * @param palette The colors.
 * @param name The field that holds it.
 * @param value The value.
 * @returns What colors it.
 */
export function paintOf(palette: Palette, name: string, value: unknown): Paint {
  if (isReference(value)) return palette.quiet;
  if (!isState(name)) return plain;
  if (GOOD.has(value)) return palette.good;
  if (BAD.has(value)) return palette.bad;
  return OPEN.has(value) ? palette.open : plain;
}

/**
 * Tells whether a field says how something is.
 *
 * @param name The field.
 * @returns Whether it holds a state.
 */
export function isState(name: string): boolean {
  return STATES.test(name);
}

/**
 * Tells whether a value only leads elsewhere: a unique id, an address.
 *
 * @param value The value.
 * @returns Whether it says little to a reader.
 */
export function isReference(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isReference);
  return typeof value === "string" &&
    /^(?:[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$|https?:)/i
      .test(value);
}
