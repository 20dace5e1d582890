import { assert, assertEquals } from "@std/assert";
import { AvalaEmulator } from "@avala/client/testing";
import { avala, commandLine, environmentOf } from "../../tools/command_line.ts";

Deno.test("cli: a download that was killed goes on with what is missing", async () => {
  const emulator = new AvalaEmulator();
  await using server = await emulator.serve();
  const env = environmentOf(server.baseUrl);
  const folder = await Deno.makeTempDir();
  const words = `datasets download northlight harbor-crane ${folder}/down`;
  const slow = emulator.fault({ path: "/storage/", delay: 100, times: 1_000 });
  const fetches = () =>
    emulator.requests.filter(({ path }) => path.startsWith("/storage/")).length;

  const [program, ...args] = commandLine(
    `${words} --concurrency 2`.split(" "),
  );
  const child = new Deno.Command(program!, {
    args,
    env,
    stdout: "null",
    stderr: "null",
  }).spawn();
  // two at a time: of six, four have come
  while (fetches() < 6) await pause(5);
  child.kill("SIGKILL");
  assertEquals((await child.status).code, 137);

  slow.clear();
  const before = fetches();
  const { code, stdout, stderr } = await avala(words.split(" "), { env });
  assertEquals(code, 0, stderr);
  const { files, skipped, failures } = JSON.parse(stdout);
  assertEquals([files + skipped, failures], [15, 0]);
  assert(skipped >= 3, `${skipped} were there`);
  // what had come is not fetched again
  assert(fetches() - before <= 15 - skipped, `${fetches() - before} fetches`);
  await Deno.remove(folder, { recursive: true });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
