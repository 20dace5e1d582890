/**
 * Texts of others, made harmless for a terminal.
 *
 * @module
 */

// control characters, and those that turn the direction of what follows
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
// JSON.stringify escapes only the first of them
const UNSAFE_IN_JSON = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Replaces what would move the cursor, change colors or turn the direction.
 *
 * @param text The text.
 * @returns One line that shows as it is.
 */
export function safeText(text: string): string {
  return text.replace(UNSAFE, " ");
}

/**
 * Writes JSON with nothing in it that a terminal would obey.
 *
 * @param value The value.
 * @param indent Spaces of one level.
 * @returns The JSON.
 */
export function safeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? "null";
  return text.replace(
    UNSAFE_IN_JSON,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
