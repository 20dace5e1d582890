import { assert, assertEquals } from "@std/assert";
import { AvalaError } from "@avala/client/errors";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../../../src/", import.meta.url));

/** Every text with a space in it that the code holds, its blanks filled in. */
async function* wordsOf(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* wordsOf(path);
    else if (entry.name.endsWith(".ts")) {
      const code = await readFile(path, "utf8");
      const bare = code.replace(/^ *(?:\/\*\*[^]*?\*\/|\/\/.*)$/gm, "");
      const texts = bare.matchAll(/"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g);
      for (const [text] of texts) {
        const words = text.slice(1, -1).replace(/\$\{[^{}]*\}/g, "value")
          .replace(/\$\{[^]*?\}/g, "value");
        // what has several lines is printed, and no message
        if (words.includes(" ") && !words.includes("\n")) yield words;
      }
    }
  }
}

Deno.test("redaction leaves the client's own words alone", async () => {
  let count = 0;
  let refusals = 0;
  for await (const words of wordsOf(SOURCE)) {
    const { message } = new AvalaError(words, {
      secrets: ["avk_0123456789abcdef", "hunter2-hunter2"],
    });
    assertEquals(message, words);
    count++;
    if (words.startsWith("Cannot ")) refusals++;
  }
  assert(count > 300 && refusals > 100, `${count} texts, ${refusals} refusals`);
});
