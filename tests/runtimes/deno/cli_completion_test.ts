import { assertEquals } from "@std/assert";
import { commandLine } from "../../tools/command_line.ts";
import {
  hasPseudoTerminals,
  PseudoTerminal,
} from "../../tools/pseudo_terminal.ts";

// Completion as a user sees it: in the shell itself, with the Tab key.

const SHELLS: { [name: string]: { start: string[]; setup: string } } = {
  bash: {
    start: ["bash", "--norc", "--noprofile", "-i"],
    setup: "source <(avala completion bash)",
  },
  zsh: {
    start: ["zsh", "-f", "-i"],
    setup:
      "autoload -U compinit; compinit -D -u; source <(avala completion zsh)",
  },
};

const PROMPT = "ok> ";

/** What is typed, and what stands there after Tab. */
const TYPED: [typed: string, completed: string][] = [
  ["avala data", "avala datasets "],
  ["avala datasets list-seq", "avala datasets list-sequences "],
  [
    "avala datasets list --data-type li",
    "avala datasets list --data-type lidar ",
  ],
  [
    "avala datasets list --data-type=li",
    "avala datasets list --data-type=lidar ",
  ],
];

const isThere = async (shell: string) => {
  try {
    const command = new Deno.Command(shell, { args: ["--version"] });
    return (await command.output()).success;
  } catch {
    return false;
  }
};

/** Runs something with a folder that has the program `avala`. */
async function withProgram(
  use: (env: { [name: string]: string }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const command = commandLine().map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(
    `${folder}/avala`,
    `#!/bin/sh\nexec ${command} "$@"\n`,
    { mode: 0o755 },
  );
  await use({
    PATH: `${folder}:${Deno.env.get("PATH")}`,
    HOME: folder,
    TERM: "dumb",
  });
  await Deno.remove(folder, { recursive: true });
}

for (const [name, { start, setup }] of Object.entries(SHELLS)) {
  Deno.test({
    name: `completion: Tab in ${name}`,
    ignore: !hasPseudoTerminals || !await isThere(name),
    fn: () =>
      withProgram(async (env) => {
        await using shell = new PseudoTerminal(start, { env, columns: 200 });
        await shell.type(`PS1='${PROMPT}'; ${setup}; echo re\'ad\'y\n`);
        await shell.until((shown) => /ready[^]*ok> /.test(shown));
        for (const [typed, completed] of TYPED) {
          const before = shell.shown.length;
          await shell.type(`${typed}\t`);
          await shell.until((shown) => shown.slice(before).includes(completed));
          // gives the line up
          await shell.type("\u0015\r");
          await shell.until((shown) =>
            shown.slice(before + completed.length).includes(PROMPT)
          );
        }
        await shell.type("exit\n");
        await shell.end();
      }),
  });
}

Deno.test({
  name: "completion: Tab in fish",
  ignore: !await isThere("fish"),
  fn: () =>
    withProgram(async (env) => {
      const asked = TYPED.map(([typed]) =>
        `complete -C ${JSON.stringify(typed)}; echo`
      );
      const { stdout } = await new Deno.Command("fish", {
        args: [
          "--no-config",
          "-c",
          ["avala completion fish | source", ...asked].join("; "),
        ],
        env,
      }).output();
      const words = new TextDecoder().decode(stdout).trimEnd().split("\n\n")
        .map((answer) => answer.split("\t", 1)[0]!.trim());
      // fish gives the whole last word
      const lastWords = TYPED.map(([, completed]) =>
        completed.trimEnd().split(" ").at(-1)!
      );
      assertEquals(words, lastWords);
    }),
});
