import { assert, assertEquals, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "@avala/client/errors";
import { records } from "@avala/client/files";
import { served } from "../servers/served.ts";
import { test } from "../tools/harness.ts";

const ROWS = [
  { name: 'a "quoted", one', count: 1, metadata: { a: [1, 2] } },
  { name: "two\nlines", count: null, metadata: {} },
];

const textOf = (body: ReadableStream<Uint8Array<ArrayBuffer>>) =>
  new Response(body).text();

test("records: JSON Lines give back what went in", async () => {
  const lines = (await textOf(records(ROWS))).trimEnd().split("\n");
  assertEquals(lines.map((line) => JSON.parse(line)), ROWS);
  const chosen = await textOf(records(ROWS, { fields: ["metadata", "count"] }));
  assertEquals(
    chosen,
    '{"metadata":{"a":[1,2]},"count":1}\n{"metadata":{},"count":null}\n',
  );
});

test("records: CSV quotes what needs it", async () => {
  assertEquals(
    await textOf(records(ROWS, { format: "csv" })),
    "name,count,metadata\r\n" +
      '"a ""quoted"", one",1,"{""a"":[1,2]}"\r\n' +
      '"two\nlines",,{}\r\n',
  );
  const fields = ["count", "unknown"];
  assertEquals(
    await textOf(records([], { format: "csv", fields })),
    "count,unknown\r\n",
  );
});

served(
  "records: a list is read as far as its text is",
  async ({ client, emulator }) => {
    const [dataset] = (await client.datasets.list({ dataType: "image" })).items;
    assert(dataset);
    const list = () =>
      client.datasets.listItems(dataset.ownerName ?? "", dataset.slug, {
        limit: 10,
      });
    const whole = await textOf(records(list()));
    assertEquals(whole.trimEnd().split("\n").length, dataset.itemCount);
    const before = emulator.requests.length;
    const body = records(list());
    assertEquals(emulator.requests.length, before);
    await body.cancel();
    assertEquals(emulator.requests.length, before);
  },
);

test("records: an error of the list ends the text", async () => {
  async function* broken() {
    yield { a: 1 };
    await Promise.resolve();
    throw new Error("gone");
  }
  const error = await textOf(records(broken())).catch((error) => error);
  assertEquals(error.message, "gone");
});

test("records: wrong arguments are refused", () => {
  const wrong = [
    [7, {}],
    [null, {}],
    [[], { format: "xml" }],
    [[], { fields: [] }],
    [[], { fields: [1] }],
    [[], { formt: "csv" }],
  ] as const;
  for (const [list, options] of wrong) {
    assertThrows(
      () => records(list as never, options as never),
      InvalidArgumentError,
      "records",
    );
  }
});
