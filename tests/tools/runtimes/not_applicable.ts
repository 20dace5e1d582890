/**
 * The behavior tests that make no sense on a runtime, each with the reason.
 *
 * @module
 */

import type { RuntimeName } from "./runtime.ts";

interface Row {
  file: string;
  /** Its name; all of the file when there is none. */
  test?: string;
  runtimes: RuntimeName[];
  reason: string;
}

const TABLE: Row[] = [
  ...[
    "a file in parts, sliceable, resumed where it broke off",
    "the first failure ends the others and closes all files",
    "a signal and close() end all and close all files",
    "a stall ends the attempt",
  ].map((name): Row => ({
    file: "tests/behavior/uploads_test.ts",
    test: `uploads: ${name}`,
    runtimes: ["workerd"],
    reason:
      "workerd itself reports a request with a body that was aborted as uncaught",
  })),
  {
    file: "tests/behavior/cross_origin_test.ts",
    test:
      "cross-origin: a served emulator answers preflights, and does not log them",
    runtimes: ["chromium"],
    reason: "a page can't send a preflight itself: the browser does",
  },
  {
    file: "tests/behavior/cross_origin_test.ts",
    test: "cross-origin: pages from elsewhere are refused, and read nothing",
    runtimes: ["workerd"],
    reason: "workerd sends no header that is empty",
  },
  ...[
    "cross-origin: pages from elsewhere are refused, and read nothing",
    "cross-origin: pages that are allowed are answered",
  ].map((test): Row => ({
    file: "tests/behavior/cross_origin_test.ts",
    test,
    runtimes: ["chromium"],
    reason: "a page can't choose its origin",
  })),
  {
    file: "tests/behavior/public_downloads_test.ts",
    test: "public datasets: storage is asked for the bytes as they are",
    runtimes: ["chromium"],
    reason: "a page can't choose the encodings it accepts",
  },
  ...["made", "sliceable", "blob"].map((name): Row => ({
    file: "tests/behavior/uploads_storage_test.ts",
    test: `storage: a 200 before the file has left is not believed (${name})`,
    runtimes: ["chromium"],
    reason: "a page learns nothing of how much of a body has gone",
  })),
  {
    file: "tests/behavior/uploads_limits_test.ts",
    test:
      "limits: a storage that takes nothing ends in a TimeoutError (20971520 bytes)",
    runtimes: ["workerd", "chromium"],
    reason:
      "neither tells how much of a body has gone, so the limit grows with the size",
  },
  ...[
    "files_dataset",
    "files_import",
    "files_read",
    "records",
    "save_ranges",
    "save_to",
    "state_file",
  ].map((name): Row => ({
    file: `tests/behavior/${name}_test.ts`,
    runtimes: ["workerd", "chromium"],
    reason: "there is no file system",
  })),
  {
    file: "tests/behavior/emulator_page_test.ts",
    runtimes: ["workerd", "chromium"],
    reason: "the page is served by a process of its own",
  },
  ...["cli", "cli_files"].map((name): Row => ({
    file: `tests/behavior/${name}_test.ts`,
    runtimes: ["workerd", "chromium"],
    reason: "there are no processes",
  })),
  {
    file: "tests/behavior/mcp_test.ts",
    runtimes: ["workerd", "chromium"],
    reason: "there is no standard input",
  },
  {
    file: "tests/behavior/downloads_test.ts",
    test: "downloads: a part with an encoding is refused",
    runtimes: ["chromium"],
    reason: "a browser keeps the encoding of a part to itself",
  },
  {
    file: "tests/behavior/faults_test.ts",
    runtimes: ["chromium"],
    reason:
      "a browser asks for permission first, and itself repeats what a reused connection lost",
  },
  {
    file: "tests/behavior/soak_test.ts",
    test: "1,000 calls, one request in five fails: retries absorb it",
    runtimes: ["chromium"],
    reason:
      "a browser asks for permission first, and itself repeats what a reused connection lost",
  },
  {
    file: "tests/behavior/retry_test.ts",
    test: "1,000 creations, every fifth answer lost: each is seen once",
    runtimes: ["chromium"],
    reason: "a browser itself repeats what a reused connection lost",
  },
];

/** The names of the tests to leave out; a name that fits no test is a failure. */
export function notApplicable(
  runtime: RuntimeName,
  file: string,
): string[] | "all" {
  const rows = TABLE.filter((row) =>
    row.file === file && row.runtimes.includes(runtime)
  );
  const names = rows.flatMap(({ test }) => test ?? []);
  return names.length < rows.length ? "all" : names;
}

/** One line for each row that leaves out a test on one of these runtimes. */
export function reasons(runtimes: RuntimeName[], files: string[]): string[] {
  return TABLE.flatMap(({ file, test, runtimes: without, reason }) => {
    const names = without.filter((name) => runtimes.includes(name));
    return names.length > 0 && files.includes(file)
      ? [`not applicable to ${names.join(", ")}: ${test ?? file}: ${reason}`]
      : [];
  });
}
