import { assert, assertEquals } from "@std/assert";
import { AsyncClient } from "@avala/client";
import { AvalaError } from "@avala/client/errors";
import { Transport } from "@avala/client/transport";
import samples from "../contract/samples.json" with { type: "json" };
import { fuzz } from "../load/fuzz_errors.ts";
import { test } from "../tools/harness.ts";

const apiKey = "avk_fuzz_test_key_1";

function answering(body: string, status: number): Transport {
  const fetch = () => Promise.resolve(new Response(body, { status }));
  return new Transport({ apiKey, fetch, maxRetries: 0 });
}

// `deno task fuzz` gives 100,000 answers
test("3,000 random answers: values and errors of the client, nothing else", async () => {
  const { answers, values, errors, methods } = await fuzz(20_261_123, 3_000);
  assertEquals(values + errors, answers);
  assert(values > 300 && errors > 300, `${values} values, ${errors} errors`);
  assert(methods > 20, `${methods} methods`);
});

test("hostile JSON is decoded, and changes no prototype", async () => {
  for (const text of samples.$hostile.json) {
    const fetch = () => Promise.resolve(new Response(text));
    const client = new AsyncClient({ apiKey, fetch });
    const dataset = await client.datasets.get("x");
    assertEquals(Object.getPrototypeOf(dataset), Object.prototype);
    const wire = JSON.parse(text);
    assertEquals(dataset.uid, wire.uid);
    assertEquals(
      JSON.stringify(dataset.predefinedLabels),
      JSON.stringify(wire.predefined_labels ?? null),
    );
    assertEquals(({} as { polluted?: boolean }).polluted, undefined);
    if (wire.item_count !== undefined) {
      assertEquals(dataset.itemCount, wire.item_count);
    }
  }
});

test("every kind of JSON can be the body of an error", async () => {
  const loc = [{ toString: 1, valueOf: 1 }, ["a"], null, "b", 0];
  const bodies: unknown[] = [
    ...[null, true, 0, -1.5, "", "text", [], {}, [[]], [null], { a: null }],
    ...[{ detail: null }, { detail: 7 }, { detail: [[["deep"]]] }],
    ...[{ error: null }, { error: { message: 7 } }, [{ loc, msg: "text" }]],
    ...[JSON.parse(`{"__proto__":["text"]}`), {
      constructor: ["text"],
    }],
    JSON.parse("[".repeat(5_000) + "]".repeat(5_000)),
  ];
  for (const status of [400, 404, 413, 422, 429, 500]) {
    for (const body of bodies) {
      const transport = answering(stringify(body), status);
      const error = await transport.request("GET", "/x/").catch((e) => e);
      assert(error instanceof AvalaError, String(error));
      assertEquals(error.statusCode, status);
      assertEquals(typeof error.message, "string");
    }
  }
});

/** Where an engine can't write what is nested so deep, the text does. */
function stringify(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch {
    return "[".repeat(5_000) + "]".repeat(5_000);
  }
}

/** Each begins what a pattern looks for, again and again. */
const HOSTILE = [
  "eyJ-",
  "eyJaaaaa.",
  "http://",
  "https://a?",
  "https://a?b&",
  "ftp://a",
  "a://a:",
  "a.",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN RSA PRIVATE KEY----------END ",
  "1//",
  "sk-",
  "sk_live_",
  "avk_",
  "xoxb-",
  "bearer ",
  "x-avala-api-key:",
  "x-avala-api-key ",
  "arn:aws",
  "aws_secret_access_key=",
  "secret_access_key  ",
  "AKIA",
  "FwoG/",
  "0f",
  "hf_",
  '"private_key_id":',
  "_a",
  "?",
  "&sig=",
  "@",
  "/",
  "\\",
  " ",
  "\u00e9",
  "avk_fuzz_test_key_",
];

test("no hostile text takes more than linear time", async () => {
  const shapes: ((text: string) => string)[] = [
    (text) => text,
    (text) => JSON.stringify({ detail: text }),
    (text) => JSON.stringify({ [text]: [text] }),
  ];
  for (const start of HOSTILE) {
    for (const [index, shape] of shapes.entries()) {
      const time = async (length: number) => {
        const text = start.repeat(length / start.length);
        const transport = answering(shape(text), 400);
        const begin = performance.now();
        await transport.request("GET", "/x/").catch(() => {});
        return performance.now() - begin;
      };
      const small = Math.min(await time(7_000), await time(7_000));
      const great = Math.min(await time(28_000), await time(28_000));
      // four times as long; a quadratic pattern takes 16 times, and seconds
      assert(
        great < 2_000 || great < 12 * small,
        `${start} as ${index}: ${small} ms, then ${great} ms`,
      );
    }
  }
});
