import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "@avala/client/errors";
import { type KeyFilter, matcherOf } from "../../../src/files/globs.ts";

const KEYS = [
  "1.jpg",
  "run/1.jpg",
  "run/deep/1.jpg",
  "run/2.png",
  "raw/1.jpg",
  ".hidden/.1.jpg",
  "a{b}.txt",
];

Deno.test("globs: a glob without a slash fits in every folder", () => {
  const cases: [KeyFilter, string[]][] = [
    [{}, KEYS],
    [{ include: ["*.jpg"] }, KEYS.filter((key) => key.endsWith(".jpg"))],
    [{ include: ["run/*"] }, ["run/1.jpg", "run/2.png"]],
    [{ include: ["/run/*.jpg"] }, ["run/1.jpg"]],
    [{ include: ["run/**"] }, ["run/1.jpg", "run/deep/1.jpg", "run/2.png"]],
    [{ include: ["**/deep/*"] }, ["run/deep/1.jpg"]],
    [{ include: ["?.{jpg,png}"], exclude: ["run/**"] }, ["1.jpg", "raw/1.jpg"]],
    [{ include: ["[0-9].png", "a*"] }, ["run/2.png", "a{b}.txt"]],
    [{ exclude: ["*.jpg", "*.png"] }, ["a{b}.txt"]],
    [{ exclude: [] }, KEYS],
    [{ include: ["*.JPG"] }, []],
  ];
  for (const [filter, expected] of cases) {
    const matches = matcherOf(filter);
    assertEquals(KEYS.filter(matches), expected, JSON.stringify(filter));
  }
});

Deno.test("globs: a key that was made to take forever does not", () => {
  const matches = matcherOf({ include: ["**/*.jpg", "*/**/a/*"] });
  assertEquals(matches(`${"/".repeat(1_000)}x`), false);
  assertEquals(matches(`${"a".repeat(2_000)}x`), false);
  assertEquals(matches("a//b///1.jpg"), true);
});

Deno.test("globs: what is none is refused", () => {
  const cases: [unknown, string][] = [
    [{ include: [] }, "'include' must be not empty"],
    [{ include: "*.jpg" }, "'include' must be an array: current value"],
    [{ exclude: ["a", ""] }, "'exclude' must be an array of non-empty strings"],
    [{ exclude: [/a/] }, "current value is an object"],
    [{ exclude: null }, "current value is null"],
  ];
  for (const [filter, text] of cases) {
    const error = assertThrows(
      () => matcherOf(filter as KeyFilter),
      InvalidArgumentError,
    );
    assertStringIncludes(error.message, text);
  }
});
