import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { AvalaEmulator } from "@avala/client/testing";

const ROOT = new URL("../../../", import.meta.url);
const TITLE = "### Upload a folder, and go on after a crash";
const FILES = 60;

/** The program of a recipe. */
async function recipe(title: string): Promise<string> {
  const text = await Deno.readTextFile(new URL("README.md", ROOT));
  const [, code] = text.slice(text.indexOf(title)).match(/```ts\n(.*?)```/s) ??
    [];
  assert(code, `There is no recipe '${title}'`);
  return code;
}

Deno.test("README: the upload that was killed goes on when it is run again", async () => {
  // below the repository, where the package knows itself by its name
  const cache = fileURLToPath(new URL("tests/.cache", ROOT));
  await Deno.mkdir(cache, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: cache, prefix: "resume-" });
  try {
    await Deno.writeTextFile(`${folder}/upload.ts`, await recipe(TITLE));
    await Deno.mkdir(`${folder}/drive`);
    for (let index = 0; index < FILES; index++) {
      await Deno.writeTextFile(`${folder}/drive/${index}.jpg`, `file ${index}`);
    }
    const emulator = new AvalaEmulator();
    const slow = emulator.fault({ path: "/storage/", delay: 50, times: 1_000 });
    await using server = await emulator.serve();
    const start = () =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--quiet", "--no-check", "upload.ts"],
        cwd: folder,
        env: {
          AVALA_API_KEY: "avk_test_key_1",
          AVALA_BASE_URL: server.baseUrl,
          AVALA_ALLOW_INSECURE_BASE_URL: "1",
        },
        stdout: "piped",
        stderr: "inherit",
      }).spawn();

    const first = start();
    while (emulator.storedFiles.length < FILES / 2) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    first.kill("SIGKILL");
    await first.output();
    slow.clear();
    const stored = emulator.storedFiles.length;
    assert(stored < FILES, "it was over before it was killed");

    const { code } = await start().output();
    assertEquals([code, emulator.storedFiles.length], [0, FILES]);
    const asked = emulator.requests.filter(({ path }) =>
      path.endsWith("/file-upload-url/")
    );
    // beside all files, what was on its way when it was killed: at most eight
    assert(asked.length <= FILES + 8, `${asked.length} files were begun`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
