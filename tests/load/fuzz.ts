/**
 * The `fuzz` task: 100,000 answers, and a search for leaks over all operations and
 * spellings. Arguments: `SEED ANSWERS SHARE`, the last from 0 to 1.
 *
 * @module
 */

import { fuzz } from "./fuzz_errors.ts";
import { findLeaks } from "./leaks.ts";

const [seed = Date.now() % 2 ** 31, answers = 100_000, share = 1] = Deno.args
  .map(Number);
console.log(`seed ${seed}, ${answers} answers`);
let start = performance.now();
const { values, errors, methods } = await fuzz(seed, answers);
console.log(
  `${values} values and ${errors} errors of ${methods} calls in ${seconds()} s`,
);
start = performance.now();
const { calls, operations, secrets, spellings } = await findLeaks(seed, share);
console.log(
  `${calls} calls of ${operations} operations, ${secrets} secrets in ${spellings} spellings, none shown, in ${seconds()} s`,
);

function seconds(): string {
  return ((performance.now() - start) / 1_000).toFixed(0);
}
