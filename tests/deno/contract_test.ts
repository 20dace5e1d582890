import { assertEquals } from "@std/assert";

const COPY = new URL("../contract/", import.meta.url);
const SOURCE = new URL("../../../shared/contract/", import.meta.url);

Deno.test("the copy of the contract is up to date, where the source is there", async () => {
  const names = [...Deno.readDirSync(COPY)].map(({ name }) => name).sort();
  assertEquals(names, [
    "http.json",
    "models.json",
    "operations.json",
    "samples.json",
  ]);
  const isThere = await Deno.stat(SOURCE).then(() => true, () => false);
  for (const name of isThere ? names : []) {
    const [copy, source] = await Promise.all(
      [COPY, SOURCE].map((folder) => Deno.readTextFile(new URL(name, folder))),
    );
    assertEquals(copy === source, true, `${name} differs from its source`);
  }
});
