/**
 * The modules of the page, by their paths.
 *
 * @module
 */

import { BASE } from "./base.ts";
import { FAULTS } from "./faults.ts";
import { MAIN } from "./main.ts";
import { RECORDS } from "./records.ts";
import { REQUESTS } from "./requests.ts";
import { WORLD } from "./world.ts";

/** Each module as JavaScript; the page loads the first one. */
export const SCRIPTS: { readonly [path: string]: string } = {
  "/-/main.js": MAIN,
  "/-/base.js": BASE,
  "/-/faults.js": FAULTS,
  "/-/records.js": RECORDS,
  "/-/requests.js": REQUESTS,
  "/-/world.js": WORLD,
};
