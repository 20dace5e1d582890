/**
 * The requests on the page, as they happen.
 *
 * @module
 */

/** A module of the page, as JavaScript. */
export const REQUESTS: string = String.raw`import {
  $, buttonCell, element, rove, showJson, showPairs,
} from "/-/base.js";

const MAX_ROWS = 500;
const PREFIX = "/api/v1";
const seen = new Map();
const settle = rove($("request-rows"));
let chosen;

/** The base address stands at the top of the page: no row repeats it. */
const shortPath = (path) => path.startsWith(PREFIX + "/") ? path.slice(PREFIX.length) : path;

const queryOf = ({ query }) => new URLSearchParams(query).toString();

function classOf({ status, durationMs }) {
  if (durationMs === null) return "warn";
  if (status >= 500 || status === 0) return "bad";
  return status >= 400 ? "warn" : "good";
}

function statusOf({ status, durationMs }) {
  return durationMs === null ? "…" : String(status || "cut");
}

function rowOf(request) {
  const row = element("tr");
  const path = buttonCell(shortPath(request.path), "path", () => choose(request.id, true));
  const query = queryOf(request);
  if (query) path.append(element("span", "?" + query, "soft"));
  row.append(
    element("td", request.method, "method " + request.method.toLowerCase()),
    path,
    element("td", "", "number"),
    element("td", "", "number wide"),
    element("td", "", "number wide"),
  );
  row.addEventListener("click", () => choose(request.id));
  return row;
}

function paint(row, request) {
  const [, , status, time, retry] = row.children;
  const isOver = request.durationMs !== null;
  status.replaceChildren(element("span", statusOf(request), "badge " + classOf(request)));
  time.textContent = isOver ? Math.round(request.durationMs) + " ms" : "";
  retry.replaceChildren(...(request.retry
    ? [element("span", "retry " + request.retry, "badge plain")]
    : []));
  row.hidden = !fits(request);
}

function fits(request) {
  const words = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [request.method, request.path, statusOf(request), queryOf(request)]
    .join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Counts what matters, and shows the table only if there is something in it. */
function count() {
  const requests = [...seen.values()].map(({ request }) => request);
  const failed = requests.filter((request) => classOf(request) === "bad").length;
  const retries = requests.filter(({ retry }) => retry > 0).length;
  $("request-count").textContent = seen.size;
  $("totals").textContent = seen.size === 0 ? "" : [
    seen.size + (seen.size === 1 ? " request" : " requests"),
    failed + " failed",
    retries + (retries === 1 ? " retry" : " retries"),
  ].join(" · ");
  $("no-requests").hidden = seen.size > 0;
  $("request-table").hidden = seen.size === 0;
}

// a screen reader is told of a burst once, not of each request
let untold = 0;
let telling;
function tell(request) {
  untold++;
  clearTimeout(telling);
  telling = setTimeout(() => {
    const latest = request.method + " " + shortPath(request.path) + " " + statusOf(request);
    $("told").textContent = untold === 1 ? latest : untold + " requests, the latest: " + latest;
    untold = 0;
  }, 800);
}

/** Shows a request: when it has come, and once more when it is over. */
export function show(request) {
  // an emulator that was started anew counts from 1 again
  if (seen.get(request.id)?.request.time !== request.time) forget(request.id);
  const known = seen.get(request.id);
  const row = known?.row ?? rowOf(request);
  seen.set(request.id, { request, row });
  paint(row, request);
  if (!known) {
    row.classList.add("new");
    row.addEventListener("animationend", () => row.classList.remove("new"), { once: true });
    if ($("follow").checked) $("request-rows").prepend(row);
    else $("request-rows").append(row);
    if (seen.size > MAX_ROWS) forget(seen.keys().next().value);
    settle();
  }
  if (request.durationMs !== null) tell(request);
  count();
  if (chosen === request.id) showDetail(request);
}

function forget(id) {
  seen.get(id)?.row.remove();
  seen.delete(id);
}

function choose(id, byKeyboard) {
  const found = seen.get(id);
  if (!found) return;
  for (const { row } of seen.values()) row.removeAttribute("aria-current");
  found.row.setAttribute("aria-current", "true");
  chosen = id;
  showDetail(found.request);
  if (byKeyboard) $("close-detail").focus();
}

function showDetail(request) {
  const isOver = request.durationMs !== null;
  $("detail").hidden = false;
  document.querySelector(".split").classList.add("open");
  $("detail-title").textContent = request.method + " " + shortPath(request.path);
  showPairs($("detail-facts"), {
    Status: !isOver ? "under way" : request.status || "connection cut",
    Duration: isOver ? request.durationMs.toFixed(1) + " ms" : "",
    Retry: request.retry || "",
    Query: queryOf(request),
    Time: new Date(request.time).toLocaleTimeString(),
  });
  showPairs($("detail-headers"), request.headers);
  showJson($("detail-body"), request.body);
  showPairs($("detail-response-headers"), request.responseHeaders);
  showJson($("detail-response-body"), request.responseBody);
}

function closeDetail() {
  $("detail").hidden = true;
  document.querySelector(".split").classList.remove("open");
  const row = seen.get(chosen)?.row;
  row?.removeAttribute("aria-current");
  chosen = undefined;
  (row?.querySelector("button") ?? $("filter")).focus();
}

/** Starts the view; a fault for the chosen request is made elsewhere. */
export function startRequests(addFaultFor) {
  $("close-detail").addEventListener("click", closeDetail);
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !$("requests").hidden && !$("detail").hidden) closeDetail();
  });
  $("filter").addEventListener("input", () => {
    for (const { request, row } of seen.values()) row.hidden = !fits(request);
    settle();
  });
  $("follow").addEventListener("change", () => {
    $("request-rows").append(...[...$("request-rows").children].reverse());
  });
  $("clear").addEventListener("click", () => {
    for (const id of [...seen.keys()]) forget(id);
    if (chosen !== undefined) closeDetail();
    count();
  });
  $("detail-fault").addEventListener("click", () => {
    const { request } = seen.get(chosen) ?? {};
    if (request) addFaultFor(request.method, shortPath(request.path));
  });
  $("first").addEventListener("click", async () => {
    const headers = { "x-avala-api-key": "avk_page", "x-avala-client": "emulator_page" };
    const response = await fetch(PREFIX + "/datasets/", { headers });
    await response.text();
  });
  count();
}
`;
