import { test } from "../harness.ts";

test("leaves a timer behind", () => {
  setTimeout(() => {}, 600_000);
});
