import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { counted, failuresIn } from "../../tools/report/outcome.ts";
import { SUMMARY } from "../../tools/steps/installed_tests.ts";
import { Report } from "../../tools/report/report.ts";
import { differences } from "../../tools/tasks/published.ts";
import { networkEnv } from "../../tools/workspace/network.ts";

const passes = { passed: 2, failed: 0, output: "" };

function report(silence?: number) {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  return {
    lines,
    report: new Report({ print, ...(silence !== undefined && { silence }) }),
  };
}

Deno.test("a report repeats the failures alone, and ends with the sum", async () => {
  const { report: run, lines } = report();
  const output = "ok a\nFAILED b\nit is broken\n\n3 passed, 1 failed\n";
  await run.step("first", () => Promise.resolve(passes));
  await run.step("second", () => {
    return Promise.resolve({ passed: 3, failed: 1, notApplicable: 4, output });
  });
  await run.step("third", () => Promise.reject(new Error("it never began")));
  run.leaveOut("not applicable to c: it has no d");
  assertEquals(run.finish(), false);

  const text = lines.join("\n");
  const [before, after] = text.split("The failures alone:");
  assertStringIncludes(before!, "ok a");
  assertStringIncludes(before!, "not applicable to c: it has no d\n");
  assertStringIncludes(before!, "\n4 not applicable\n");
  assertStringIncludes(after!, "FAILED second\nFAILED b\nit is broken");
  assertStringIncludes(after!, "FAILED third\nError: it never began");
  assert(!after!.includes("first") && !after!.includes("ok a"), after);
  assert(/^\d+\.\d s in all$/.test(lines.at(-2)!), lines.at(-2));
  assertEquals(lines.at(-1), "5 passed, 2 failed");
});

Deno.test("a report of nothing has failed", () => {
  const { report: run, lines } = report();
  assertEquals(run.finish(), false);
  assertEquals(lines.at(-1), "0 passed, 1 failed");
});

Deno.test("a report that is silent for long says what runs", async () => {
  const { report: run, lines } = report(10);
  const { promise, resolve } = Promise.withResolvers<void>();
  const long = run.step("the long one", async (note) => {
    note("first line\nsecond line\n");
    await promise;
    return passes;
  });
  while (lines.length < 2) await new Promise((done) => setTimeout(done, 5));
  assertStringIncludes(lines[0]!, "the long one (0 s, last: second line)");
  resolve();
  await long;
  // nothing runs any more, so nothing is said: the sanitizers see to the timer
  assert(run.finish());
});

Deno.test("a runner that crashed or ran nothing has failed", () => {
  const outcome = (code: number, output: string) => {
    const { passed, failed, notApplicable } = counted(SUMMARY, {
      code,
      output,
    });
    return [passed, failed, notApplicable];
  };
  assertEquals(outcome(0, "2 passed, 0 failed\n"), [2, 0, 0]);
  assertEquals(outcome(1, "2 passed, 0 failed\n"), [2, 1, 0]);
  assertEquals(outcome(0, ""), [0, 1, 0]);
  assertEquals(outcome(0, "1 not applicable\n0 passed, 0 failed\n"), [0, 0, 1]);
});

Deno.test("failures are found in the output of both runners", () => {
  assertEquals(
    failuresIn(
      "a ... ok\nb ... FAILED\n\n ERRORS \n\nb => ./b.ts\nerror: no\n\n FAILURES \n\nb\n",
    ),
    "b => ./b.ts\nerror: no",
  );
  assertEquals(
    failuresIn("noise\nFAILED b\nno\n\n1 not applicable\n2 passed, 1 failed\n"),
    "FAILED b\nno",
  );
  assertEquals(failuresIn("it crashed\n"), "it crashed");
  const long = failuresIn("line\n".repeat(500)).split("\n");
  assertEquals([long.length, long.at(-1)], [101, "(400 more lines above)"]);
});

Deno.test("child processes get through a proxy with its own certificates", () => {
  const env = (given: { [name: string]: string }) =>
    networkEnv((name) => given[name]);
  const loopback = "127.0.0.1,localhost,::1";
  assertEquals(env({}), { NO_PROXY: loopback, no_proxy: loopback });
  assertEquals(env({ no_proxy: "corp" }).NO_PROXY, `corp,${loopback}`);
  for (
    const name of ["DENO_CERT", "NODE_EXTRA_CA_CERTS", "npm_config_cafile"]
  ) {
    const { DENO_CERT, NODE_EXTRA_CA_CERTS } = env({ [name]: "/a.pem" });
    assertEquals(DENO_CERT, resolve("/a.pem"));
    assertEquals(NODE_EXTRA_CA_CERTS, resolve("/a.pem"));
  }
  const both = env({ DENO_CERT: "/d.pem", NODE_EXTRA_CA_CERTS: "/n.pem" });
  assertEquals([both.DENO_CERT, both.NODE_EXTRA_CA_CERTS], [
    "/d.pem",
    "/n.pem",
  ]);
});

Deno.test("published files are compared one by one", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const entry = (text: string) => ({
    size: text.length,
    checksum: `sha256-${createHash("sha256").update(text).digest("hex")}`,
  });
  const files = new Map([["/a.ts", bytes("a")], ["/b.ts", bytes("b")]]);
  const same = { "/a.ts": entry("a"), "/b.ts": entry("b") };
  assertEquals(differences(same, files), []);
  assertEquals(
    differences({ "/a.ts": entry("b"), "/c.ts": entry("c") }, files),
    [
      "/a.ts: differs",
      "/b.ts: is not published",
      "/c.ts: is published, but not here",
    ],
  );
});
