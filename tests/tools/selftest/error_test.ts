import { test } from "../harness.ts";

test("throws when it has ended", () => {
  setTimeout(() => {
    throw new Error("late");
  }, 5);
});
