/**
 * Prints how many milliseconds an import of the library takes.
 *
 * @module
 */

const start = performance.now();
await import("@avala/client");
console.log(performance.now() - start);
