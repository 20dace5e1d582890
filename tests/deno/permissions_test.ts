import { assertEquals } from "@std/assert";
import { AvalaEmulator } from "@avala/client/testing";

Deno.test("network permission alone is enough, and the process ends by itself", async () => {
  await using server = await new AvalaEmulator().serve();
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  const mod = new URL("../../mod.ts", import.meta.url);
  await Deno.writeTextFile(
    script,
    `import { AsyncClient } from ${JSON.stringify(mod.href)};
const client = new AsyncClient({ apiKey: "avk_test", baseUrl: ${
      JSON.stringify(server.baseUrl)
    }, allowInsecureBaseUrl: true });
const signal = new AbortController().signal;
console.log((await client.projects.list({}, { signal })).length);
let refused = "";
try { new AsyncClient(); } catch (error) { refused = error.name; }
console.log(refused);`,
  );
  const start = performance.now();
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      `--allow-net=127.0.0.1:${server.port}`,
      script,
    ],
    env: { AVALA_API_KEY: "avk_not_permitted_to_read" },
    stderr: "inherit",
  }).output();
  await Deno.remove(script);
  assertEquals(new TextDecoder().decode(stdout), "3\nConfigurationError\n");
  assertEquals(code, 0);
  // far below the time limit of an attempt, 30 s, which must not hold the process
  assertEquals(performance.now() - start < 20_000, true);
});
