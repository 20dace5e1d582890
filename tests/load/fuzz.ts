/**
 * The `fuzz` task: 100,000 answers. Arguments: `SEED ANSWERS`.
 *
 * @module
 */

import { fuzz } from "./fuzz_errors.ts";

const [seed = Date.now() % 2 ** 31, answers = 100_000] = Deno.args.map(Number);
console.log(`seed ${seed}, ${answers} answers`);
const start = performance.now();
const { values, errors, methods } = await fuzz(seed, answers);
const seconds = ((performance.now() - start) / 1_000).toFixed(0);
console.log(
  `${values} values and ${errors} errors of ${methods} calls in ${seconds} s`,
);
