/**
 * What the page does.
 *
 * @module
 */

/** The page's module, as JavaScript. It shows text as text: no HTML is made of data. */
export const SCRIPT = `const $ = (id) => document.getElementById(id);
const MAX_ROWS = 500;

/** Calls the emulator; a refusal is an error with its words. */
async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const result = await response.json();
  if (!response.ok) throw new Error(result.error || "It was refused");
  return result;
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

const pretty = (value) =>
  value === null || value === undefined
    ? "none"
    : typeof value === "string" ? value : JSON.stringify(value, null, 2);

// --- tabs, by mouse and by arrow keys

const tabs = [...document.querySelectorAll('[role="tab"]')];

function open(tab, focus) {
  for (const other of tabs) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    $(other.getAttribute("aria-controls")).hidden = !chosen;
  }
  if (focus) tab.focus();
  const view = tab.getAttribute("aria-controls");
  history.replaceState(null, "", "#" + view);
  if (view === "records") showCollections();
  if (view === "faults") showFaults();
  if (view === "world") showWorld();
}

for (const tab of tabs) {
  tab.addEventListener("click", () => open(tab));
  tab.addEventListener("keydown", ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const at = tabs.indexOf(tab);
    if (step) open(tabs[(at + step + tabs.length) % tabs.length], true);
    if (key === "Home") open(tabs[0], true);
    if (key === "End") open(tabs.at(-1), true);
  });
}

// --- requests

const seen = new Map();
let chosen;

function rowOf(request) {
  const row = element("tr");
  row.tabIndex = 0;
  row.dataset.id = request.id;
  row.append(
    element("td", request.method, "method"),
    element("td", request.path, "path"),
    element("td", "", "number"),
    element("td", "", "number"),
    element("td", "", "number"),
  );
  row.addEventListener("click", () => choose(request.id));
  row.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(request.id);
    }
    if (event.key === "ArrowDown") row.nextElementSibling?.focus();
    if (event.key === "ArrowUp") row.previousElementSibling?.focus();
  });
  return row;
}

function paint(row, request) {
  const [, path, status, time, retry] = row.children;
  path.textContent = request.path;
  path.title = request.path;
  const over = request.durationMs !== null;
  status.textContent = over ? request.status || "cut" : "…";
  status.className = "number " + (!over
    ? "warn"
    : request.status >= 500 || request.status === 0
    ? "bad"
    : request.status >= 400 ? "warn" : "good");
  time.textContent = over ? Math.round(request.durationMs) + " ms" : "";
  retry.textContent = request.retry || "";
  row.hidden = !fits(request);
}

function fits(request) {
  const words = $("filter").value.toLowerCase().split(/\\s+/).filter(Boolean);
  const text = (request.method + " " + request.path + " " + request.status).toLowerCase();
  return words.every((word) => text.includes(word));
}

function show(request) {
  const known = seen.get(request.id);
  const row = known?.row ?? rowOf(request);
  seen.set(request.id, { request, row });
  paint(row, request);
  if (!known) {
    row.classList.add("new");
    if ($("follow").checked) $("request-rows").prepend(row);
    else $("request-rows").append(row);
    if (seen.size > MAX_ROWS) forget(seen.keys().next().value);
  }
  $("request-count").textContent = seen.size;
  $("no-requests").hidden = seen.size > 0;
  $("request-table").hidden = seen.size === 0;
  if (chosen === request.id) showDetail(request);
}

function forget(id) {
  seen.get(id)?.row.remove();
  seen.delete(id);
}

function choose(id) {
  const found = seen.get(id);
  if (!found) return;
  for (const { row } of seen.values()) row.setAttribute("aria-selected", "false");
  found.row.setAttribute("aria-selected", "true");
  chosen = id;
  showDetail(found.request);
}

function showDetail(request) {
  $("detail").hidden = false;
  document.querySelector(".split").classList.add("open");
  $("detail-title").textContent = request.method + " " + request.path;
  const query = new URLSearchParams(request.query).toString();
  const facts = {
    Status: request.durationMs === null ? "under way" : request.status || "connection cut",
    Duration: request.durationMs === null ? "" : request.durationMs.toFixed(1) + " ms",
    Retry: request.retry || "",
    Query: query,
    Came: new Date(request.time).toLocaleTimeString(),
  };
  $("detail-facts").replaceChildren(
    ...Object.entries(facts).filter(([, value]) => value !== "").flatMap(
      ([name, value]) => [element("dt", name), element("dd", String(value))],
    ),
  );
  $("detail-headers").textContent = pretty(request.headers);
  $("detail-body").textContent = pretty(request.body);
  $("detail-response-headers").textContent = pretty(request.responseHeaders);
  $("detail-response-body").textContent = pretty(request.responseBody);
}

function closeDetail() {
  $("detail").hidden = true;
  document.querySelector(".split").classList.remove("open");
  const row = seen.get(chosen)?.row;
  row?.setAttribute("aria-selected", "false");
  chosen = undefined;
  row?.focus();
}

$("close-detail").addEventListener("click", closeDetail);
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && !$("detail").hidden) closeDetail();
});
$("filter").addEventListener("input", () => {
  for (const { request, row } of seen.values()) row.hidden = !fits(request);
});
$("follow").addEventListener("change", () => {
  $("request-rows").append(...[...$("request-rows").children].reverse());
});
$("clear").addEventListener("click", () => {
  for (const id of [...seen.keys()]) forget(id);
  if (chosen !== undefined) closeDetail();
  $("request-count").textContent = 0;
  $("no-requests").hidden = false;
  $("request-table").hidden = true;
});
$("detail-fault").addEventListener("click", () => {
  const { request } = seen.get(chosen) ?? {};
  if (!request) return;
  const { elements } = $("fault-form");
  elements.method.value = request.method;
  elements.path.value = request.path;
  open($("tab-faults"), true);
  elements.kind.focus();
});

function listen() {
  const source = new EventSource("/-/events");
  source.addEventListener("open", () => {
    $("connection").textContent = "Live";
    $("dot").classList.add("on");
  });
  source.addEventListener("error", () => {
    $("connection").textContent = "Not connected";
    $("dot").classList.remove("on");
  });
  source.addEventListener("request", ({ data }) => {
    show(JSON.parse(data));
    showFaultsSoon();
  });
}

// --- records

let offset = 0;
const FIRST = ["name", "key", "slug", "label", "status", "uid"];

async function showCollections() {
  const collections = await call("GET", "/-/collections");
  const before = $("collection").value || "datasets";
  $("collection").replaceChildren(...collections.map(({ name, title, total }) => {
    const option = element("option", title + " (" + total + ")");
    option.value = name;
    return option;
  }));
  $("collection").value = before;
  await showRecords();
}

async function showRecords() {
  const query = new URLSearchParams({
    collection: $("collection").value,
    search: $("search").value,
    offset: String(offset),
  });
  const { total, records } = await call("GET", "/-/records?" + query);
  const found = new Set(records.flatMap((record) => Object.keys(record)));
  // what people look for stands first
  const names = [...new Set([...FIRST.filter((name) => found.has(name)), ...found])];
  const last = offset + records.length;
  $("record-count").textContent = total === 0
    ? "no records"
    : (offset + 1) + " to " + last + " of " + total;
  $("previous").disabled = offset === 0;
  $("next").disabled = last >= total;
  const head = element("tr");
  head.append(...names.map((name) => {
    const cell = element("th", name);
    cell.scope = "col";
    return cell;
  }));
  $("record-table").tHead.replaceChildren(head);
  $("record-table").tBodies[0].replaceChildren(...records.map((record) => {
    const row = element("tr");
    row.tabIndex = 0;
    row.append(...names.map((name) => {
      const value = record[name];
      const text = value === null || value === undefined
        ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
      return element("td", text, typeof value === "number" ? "number" : "");
    }));
    const toggle = () => row.classList.toggle("opened");
    row.addEventListener("click", toggle);
    row.addEventListener("keydown", ({ key }) => {
      if (key === "Enter") toggle();
    });
    return row;
  }));
}

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
  offset = Math.max(0, offset - 50);
  showRecords();
});
$("next").addEventListener("click", () => {
  offset += 50;
  showRecords();
});

// --- faults

function showKind() {
  const kind = $("fault-form").elements.kind.value;
  for (const field of document.querySelectorAll("[data-for]")) {
    field.hidden = field.dataset.for !== kind;
  }
}

function toFault(elements) {
  const kind = elements.kind.value;
  const fault = { times: Number(elements.times.value) || 1 };
  if (elements.method.value) fault.method = elements.method.value;
  if (elements.path.value) fault.path = elements.path.value;
  if (kind === "status") {
    fault.status = Number(elements.status.value);
    if (elements.retryAfter.value) fault.retryAfter = Number(elements.retryAfter.value);
  } else if (kind === "delay") fault.delay = Number(elements.delay.value);
  else if (kind === "drop") fault.drop = "before";
  else fault[kind] = true;
  return fault;
}

function tellFault({ method = "any method", path = "any path", times, ...what }) {
  const kinds = Object.entries(what).map(([name, value]) =>
    value === true ? name : name + " " + value
  );
  return kinds.join(", ") + " for " + method + " " + path + ", " + times + " times";
}

async function showFaults() {
  const faults = await call("GET", "/-/faults");
  $("fault-list").replaceChildren(...faults.map(({ id, fault, hits, hint }) => {
    const item = element("li");
    const remove = element("button", "Remove");
    remove.addEventListener("click", async () => {
      await call("DELETE", "/-/faults", { id });
      showFaults();
    });
    const met = element("span", hits === 1 ? "met 1 request" : "met " + hits + " requests", hits ? "good" : "");
    item.append(element("span", tellFault(fault), "grow mono"), met, remove);
    if (hint) item.append(element("small", hint));
    return item;
  }));
  $("no-faults").hidden = faults.length > 0;
  const waiting = faults.filter(({ fault, hits }) => hits < (fault.times ?? 1));
  $("fault-count").textContent = waiting.length;
  $("fault-count").hidden = waiting.length === 0;
}

let fetchingFaults;
function showFaultsSoon() {
  clearTimeout(fetchingFaults);
  fetchingFaults = setTimeout(() => {
    if ($("fault-list").children.length > 0) showFaults();
  }, 200);
}

/** Does something for a form, and says below it how it went. */
function onSubmit(form, message, act) {
  $(form).addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      $(message).textContent = await act($(form).elements);
      $(message).className = "good";
    } catch (error) {
      $(message).textContent = error.message;
      $(message).className = "bad";
    }
  });
}

onSubmit("fault-form", "fault-message", async (elements) => {
  await call("POST", "/-/faults", toFault(elements));
  await showFaults();
  return "It waits for its request.";
});
$("fault-form").elements.kind.addEventListener("change", showKind);

// --- events, time, snapshots

async function showWorld() {
  const [{ now }, { records }] = await Promise.all([
    call("GET", "/-/time"),
    call("GET", "/-/records?collection=webhookDeliveries"),
  ]);
  $("now").textContent = new Date(now).toLocaleString();
  $("now").dateTime = new Date(now).toISOString();
  $("no-deliveries").hidden = records.length > 0;
  $("deliveries").replaceChildren(...records.map((delivery) => {
    const row = element("tr");
    row.append(
      element("td", delivery.event_type),
      element("td", delivery.status, delivery.status === "delivered" ? "good" : "warn"),
      element("td", String(delivery.response_status ?? ""), "number"),
      element("td", String(delivery.attempts ?? ""), "number"),
      element("td", new Date(delivery.updated_at).toLocaleTimeString()),
    );
    return row;
  }));
}

onSubmit("event-form", "event-message", async ({ event, payload }) => {
  let parsed;
  try {
    parsed = JSON.parse(payload.value || "{}");
  } catch (error) {
    throw new Error("The payload is no JSON: " + error.message);
  }
  await call("POST", "/-/announce", { event: event.value, payload: parsed });
  await showWorld();
  return event.value + " was announced.";
});
onSubmit("time-form", "time-message", async ({ seconds }) => {
  await call("POST", "/-/time", { milliseconds: Number(seconds.value) * 1_000 });
  await showWorld();
  return "It is " + seconds.value + " s later.";
});

let kept;

/** Does something with the world, and says how it went. */
function onClick(id, act) {
  $(id).addEventListener("click", async () => {
    try {
      $("snapshot-message").textContent = await act();
      $("snapshot-message").className = "good";
    } catch (error) {
      $("snapshot-message").textContent = error.message;
      $("snapshot-message").className = "bad";
    }
  });
}

onClick("snapshot", async () => {
  kept = await call("GET", "/-/snapshot");
  $("restore").disabled = false;
  return "A snapshot was taken; this page keeps it.";
});
onClick("restore", async () => {
  await call("POST", "/-/restore", kept);
  await showWorld();
  return "The snapshot is back.";
});
onClick("download", async () => {
  const snapshot = await call("GET", "/-/snapshot");
  const blob = new Blob([JSON.stringify(snapshot)], { type: "application/json" });
  const link = element("a");
  link.href = URL.createObjectURL(blob);
  link.download = "avala-emulator.json";
  link.click();
  URL.revokeObjectURL(link.href);
  return "The snapshot was saved.";
});
onClick("reset", async () => {
  if (!confirm("Forget everything that has changed, and start anew?")) return "";
  await call("POST", "/-/reset", {});
  await Promise.all([showWorld(), showFaults()]);
  return "It is as it was at the start.";
});
$("upload").addEventListener("change", async ({ target }) => {
  try {
    await call("POST", "/-/restore", JSON.parse(await target.files[0].text()));
    $("snapshot-message").textContent = "The snapshot of the file is here.";
    $("snapshot-message").className = "good";
    await showWorld();
  } catch (error) {
    $("snapshot-message").textContent = error.message;
    $("snapshot-message").className = "bad";
  }
  target.value = "";
});

// --- the start

const baseUrl = location.origin + "/api/v1";
$("address").textContent = baseUrl;
$("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(baseUrl);
  $("copy").textContent = "Copied";
  setTimeout(() => $("copy").textContent = "Copy", 1_500);
});
$("snippet").textContent = [
  "export AVALA_BASE_URL=" + baseUrl,
  "export AVALA_ALLOW_INSECURE_BASE_URL=1",
  "export AVALA_API_KEY=avk_local",
  "",
  "curl -H 'X-Avala-Api-Key: avk_local' " + baseUrl + "/datasets/",
].join("\\n");
$("request-table").hidden = true;
showKind();
listen();
showFaults();
open(tabs.find((tab) => location.hash === "#" + tab.getAttribute("aria-controls")) ?? tabs[0]);
`;
