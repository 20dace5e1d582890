/**
 * Prints how many milliseconds an import of the library takes.
 *
 * @module
 */

// the first import of all pays for the machinery of imports
await import("./nothing.ts");
const start = performance.now();
await import("@avala/client");
console.log(performance.now() - start);
