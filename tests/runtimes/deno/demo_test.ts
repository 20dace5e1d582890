import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";

const DEMO = fileURLToPath(
  new URL("../../tools/demo/main.ts", import.meta.url),
);

Deno.test("demo: every step shows what it says, in 80 columns, plain in a pipe", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", DEMO],
  }).output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(code, 0, text + new TextDecoder().decode(stderr));
  // what it stages differs in times only: each step checks its own outcome
  const titles = text.split("\n").filter((line) => /^\d\. /.test(line));
  assertEquals(titles.map((line) => line[0]), ["1", "2", "3", "4", "5"]);
  assertEquals(text.match(/^ {3}✓ /gm)?.length, 5);
  assertStringIncludes(text, "a loop of fetch       2 exports");
  assertStringIncludes(text, "What to read next");
  assert(!text.includes("\x1b"), "colors in a pipe");
  const long = text.split("\n").filter((line) => line.length > 80);
  assertEquals(long, []);
});
