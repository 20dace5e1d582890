import { assertEquals } from "@std/assert";
import { AvalaEmulator } from "@avala/client/testing";

Deno.test("emulator: a decoder reads the pictures of items", async () => {
  const emulator = new AvalaEmulator({
    seed: {
      datasets: [{ name: "A", slug: "a", dataType: "image" }],
      items: { a: [{ key: "a.jpg" }, { key: "b.png" }, { key: "c.jpeg" }] },
    },
  });
  const read = (address: string, headers = {}) =>
    emulator.fetch(address, { headers });
  const list = await read(
    "https://api.avala.ai/api/v1/datasets/northlight/a/items/",
    { "x-avala-api-key": "avk_test_key_1" },
  );
  const { results } = await list.json() as { results: { url: string }[] };
  const sizes: [number, number][] = [];
  for (const { url } of results) {
    const picture = await createImageBitmap(await (await read(url)).blob());
    sizes.push([picture.width, picture.height]);
    picture.close();
  }
  assertEquals(sizes, [[320, 200], [40, 25], [320, 200]]);
});
