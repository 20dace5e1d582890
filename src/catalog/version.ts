/**
 * The version of the package, for the faces that tell it.
 *
 * @module
 */

/** The version, as in `deno.json`. */
export const VERSION = "0.1.0";
