import { createServer } from "node:http";
import { test } from "../harness.ts";

test("leaves a server open", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, () => resolve()));
});
