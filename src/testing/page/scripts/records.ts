/**
 * The records of each resource on the page.
 *
 * @module
 */

/** A module of the page, as JavaScript. */
export const RECORDS: string = String.raw`import {
  $, buttonCell, call, element, rove, showJson,
} from "/-/base.js";

const PAGE = 50;
const FIRST = ["name", "key", "slug", "label", "event_type", "status", "uid"];
const settle = rove($("record-table").tBodies[0]);
let offset = 0;
let opened;

/** Shows the collections, and the records of the one that is chosen. */
export async function showCollections() {
  const collections = await call("GET", "/-/collections");
  const before = $("collection").value || "datasets";
  $("collection").replaceChildren(...collections.map(({ name, title, total }) => {
    const option = element("option", title + " (" + total.toLocaleString("en") + ")");
    option.value = name;
    return option;
  }));
  $("collection").value = before;
  await showRecords();
}

function textOf(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function rowOf(record, names) {
  const row = element("tr");
  const act = (byKeyboard) => openRecord(row, record, byKeyboard);
  const [first, ...others] = names;
  row.append(
    buttonCell(textOf(record[first]) || "(empty)", "", () => act(true)),
    ...others.map((name) =>
      element("td", textOf(record[name]), typeof record[name] === "number" ? "number" : "")
    ),
  );
  row.addEventListener("click", () => act(false));
  return row;
}

async function showRecords() {
  const query = new URLSearchParams({
    collection: $("collection").value,
    search: $("search").value,
    offset: String(offset),
  });
  const { total, records } = await call("GET", "/-/records?" + query);
  closeRecord(false);
  const found = new Set(records.flatMap((record) => Object.keys(record)));
  // what people look for stands first
  const names = [...new Set([...FIRST.filter((name) => found.has(name)), ...found])];
  const last = offset + records.length;
  $("record-count").textContent = total === 0
    ? "No records"
    : (offset + 1).toLocaleString("en") + " to " + last.toLocaleString("en") + " of " +
      total.toLocaleString("en");
  $("previous").disabled = offset === 0;
  $("next").disabled = last >= total;
  const head = element("tr");
  head.append(...names.map((name) => {
    const isNumber = typeof records[0]?.[name] === "number";
    const cell = element("th", name, isNumber ? "number" : "");
    cell.scope = "col";
    return cell;
  }));
  $("record-table").hidden = total === 0;
  $("record-table").tHead.replaceChildren(head);
  $("record-table").tBodies[0].replaceChildren(
    ...records.map((record) => rowOf(record, names)),
  );
  settle();
}

function openRecord(row, record, byKeyboard) {
  opened?.removeAttribute("aria-current");
  opened = row;
  row.setAttribute("aria-current", "true");
  $("record").hidden = false;
  $("record-split").classList.add("open");
  $("record-title").textContent = row.querySelector("button").textContent;
  showJson($("record-json"), record);
  if (byKeyboard) $("close-record").focus();
}

function closeRecord(focus) {
  $("record").hidden = true;
  $("record-split").classList.remove("open");
  opened?.removeAttribute("aria-current");
  if (focus) (opened?.querySelector("button") ?? $("search")).focus();
  opened = undefined;
}

/** Starts the view. */
export function startRecords() {
  let searching;
  $("search").addEventListener("input", () => {
    offset = 0;
    clearTimeout(searching);
    searching = setTimeout(showRecords, 150);
  });
  $("collection").addEventListener("change", () => {
    offset = 0;
    showRecords();
  });
  $("refresh").addEventListener("click", showCollections);
  $("previous").addEventListener("click", () => {
    offset = Math.max(0, offset - PAGE);
    showRecords();
  });
  $("next").addEventListener("click", () => {
    offset += PAGE;
    showRecords();
  });
  $("close-record").addEventListener("click", () => closeRecord(true));
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !$("records").hidden && !$("record").hidden) closeRecord(true);
  });
}
`;
