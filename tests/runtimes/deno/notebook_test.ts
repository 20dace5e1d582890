/**
 * What a notebook shows: `deno jupyter` alone knows of it.
 *
 * @module
 */

import { AsyncClient } from "@avala/client";
import { InvalidArgumentError } from "@avala/client/errors";
import { show } from "@avala/client/notebook";
import { AvalaEmulator } from "@avala/client/testing";
import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";

interface Bundle {
  "text/html": string;
  "text/plain": string;
}

/** What Deno does with the last value of a cell. */
async function displayed(shown: object): Promise<Bundle> {
  assertEquals(Object.keys(shown), []);
  return await Reflect.get(shown, Symbol.for("Jupyter.display"))();
}

const apiKey = "avk_notebook_0123456789";

Deno.test("notebook: a list that was not awaited, a page, an array, a model", async () => {
  const { fetch } = new AvalaEmulator();
  await using client = new AsyncClient({ apiKey, fetch });
  const page = await client.tasks.list({ limit: 3 });
  const [task] = page.items;
  assert(task);
  const fields = ["uid", "status"];
  const html = `<td>${task.uid}</td><td>${task.status}</td>`;
  for (const value of [client.tasks.list({ limit: 3 }), page, page.items]) {
    const shown = await displayed(show(value, { fields, rows: 2 }));
    assertStringIncludes(shown["text/html"], "<th>uid</th><th>status</th>");
    assertStringIncludes(shown["text/html"], html);
    assertEquals(shown["text/html"].split("<tr>").length - 1, 1 + 2);
    const more = Array.isArray(value) ? "" : ", and there are more pages";
    assertStringIncludes(shown["text/html"], `<p>2 of 3${more}</p>`);
    assertEquals(
      shown["text/plain"].split("\n").slice(0, 2),
      ["uid\tstatus", `${task.uid}\t${task.status}`],
    );
  }
  const one = await displayed(show(client.tasks.get(task.uid ?? "")));
  assertStringIncludes(
    one["text/html"],
    `<td>uid</td><td>${task.uid}</td>`,
  );
});

Deno.test("notebook: nothing is markup, and nothing is a secret", async () => {
  const rows = [{
    name: `<img src=x onerror="alert('1')">&`,
    "<b>": 1,
    secret: "hunter2",
    url: "https://files.example.net/1.jpg?sig=hunter2#hunter2",
    nested: { at: "https://files.example.net/2.jpg?x=hunter2", apiKey },
    words: `the key is ${apiKey}`,
    empty: null,
    none: [],
  }];
  for (const value of [rows, rows[0]]) {
    const { "text/html": html, "text/plain": text } = await displayed(
      show(value),
    );
    assert(!`${html}${text}`.includes("hunter2"), html);
    assert(!`${html}${text}`.includes(apiKey), html);
    assert(!/<img|<b>|"alert/.test(html), html);
    assertStringIncludes(
      html,
      "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;",
    );
    assertStringIncludes(html, "<td>https://files.example.net/1.jpg</td>");
    assert(!html.includes("empty") && !html.includes("none"));
  }
});

Deno.test("notebook: pictures come when a client is given, by their bytes", async () => {
  const types: { [path: string]: string } = {
    "/1.png": "image/png",
    "/2.svg": "image/svg+xml",
    "/3.jpg": `image/jpeg"><script>`,
    "/large.png": "image/png",
  };
  const asked: string[] = [];
  await using client = new AsyncClient({
    apiKey,
    storageHosts: ["files.example.net"],
    maxRetries: 0,
    fetch: (url) => {
      const { pathname } = new URL(url);
      asked.push(pathname);
      const type = types[pathname];
      if (!type) return Promise.resolve(new Response(null, { status: 404 }));
      const size = pathname.includes("large") ? 1_000 : 3;
      const headers = { "content-type": type, "content-length": `${size}` };
      const bytes = new Uint8Array(size).fill(1);
      return Promise.resolve(new Response(bytes, { headers }));
    },
  });
  const rows = [...Object.keys(types), "/gone.png", "/6.png"].map((path) => ({
    key: path,
    url: `https://files.example.net${path}?X-Amz-Signature=00ff00ff`,
  }));
  const without = await displayed(show(rows));
  assertEquals([without["text/html"].includes("<img"), asked.length], [
    false,
    0,
  ]);
  const options = { images: client, maxImages: 5, maxImageBytes: 100 };
  const { "text/html": html } = await displayed(show(rows, options));
  assertEquals(html.split("<img").length - 1, 1);
  assertStringIncludes(html, `src="data:image/png;base64,AQEB"`);
  assertEquals(html.includes("00ff00ff"), false);
  assertEquals(asked.length, 5);
  const one = await displayed(show(rows[0], options));
  assertStringIncludes(one["text/html"], `src="data:image/png;base64,AQEB"`);
});

Deno.test("notebook: wrong options are refused at once", () => {
  const rows: [object, string][] = [
    [{ row: 1 }, "no option 'row'"],
    [{ rows: 0 }, "'rows' must be a positive integer"],
    [{ fields: "uid" }, "'fields' must be an array of names"],
    [{ images: true }, "'images' must be a client"],
  ];
  for (const [options, message] of rows) {
    assertThrows(() => show([], options), InvalidArgumentError, message);
  }
});
