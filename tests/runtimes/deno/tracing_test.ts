/**
 * Hooks that make spans, with the tracer of OpenTelemetry itself.
 *
 * @module
 */

import { AsyncClient, type ClientOptions } from "@avala/client";
import { ConnectionError } from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { traced, type Tracer } from "@avala/client/tracing";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AsyncLocalStorage } from "node:async_hooks";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { toolFolder } from "../../tools/workspace/tools.ts";
import { Workspace } from "../../tools/workspace/workspace.ts";

const apiKey = "avk_traced_0123456789";

/** A span that has ended, as the exporter of OpenTelemetry keeps it. */
interface EndedSpan {
  name: string;
  kind: number;
  attributes: { [name: string]: unknown };
  status: { code: number; message?: string };
  events: { name: string; attributes: { [name: string]: string } }[];
  parentSpanContext?: { spanId: string };
  spanContext(): { spanId: string; traceId: string };
}

/** What OpenTelemetry keeps in memory. */
interface Traces {
  tracer: Tracer & {
    startActiveSpan<T>(
      name: string,
      work: (span: { end(): void }) => Promise<T>,
    ): Promise<T>;
  };
  take(): EndedSpan[];
}

const traces = await openTelemetry();

async function openTelemetry(): Promise<Traces> {
  const tool = "@opentelemetry/sdk-trace-base";
  const modules = await toolFolder(new Workspace(), tool);
  const load = createRequire(pathToFileURL(`${modules}/`));
  const { context, ROOT_CONTEXT } = load("@opentelemetry/api");
  const storage = new AsyncLocalStorage<unknown>();
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (
      active: unknown,
      work: (...args: unknown[]) => unknown,
      self: unknown,
      ...args: unknown[]
    ) => storage.run(active, () => work.apply(self, args)),
    bind: (_: unknown, target: unknown) => target,
    enable() {},
    disable() {},
  });
  const sdk = load(tool);
  const exporter = new sdk.InMemorySpanExporter();
  const provider = new sdk.BasicTracerProvider({
    spanProcessors: [new sdk.SimpleSpanProcessor(exporter)],
  });
  return {
    tracer: provider.getTracer("test"),
    take() {
      const spans = exporter.getFinishedSpans();
      exporter.reset();
      return spans;
    },
  };
}

function connect(
  more: ClientOptions = {},
): { client: AsyncClient; emulator: AvalaEmulator } {
  const emulator = new AvalaEmulator();
  const { fetch } = emulator;
  const hooks = traced(traces.tracer);
  const client = new AsyncClient({ apiKey, fetch, hooks, ...more });
  return { client, emulator };
}

const idOf = (span: EndedSpan) => span.spanContext().spanId;
const parentOf = (span: EndedSpan) => span.parentSpanContext?.spanId;

Deno.test("a call and its attempts are spans, below that of the caller", async () => {
  const { client, emulator } = connect({
    async fetch(url, init) {
      const response = await emulator.fetch(url, init);
      if (response.ok) response.headers.set("x-request-id", "r-1");
      return response;
    },
  });
  emulator.fault({ path: "/tasks/", status: 503, retryAfter: 0 });
  await traces.tracer.startActiveSpan("the job", async (span) => {
    await client.tasks.list({ limit: 5 });
    span.end();
  });
  const [first, second, call, job, ...rest] = traces.take();
  assert(first && second && call && job);
  assertEquals(rest, []);
  assertEquals([call.name, call.kind, call.status], ["tasks.list", 0, {
    code: 0,
  }]);
  assertEquals(job.name, "the job");
  assertEquals(parentOf(call), idOf(job));
  assertEquals([first, second].map(parentOf), [idOf(call), idOf(call)]);
  const shared = {
    "http.request.method": "GET",
    "url.full": "https://api.avala.ai/api/v1/tasks/?limit=5",
    "server.address": "api.avala.ai",
    "server.port": 443,
  };
  assertEquals([first.name, first.kind, first.status.code], ["GET", 2, 2]);
  assertEquals(first.attributes, {
    ...shared,
    "http.response.status_code": 503,
    "error.type": "503",
  });
  assertEquals([second.name, second.kind, second.status.code], ["GET", 2, 0]);
  assertEquals(second.attributes, {
    ...shared,
    "http.response.status_code": 200,
    "http.request.resend_count": 1,
    "http.response.header.x-request-id": ["r-1"],
  });
});

Deno.test("calls at the same time keep their attempts apart", async () => {
  const { client } = connect();
  await Promise.all([
    client.projects.list(),
    client.projects.list(),
    client.tasks.list(),
  ]);
  const spans = traces.take();
  assertEquals(spans.length, 6);
  const calls = spans.filter(({ kind }) => kind === 0);
  for (const call of calls) {
    const below = spans.filter((span) => parentOf(span) === idOf(call));
    assertEquals(below.length, 1, call.name);
  }
});

Deno.test("a call that fails tells why, without secrets, with the caller's line", async () => {
  const told: string[] = [];
  const { client } = connect({
    maxRetries: 0,
    hooks: traced(traces.tracer, {
      onRequest: () => told.push("request"),
      onError: () => told.push("error"),
      onEnd: () => told.push("end"),
    }),
    fetch: () => Promise.reject(new TypeError(`no way with ${apiKey}`)),
  });
  await assertRejects(
    async function theCaller() {
      const query = { token: "hunter2hunter2" };
      await client.request("GET", "/x/", { query });
    },
    ConnectionError,
  );
  const [attempt, call] = traces.take();
  assert(attempt && call);
  assertEquals(attempt.attributes["error.type"], "ConnectionError");
  assertEquals(
    attempt.attributes["url.full"],
    "https://api.avala.ai/api/v1/x/?token=[redacted]",
  );
  assertEquals([attempt.status.code, call.status.code], [2, 2]);
  const [exception] = call.events;
  assertStringIncludes(
    exception?.attributes["exception.stacktrace"] ?? "",
    "theCaller",
  );
  const { attributes, status, events } = call;
  const shown = JSON.stringify([
    attempt.attributes,
    attributes,
    status,
    events,
  ]);
  assert(!shown.includes(apiKey) && !shown.includes("hunter2"));
  assertEquals(told, ["request", "error", "end"]);
});

Deno.test("an aborted call, and all of an upload and a download, leave no span open", async () => {
  let open = 0;
  const counting: Tracer = {
    startSpan(...args) {
      const span = traces.tracer.startSpan(...args);
      open++;
      const end = span.end.bind(span);
      span.end = () => {
        open--;
        end();
      };
      return span;
    },
  };
  const { client, emulator } = connect({ hooks: traced(counting) });
  const controller = new AbortController();
  emulator.fault({ path: "/tasks/", hang: true });
  const { signal } = controller;
  const aborted = client.tasks.list({}, { signal });
  setTimeout(() => controller.abort(new Error("enough")), 10);
  await assertRejects(() => Promise.resolve(aborted), Error, "enough");
  emulator.fault({ path: "/storage/", status: 503, retryAfter: 0 });
  const files = [{ path: "a.jpg", blob: new Blob(["a"]) }];
  await client.datasets.uploadFiles("Run", files);
  const { uid } = await client.exports.create({ project: "p" });
  await client.exports.wait(uid, { interval: 500 });
  await (await client.exports.download(uid)).bytes();
  assertEquals(open, 0);
  const spans = traces.take();
  const names = new Set(spans.map(({ name }) => name));
  for (const name of ["tasks.list", "datasets.uploadFiles", "download"]) {
    assert(names.has(name), `${name} is not among ${[...names]}`);
  }
  const [first] = spans;
  assertEquals(first?.attributes["error.type"], "Error");
});
