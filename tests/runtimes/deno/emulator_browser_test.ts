import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AsyncClient, ServerError } from "@avala/client";
import { AvalaEmulator } from "@avala/client/testing";
import { BrowserPage } from "../../tools/runtimes/browser_page.ts";
import { findBrowser, hasBrowser } from "../../tools/runtimes/chromium.ts";
import { cleanUp } from "../../tools/workspace/processes.ts";
import { Workspace } from "../../tools/workspace/workspace.ts";

const VIEWS = ["requests", "records", "faults", "world"];
const SIZES = [[390, 844], [1280, 800]] as const;

/** What is there to be operated, and is seen. */
const CONTROLS =
  `[...document.querySelectorAll("button, input, select, textarea, a[href], [tabindex]")]
  .filter((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility())`;
/** A control's name for a person who reads a failure. */
const NAMED = `((e) => e.id || e.name || e.textContent.trim() || e.tagName)`;
const FOCUSED = `${NAMED}(document.activeElement)`;

interface Parts {
  page: BrowserPage;
  client: AsyncClient;
}

const workspace = new Workspace();

Deno.test({
  name: "emulator page in a browser",
  ignore: !await hasBrowser(workspace),
  async fn(t) {
    const emulator = new AvalaEmulator();
    await using server = await emulator.serve();
    await using client = new AsyncClient({
      apiKey: "avk_browser_hunter2",
      baseUrl: server.baseUrl,
      allowInsecureBaseUrl: true,
      maxRetries: 0,
    });
    {
      const browser = await findBrowser(workspace);
      await using page = await BrowserPage.open(browser);
      await page.show(1280, 800);
      await page.go(`${server.origin}/`);
      await page.until(
        "document.querySelector('#connection').textContent === 'Live'",
        // sooner than the first sign of life that an idle server sends anyway
        10_000,
      );
      for (const [name, step] of STEPS) {
        await t.step({
          name,
          fn: () => step({ page, client }),
          // the browser and the server are older than the step, and outlive it
          sanitizeOps: false,
          sanitizeResources: false,
        });
      }
      const foreign = page.requested.filter((url) =>
        !url.startsWith(`${server.origin}/`)
      );
      assertEquals(foreign, []);
      assertEquals(page.complaints, []);
    }
    await cleanUp();
  },
});

const STEPS: [string, (parts: Parts) => Promise<void>][] = [
  ["a request appears, and is told to a screen reader", aRequestAppears],
  ["a request is opened and closed by keyboard", byKeyboard],
  ["a fault is added by keyboard, and works", aFault],
  ["Tab reaches every control, and the focus is seen", everyControl],
  ["every control has a name, every table its headers", names],
  ["the layout holds at both widths", layout],
  ["requests of an emulator that was started anew replace the old", anew],
];

async function view(page: BrowserPage, name: string): Promise<void> {
  await page.evaluate(`document.querySelector("#tab-${name}").click()`);
  await page.until(`document.querySelector("#${name}").checkVisibility()`);
}

async function aRequestAppears({ page, client }: Parts): Promise<void> {
  await client.tasks.list({ status: "completed" });
  await page.until(
    "document.querySelectorAll('#request-rows tr').length === 1",
  );
  await page.until("document.querySelector('#request-rows .badge.good')");
  const row = await page.evaluate<string>(
    "document.querySelector('#request-rows tr').textContent",
  );
  assertStringIncludes(row, "GET/tasks/?status=completed200");
  await page.until("document.querySelector('#told').textContent !== ''");
  const told = await page.evaluate(
    "document.querySelector('#told').textContent",
  );
  assertEquals(told, "GET /tasks/ 200");
  // the page sends one itself, for a first impression
  await page.evaluate("document.querySelector('#first').click()");
  await page.until(
    "document.querySelectorAll('#request-rows tr').length === 2",
  );
}

async function byKeyboard({ page, client }: Parts): Promise<void> {
  for (let count = 0; count < 3; count++) await client.tasks.list();
  await page.until(
    "document.querySelectorAll('#request-rows tr').length === 5",
  );
  await page.evaluate("document.querySelector('#clear').focus()");
  // one stop for the whole table, then the arrows
  await page.press("Tab");
  assertEquals(await page.evaluate(FOCUSED), "/tasks/");
  await page.press("Tab");
  assert(await page.evaluate("document.activeElement.closest('tr') === null"));
  await page.press("Shift+Tab");
  await page.press("ArrowDown");
  await page.press("ArrowDown");
  const index =
    "[...document.querySelectorAll('#request-rows button')].indexOf(document.activeElement)";
  assertEquals(await page.evaluate(index), 2);
  await page.press("Enter");
  assertEquals(await page.evaluate(FOCUSED), "close-detail");
  const detail = await page.evaluate<string>(
    "document.querySelector('#detail').innerText",
  );
  assertStringIncludes(detail, "GET /tasks/");
  assertStringIncludes(detail, "[redacted]");
  assert(!detail.includes("hunter2"));
  await page.press("Escape");
  assertEquals(await page.evaluate(index), 2);
  assert(await page.evaluate("document.querySelector('#detail').hidden"));
}

async function aFault({ page, client }: Parts): Promise<void> {
  await page.evaluate("document.querySelector('#tab-requests').focus()");
  await page.press("ArrowRight");
  await page.press("ArrowRight");
  assertEquals(await page.evaluate(FOCUSED), "tab-faults");
  await page.evaluate(
    "document.querySelector('#fault-form [name=path]').focus()",
  );
  await page.type("/exports/");
  await page.press("Enter");
  await page.until("document.querySelectorAll('#fault-list li').length === 1");
  await client.tasks.list();
  const item = "document.querySelector('#fault-list li').textContent";
  await page.until(`${item}.includes('None of 1 requests had "/exports/"')`);
  const failure = await assertRejects(
    async () => await client.exports.list(),
    ServerError,
  );
  assertEquals(failure.statusCode, 503);
  await page.until(`${item}.includes("done, 1 hit")`);
  assertEquals((await client.exports.list()).length, 1);
  await page.evaluate("document.querySelector('#fault-list button').focus()");
  await page.press("Space");
  await page.until("document.querySelectorAll('#fault-list li').length === 0");
  // one that waits shows its number beside the tab: the layout has to hold with it
  await page.evaluate(
    "document.querySelector('#fault-form [name=path]').closest('form').requestSubmit()",
  );
  await page.until(
    "document.querySelector('#fault-count').textContent === '1'",
  );
}

async function everyControl({ page }: Parts): Promise<void> {
  for (const name of VIEWS) {
    await view(page, name);
    await page.evaluate(
      "(document.activeElement.blur(), document.querySelector('.skip').focus())",
    );
    const all = new Set(
      await page.evaluate<string[]>(`${CONTROLS}.map(${NAMED})`),
    );
    const reached = new Set<string>();
    for (let step = 0; step < all.size + 5; step++) {
      const focused = await page.evaluate<string>(FOCUSED);
      if (focused !== "BODY") reached.add(focused);
      const isSeen = await page.evaluate<boolean>(`((e) => {
        if (e === document.body) return true;
        const label = e.closest(".file") ?? e;
        const style = getComputedStyle(label);
        const box = label.getBoundingClientRect();
        return style.outlineStyle !== "none" && box.width > 0 && box.bottom > 0 &&
          box.top < innerHeight;
      })(document.activeElement)`);
      assert(isSeen, `${name}: the focus on ${focused} is not seen`);
      await page.press("Tab");
    }
    const missed = [...all].filter((control) => !reached.has(control));
    assertEquals(missed, [], name);
  }
}

async function names({ page }: Parts): Promise<void> {
  const operable =
    /^(?:button|checkbox|combobox|link|searchbox|spinbutton|tab|textbox|MenuListPopup)$/i;
  for (const name of VIEWS) {
    await view(page, name);
    if (name === "records") {
      await page.until("document.querySelectorAll('#record-table td').length");
    }
    const nodes = await page.accessibleNodes();
    const seen = nodes.filter(({ ignored }) => !ignored);
    const controls = seen.filter(({ role }) =>
      operable.test(role) && role !== "MenuListPopup"
    );
    assert(controls.length > 5, name);
    assertEquals(controls.filter((node) => node.name === ""), [], name);
    const tables = seen.filter(({ role }) => role === "table");
    assertEquals(tables.filter((node) => node.name === ""), [], name);
    if (name !== "faults") {
      assertEquals(tables.length, 1, name);
      const heads = seen.filter(({ role }) => role === "columnheader");
      assert(heads.length > 3, name);
    }
    assert(seen.some(({ role }) => role === "status"), name);
    assertEquals(seen.filter(({ role }) => role === "main").length, 1);
    assertEquals(seen.filter(({ role }) => role === "tabpanel").length, 1);
  }
}

async function layout({ page }: Parts): Promise<void> {
  for (const [width, height] of SIZES) {
    await page.show(width, height, width < 600 ? "dark" : "light");
    for (const name of [...VIEWS, "detail", "record"]) {
      // the rows that are there belong to the view's last visit
      await page.evaluate(
        "document.querySelector('#record-table tbody').replaceChildren()",
      );
      await view(page, { detail: "requests", record: "records" }[name] ?? name);
      if (name === "detail" || name === "record") {
        const rows = name === "detail"
          ? "#request-rows"
          : "#record-table tbody";
        await page.until(`document.querySelector("${rows} button")`);
        await page.evaluate(`document.querySelector("${rows} button").click()`);
        await page.until(`!document.querySelector("#${name}").hidden`);
      }
      const title = `${name} at ${width}`;
      const over = await page.evaluate<number>(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      assertEquals(over, 0, `${title} scrolls sideways`);
      const tabs = await page.evaluate<number>(
        "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.tabs'))",
      );
      assertEquals(tabs, 0, `${title} hides a tab`);
      // what lies in a table that scrolls by itself may lie outside
      const outside = await page.evaluate<string[]>(`${CONTROLS}
        .filter((e) => !e.closest(".scroll") && !e.matches(".skip, .file input"))
        .filter((e) => {
          const { left, right, height } = e.getBoundingClientRect();
          return left < 0 || right > innerWidth || height < 16;
        }).map(${NAMED})`);
      assertEquals(outside, [], title);
      if (name === "detail" || name === "record") await page.press("Escape");
    }
  }
}

async function anew({ page, client }: Parts): Promise<void> {
  await view(page, "requests");
  await page.evaluate("document.querySelector('#clear').click()");
  await client.tasks.list();
  await page.until("document.querySelector('#request-rows .badge.good')");
  // what the next emulator on this address would say
  await page.evaluate(`(async () => {
    const { show } = await import("/-/requests.js");
    const seen = { status: 200, durationMs: 1, retry: 0, query: {}, headers: {}, responseHeaders: {} };
    for (let id = 1; id < 100; id++) {
      const time = new Date(1e12 + id).toISOString();
      show({ ...seen, id, time, method: "GET", path: "/api/v1/exports/" });
    }
  })()`);
  const paths = await page.evaluate<string[]>(
    "[...new Set([...document.querySelectorAll('#request-rows button')].map((e) => e.textContent))]",
  );
  assertEquals(paths, ["/exports/"]);
}
