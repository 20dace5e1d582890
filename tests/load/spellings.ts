/**
 * The ways in which servers, proxies and log lines write a secret.
 *
 * @module
 */

/** Writes a text in some way. */
export type Spelling = (secret: string) => string;

const bytesOf = (text: string) => [...new TextEncoder().encode(text)];
const base64 = (text: string) => btoa(String.fromCharCode(...bytesOf(text)));
const hex = (text: string) =>
  bytesOf(text).map((byte) => byte.toString(16).padStart(2, "0")).join("");
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const percent = (text: string) => encodeURIComponent(text);
const url64 = (text: string) =>
  base64(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
/** Each character by its number. */
const each = (text: string, way: (unit: number) => string) =>
  text.split("").map((char) => way(char.charCodeAt(0))).join("");
const html = (text: string, quote: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", quote);
const unicode = (unit: number) => `\\u${unit.toString(16).padStart(4, "0")}`;

/** By name. */
export const SPELLINGS: { readonly [name: string]: Spelling } = {
  "as it is": (text) => text,
  "percent": percent,
  "percent, lower case": (text) =>
    percent(text).replace(/%../g, (code) => code.toLowerCase()),
  "percent, as little as possible": (text) => encodeURI(text),
  "percent, every byte": (text) => `%${hex(text).match(/../g)!.join("%")}`,
  "percent, twice": (text) => percent(percent(text)),
  "percent, three times": (text) => percent(percent(percent(text))),
  "a form": (text) => `${new URLSearchParams({ "": text })}`.slice(1),
  "a form in a query": (text) =>
    percent(`${new URLSearchParams({ "": text })}`.slice(1)),
  "JSON": json,
  "JSON with escaped slashes": (text) => json(text).replaceAll("/", "\\/"),
  "JSON for HTML": (text) =>
    json(text).replace(/[&<>'+=]/g, (char) => unicode(char.charCodeAt(0))),
  "JSON in ASCII": (text) =>
    json(text).replace(/[^ -~]/g, (char) => unicode(char.charCodeAt(0))),
  "JSON, every character": (text) => each(text, unicode),
  "JSON in JSON": (text) => json(json(text)),
  "JSON in JSON in JSON": (text) => json(json(json(text))),
  "JSON in a query": (text) => percent(json(text)),
  "a query in JSON": (text) => json(percent(text)),
  "hexadecimal escapes": (text) =>
    text.replace(/[^\w\x80-\uffff]/g, (char) => `\\x${hex(char)}`),
  "HTML": (text) => html(text, "&#39;"),
  "HTML of Python": (text) => html(text, "&#x27;"),
  "HTML of XML": (text) => html(text, "&apos;"),
  "HTML of Go": (text) =>
    text.replace(/[&<>"'+]/g, (char) => `&#${char.charCodeAt(0)};`),
  "HTML, every character": (text) => each(text, (unit) => `&#${unit};`),
  "HTML, every character, hexadecimal": (text) =>
    each(text, (unit) => `&#x${unit.toString(16).toUpperCase()};`),
  "HTML of HTML": (text) => html(html(text, "&#39;"), "&#39;"),
  "HTML in a query": (text) => percent(html(text, "&#39;")),
  "HTML in JSON": (text) =>
    json(html(text, "&#39;")).replaceAll("&", "\\u0026"),
  "base64": base64,
  "base64 for URLs": url64,
  "base64 in a query": (text) => percent(base64(text)),
  "base64 in JSON": (text) => json(base64(text)).replaceAll("/", "\\/"),
  "base64 in lines": (text) => base64(text).replace(/.{8}/g, "$&\r\n"),
  "base64 of a query": (text) => base64(`a=${percent(text)}`),
  "base64 of JSON": (text) => base64(JSON.stringify({ a: text })),
  "Basic": (text) => `Basic ${base64(`user:${text}`)}`,
  "Basic of a longer user": (text) => `Basic ${base64(`user1:${text}`)}`,
  "Basic of a user of six": (text) => `Basic ${base64(`user12:${text}`)}`,
  "Basic as the user": (text) => `Basic ${base64(`${text}:`)}`,
  "base64 of UTF-16": (text) =>
    btoa(each(text, (unit) => String.fromCharCode(unit & 255, unit >> 8))),
  "hexadecimal": hex,
  "hexadecimal, upper case": (text) => hex(text).toUpperCase(),
  "hexadecimal with colons": (text) => hex(text).match(/../g)!.join(":"),
  "quotes doubled": (text) => text.replace(/["']/g, "$&$&"),
  "quoted for a shell": (text) => `'${text.replaceAll("'", `'\\''`)}'`,
};
