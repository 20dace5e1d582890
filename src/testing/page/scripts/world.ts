/**
 * Events, time and snapshots on the page.
 *
 * @module
 */

/** A module of the page, as JavaScript. */
export const WORLD: string = String
  .raw`import { $, call, element, say } from "/-/base.js";

/** Shows the time, and the webhooks that were delivered. */
export async function showWorld() {
  const [{ now }, { records }] = await Promise.all([
    call("GET", "/-/time"),
    call("GET", "/-/records?collection=webhookDeliveries"),
  ]);
  $("now").textContent = new Date(now).toLocaleString();
  $("now").dateTime = new Date(now).toISOString();
  $("no-deliveries").hidden = records.length > 0;
  $("delivery-table").hidden = records.length === 0;
  $("deliveries").replaceChildren(...records.map((delivery) => {
    const row = element("tr");
    const state = element("td");
    const isDelivered = delivery.status === "delivered";
    state.append(element("span", delivery.status, "badge " + (isDelivered ? "good" : "warn")));
    row.append(
      element("td", delivery.event_type),
      state,
      element("td", String(delivery.response_status ?? ""), "number"),
      element("td", String(delivery.attempts ?? ""), "number"),
      element("td", new Date(delivery.updated_at).toLocaleTimeString()),
    );
    return row;
  }));
}

/** Does something for a form, and says below it how it went. */
function onSubmit(form, message, act) {
  $(form).addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      say(message, await act($(form).elements));
    } catch (error) {
      say(message, error.message, false);
    }
  });
}

/** Does something with everything that there is, and says how it went. */
function onClick(id, act) {
  $(id).addEventListener("click", async () => {
    try {
      say("snapshot-message", await act());
    } catch (error) {
      say("snapshot-message", error.message, false);
    }
  });
}

let kept;

async function download() {
  const snapshot = await call("GET", "/-/snapshot");
  const blob = new Blob([JSON.stringify(snapshot)], { type: "application/json" });
  const link = element("a");
  link.href = URL.createObjectURL(blob);
  link.download = "avala-emulator.json";
  link.click();
  URL.revokeObjectURL(link.href);
  return "The snapshot was saved.";
}

/** Starts the view; told when everything has gone back to the start. */
export function startWorld(onReset) {
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
  onClick("download", download);
  onClick("reset", async () => {
    if (!confirm("Forget everything that has changed, and start anew?")) return "";
    await call("POST", "/-/reset", {});
    await Promise.all([showWorld(), onReset()]);
    return "It is as it was at the start.";
  });
  $("upload").addEventListener("change", async ({ target }) => {
    try {
      await call("POST", "/-/restore", JSON.parse(await target.files[0].text()));
      say("snapshot-message", "The snapshot of the file is here.");
      await showWorld();
    } catch (error) {
      say("snapshot-message", error.message, false);
    }
    target.value = "";
  });
}
`;
