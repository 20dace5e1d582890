/**
 * Tables and pictures in a notebook (`deno jupyter --install`): what the last line
 * of a cell gives is shown.
 *
 * ```ts ignore
 * import { AsyncClient } from "jsr:@avala/client";
 * import { show } from "jsr:@avala/client/notebook";
 *
 * const client = new AsyncClient();
 * show(client.datasets.list());
 * ```
 *
 * A notebook is a file that is handed on, so nothing in it may be a secret: values
 * whose name or shape is that of a secret are hidden, and addresses lose their
 * query, which may be a signature. (A page itself, without `show`, is written by Deno
 * with all it holds.) Pictures are shown when a client is given as
 * `images`: it downloads them, and their bytes become a part of the notebook, which
 * needs no address and shows them for good.
 *
 * @example A page as a table
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { show } from "@avala/client/notebook";
 * import { AvalaEmulator } from "@avala/client/testing";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * const shown = show(client.datasets.list(), { fields: ["name", "slug"] });
 *
 * // what Deno does with the last value of a cell
 * const display = Reflect.get(shown, Symbol.for("Jupyter.display"));
 * const { "text/html": html } = await display();
 * assertStringIncludes(html, "<th>name</th><th>slug</th>");
 * ```
 *
 * @module
 */

import type { Download } from "./downloads/download.ts";
import { InvalidArgumentError } from "./errors.ts";
import { redactJson } from "./redact.ts";
import { type OptionTable, positiveInteger, toBody } from "./wire/options.ts";

/** What is shown, and how much of it. */
export interface ShowOptions {
  /**
   * The fields to show, in order.
   *
   * @default {all that hold something}
   */
  fields?: readonly string[] | undefined;
  /**
   * How many rows are shown at most.
   *
   * @default {50}
   */
  rows?: number | undefined;
  /**
   * The client that downloads pictures: those behind the field `url`. They become a
   * part of the notebook.
   *
   * @default {no pictures}
   */
  images?: PictureClient | undefined;
  /**
   * How many pictures are shown at most.
   *
   * @default {12}
   */
  maxImages?: number | undefined;
  /**
   * How many bytes a picture may have; a larger one is not shown.
   *
   * @default {2_097_152}
   */
  maxImageBytes?: number | undefined;
}

/** The part of a client that brings pictures. */
export interface PictureClient {
  /**
   * Downloads the file behind an address.
   *
   * @param url The address.
   * @returns The file.
   */
  download(url: string): Promise<Download>;
}

const SHOW: OptionTable<ShowOptions> = {
  fields: {
    check: (value) => Array.isArray(value) ? undefined : "an array of names",
    local: true,
  },
  rows: { check: positiveInteger, local: true },
  images: {
    check: (value) =>
      typeof Object(value).download === "function" ? undefined : "a client",
    local: true,
  },
  maxImages: { check: positiveInteger, local: true },
  maxImageBytes: { check: positiveInteger, local: true },
};

/**
 * Shows a page, an array or a model in a notebook: as the last value of a cell.
 *
 * @example Pictures
 * ```ts ignore
 * const items = client.datasets.listItems("acme", "night-drive", { limit: 12 });
 * show(items, { fields: ["key"], images: client });
 * ```
 *
 * @param value A page, an array or a model, or the promise of one.
 * @param options What is shown, and how much of it.
 * @returns What the notebook shows.
 * @throws {InvalidArgumentError} If an option is wrong.
 */
export function show(value: unknown, options: ShowOptions = {}): object {
  toBody("show", SHOW, options);
  return {
    [Symbol.for("Jupyter.display")]: async () => {
      const table = await tableOf(await value, options);
      return { "text/html": toHtml(table), "text/plain": toText(table) };
    },
  };
}

/** A table without secrets; nothing in it is HTML as yet. */
interface Table {
  head: string[];
  rows: string[][];
  /** Addresses of pictures, with their bytes in them: of each row, or of all of it. */
  pictures: (string | undefined)[] | string;
  note: string;
}

async function tableOf(value: unknown, options: ShowOptions): Promise<Table> {
  const { items, hasMore } = Object(value) as {
    items?: unknown;
    hasMore?: unknown;
  };
  const all = Array.isArray(value)
    ? value
    : Array.isArray(items)
    ? items
    : undefined;
  if (!all) return modelTable(value, options);
  const { rows: most = 50 } = options;
  const shown = all.slice(0, most);
  // redacted as a whole: the name of a field tells of a secret
  const clean = shown.map((row) => redactJson(row));
  const head = options.fields ?? fieldsOf(clean);
  const left = all.length - shown.length;
  const note = `${shown.length} of ${all.length}${
    hasMore === true ? ", and there are more pages" : ""
  }`;
  return {
    head: [...head],
    rows: clean.map((row) => head.map((field) => toCell(fieldOf(row, field)))),
    pictures: await picturesOf(shown, options),
    note: left > 0 || hasMore === true ? note : "",
  };
}

/** A model stands upright: a row for each field. */
async function modelTable(
  value: unknown,
  options: ShowOptions,
): Promise<Table> {
  if (typeof value !== "object" || value === null) {
    throw new InvalidArgumentError(
      `Cannot show the value as it must be a page, an array or a model: current value is ${
        toCell(redactJson(value))
      }`,
    );
  }
  const clean = redactJson(value);
  const fields = options.fields ?? fieldsOf([clean]);
  const [picture] = await picturesOf([value], options);
  return {
    head: ["field", "value"],
    rows: fields.map((field) => [field, toCell(fieldOf(clean, field))]),
    pictures: picture ?? [],
    note: "",
  };
}

/** The names of all fields that hold something in some row. */
function fieldsOf(rows: unknown[]): string[] {
  const names = new Set<string>();
  for (const row of rows) {
    if (typeof row !== "object" || row === null) names.add("value");
    else {
      for (const [name, value] of Object.entries(row)) {
        if (toCell(value) !== "") names.add(name);
      }
    }
  }
  return [...names];
}

function fieldOf(row: unknown, field: string): unknown {
  if (typeof row !== "object" || row === null) {
    return field === "value" ? row : undefined;
  }
  return Object.hasOwn(row, field) ? Reflect.get(row, field) : undefined;
}

/** How much of a value is shown, in characters. */
const CELL = 200;

function toCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string"
    ? withoutQuery(value)
    : JSON.stringify(value, (_, inner) =>
      typeof inner === "string" ? withoutQuery(inner) : inner) ?? "";
  if (text === "[]" || text === "{}") return "";
  return text.length > CELL ? `${text.slice(0, CELL)}…` : text;
}

/** The query of an address may be a signature, whatever it looks like. */
function withoutQuery(text: string): string {
  return text.replace(/^(https?:\/\/[^?#\s]*)[?#].*$/s, "$1");
}

/** The types of pictures that every browser shows, and that hold no script. */
const PICTURES = [
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "image/avif",
];

async function picturesOf(
  rows: unknown[],
  { images, maxImages = 12, maxImageBytes = 2_097_152 }: ShowOptions,
): Promise<(string | undefined)[]> {
  if (!images) return [];
  return await Promise.all(
    rows.slice(0, maxImages).map(async (row) => {
      const url = fieldOf(row, "url");
      if (typeof url !== "string") return undefined;
      // a picture that can't be had leaves its place empty
      return await pictureAt(images, url, maxImageBytes).catch(() => undefined);
    }),
  );
}

async function pictureAt(
  images: PictureClient,
  url: string,
  most: number,
): Promise<string | undefined> {
  await using download = await images.download(url);
  const type = download.contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!PICTURES.includes(type) || (download.size ?? Infinity) > most) {
    return undefined;
  }
  let bytes = "";
  for (const byte of await download.bytes()) bytes += String.fromCharCode(byte);
  return `data:${type};base64,${btoa(bytes)}`;
}

function toHtml({ head, rows, pictures, note }: Table): string {
  const line = (cells: string[], tag: string) =>
    cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("");
  const [above, beside] = typeof pictures === "string"
    ? [pictures, []]
    : [undefined, pictures];
  const hasColumn = beside.some((picture) => picture !== undefined);
  const body = rows.map((cells, index) => {
    const picture = hasColumn ? `<td>${imageOf(beside[index])}</td>` : "";
    return `<tr>${picture}${line(cells, "td")}</tr>`;
  });
  const first = hasColumn ? "<th></th>" : "";
  return [
    imageOf(above),
    `<table><thead><tr>${first}${line(head, "th")}</tr></thead>`,
    `<tbody>${body.join("")}</tbody></table>`,
    note && `<p>${escapeHtml(note)}</p>`,
  ].join("");
}

function imageOf(picture: string | undefined): string {
  return picture === undefined
    ? ""
    : `<img alt="" style="max-height:96px" src="${escapeHtml(picture)}">`;
}

/** For what shows no HTML: a line for each row. */
function toText({ head, rows, note }: Table): string {
  const lines = [head, ...rows].map((cells) =>
    cells.map((cell) => cell.replace(/\s+/g, " ")).join("\t")
  );
  return [...lines, ...(note ? [note] : [])].join("\n");
}

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
