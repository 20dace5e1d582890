/**
 * The faults on the page.
 *
 * @module
 */

/** A module of the page, as JavaScript. */
export const FAULTS: string = String
  .raw`import { $, call, element, say } from "/-/base.js";

const form = $("fault-form");

function showKind() {
  const kind = form.elements.kind.value;
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

const NAMES = {
  loseAnswer: "lost response",
  truncate: "cut body",
  hang: "hang",
  drop: "cut connection",
  status: "status",
  delay: "delay",
  retryAfter: "Retry-After",
};

function wordsOf({ method = "any method", path = "any path", times = 1, ...what }) {
  const kinds = Object.entries(what).map(([name, value]) =>
    (NAMES[name] ?? name) +
    (value === true || name === "drop" ? "" : " " + value + (name === "delay" ? " ms" : ""))
  );
  return kinds.join(", ") + " for " + method + " " + path + ", " +
    (times === 1 ? "once" : times + " times");
}

function itemOf({ id, fault, hits, hint }) {
  const item = element("li");
  const words = wordsOf(fault);
  const remove = element("button", "Remove");
  remove.type = "button";
  remove.setAttribute("aria-label", "Remove: " + words);
  remove.addEventListener("click", async () => {
    await call("DELETE", "/-/faults", { id });
    await showFaults();
    say("fault-message", "Removed.");
    (document.querySelector("#fault-list button") ?? form.elements.kind).focus();
  });
  const isSpent = hits >= (fault.times ?? 1);
  const state = isSpent ? "done, " : hits === 0 ? "waiting, " : "";
  item.append(
    element("span", words, "grow mono"),
    element(
      "span",
      state + hits + (hits === 1 ? " hit" : " hits"),
      "badge " + (hits > 0 ? "good" : "plain"),
    ),
    remove,
  );
  if (hint) item.append(element("small", hint));
  return item;
}

/** Shows the faults that were added, and what they have met. */
export async function showFaults() {
  const faults = await call("GET", "/-/faults");
  $("fault-list").replaceChildren(...faults.map(itemOf));
  $("no-faults").hidden = faults.length > 0;
  const waiting = faults.filter(({ fault, hits }) => hits < (fault.times ?? 1));
  $("fault-count").textContent = waiting.length;
  $("fault-count").hidden = waiting.length === 0;
}

let fetching;

/** Shows them again after some requests, but not while a button among them has the focus. */
export function showFaultsSoon() {
  clearTimeout(fetching);
  fetching = setTimeout(() => {
    const list = $("fault-list");
    if (list.children.length > 0 && !list.contains(document.activeElement)) showFaults();
  }, 200);
}

/** Fills the form for requests like one that was seen. */
export function prepareFault(method, path) {
  form.elements.method.value = method;
  form.elements.path.value = path;
  form.elements.kind.focus();
}

/** Starts the view. */
export function startFaults() {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await call("POST", "/-/faults", toFault(form.elements));
      await showFaults();
      say("fault-message", "Added. It waits for a request.");
    } catch (error) {
      say("fault-message", error.message, false);
    }
  });
  form.elements.kind.addEventListener("change", showKind);
  showKind();
  showFaults();
}
`;
