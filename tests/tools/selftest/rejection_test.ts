import { test } from "../harness.ts";

test("leaves a rejection that nobody handles", () => {
  Promise.reject(new Error("late"));
});
