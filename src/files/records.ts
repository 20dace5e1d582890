/**
 * Lists as texts: JSON Lines or CSV.
 *
 * @module
 */

import { stringify } from "jsr:@std/csv@^1.0.6/stringify";
import { type Check, refusal } from "../wire/options.ts";
import { checkOptions } from "./paths.ts";

/** Options of {@linkcode records}. */
export interface RecordsOptions {
  /**
   * One JSON object a line, or rows of comma-separated values below a row of names.
   *
   * @default {"jsonl"}
   */
  format?: "jsonl" | "csv" | undefined;
  /**
   * The fields to write, in this order.
   *
   * @default {all; in CSV those of the first record}
   */
  fields?: readonly string[] | undefined;
}

/** Characters that go out at once. */
const CHUNK = 65_536;

const CHECKS: {
  [Name in keyof Required<RecordsOptions>]: Check;
} = {
  format: (value) =>
    value === "jsonl" || value === "csv" ? undefined : '"jsonl" or "csv"',
  fields: (value) =>
    Array.isArray(value) && value.length > 0 &&
      value.every((name) => typeof name === "string")
      ? undefined
      : "a non-empty array of names",
};

/**
 * Writes a list as text, page by page: there is never more than a page of it in
 * memory. In CSV objects and arrays become JSON, and null an empty cell.
 *
 * @example Every dataset as CSV
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { records } from "@avala/client/files";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const body = records(client.datasets.list(), {
 *   format: "csv",
 *   fields: ["slug", "itemCount"],
 * });
 * const [head] = (await new Response(body).text()).split("\r\n");
 * assertEquals(head, "slug,itemCount");
 * ```
 *
 * @param list The list: of a method, or anything else that can be iterated.
 * @param options The format, and which fields.
 * @returns The text as UTF-8; `saveTo(path, { body })` writes it to a file.
 * @throws {InvalidArgumentError} If an argument is wrong.
 */
export function records(
  list: AsyncIterable<object> | Iterable<object>,
  options: RecordsOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  checkArguments(list, options);
  const chunks = toChunks(list, options);
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await chunks.return(undefined);
    },
  }, { highWaterMark: 0 });
}

async function* toChunks(
  list: AsyncIterable<object> | Iterable<object>,
  options: RecordsOptions,
): AsyncGenerator<string, undefined> {
  const { format = "jsonl" } = options;
  let { fields } = options;
  let waiting = format === "csv" && fields ? stringify([fields]) : "";
  for await (const record of list) {
    const row = record as { [name: string]: unknown };
    if (format === "jsonl") {
      // the fields as an array would choose inside nested objects as well
      const chosen = fields?.map((name) => [name, row[name]]);
      waiting += `${
        JSON.stringify(chosen ? Object.fromEntries(chosen) : row)
      }\n`;
    } else {
      if (!fields) {
        fields = Object.keys(row);
        waiting += stringify([fields]);
      }
      waiting += stringify([fields.map((name) => toCell(row[name]))]);
    }
    if (waiting.length < CHUNK) continue;
    yield waiting;
    waiting = "";
  }
  if (waiting !== "") yield waiting;
  return undefined;
}

function toCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function checkArguments(list: unknown, options: RecordsOptions): void {
  if (
    typeof list !== "object" || list === null ||
    !(Symbol.asyncIterator in list || Symbol.iterator in list)
  ) {
    throw refusal("records", "'list'", "a list or an array", list);
  }
  checkOptions("records", options, CHECKS);
}
