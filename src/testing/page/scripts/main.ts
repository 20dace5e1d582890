/**
 * The start of the page, and its views.
 *
 * @module
 */

/** The page's first module, as JavaScript. */
export const MAIN: string = String.raw`import { $ } from "/-/base.js";
import { prepareFault, showFaults, showFaultsSoon, startFaults } from "/-/faults.js";
import { showCollections, startRecords } from "/-/records.js";
import { show, startRequests } from "/-/requests.js";
import { showWorld, startWorld } from "/-/world.js";

const tabs = [...document.querySelectorAll('[role="tab"]')];

function open(tab, focus) {
  for (const other of tabs) {
    const isChosen = other === tab;
    other.setAttribute("aria-selected", String(isChosen));
    other.tabIndex = isChosen ? 0 : -1;
    $(other.getAttribute("aria-controls")).hidden = !isChosen;
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
  tab.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(tab);
    const to = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    open(tabs[to], true);
  });
}

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
].join("\n");
startRequests((method, path) => {
  open($("tab-faults"));
  prepareFault(method, path);
});
startRecords();
startFaults();
startWorld(showFaults);
listen();
open(tabs.find((tab) => location.hash === "#" + tab.getAttribute("aria-controls")) ?? tabs[0]);
`;
