/**
 * Completion in bash, zsh and fish.
 *
 * @module
 */

import type { Command, Input } from "../command.ts";
import { usage } from "../exits.ts";
import { kebab } from "../names.ts";
import { optionsOf } from "../read_command.ts";
import { safeText } from "../safe_text.ts";
import type { Terminal } from "../terminal.ts";
import {
  commandNamed,
  findCommand,
  type Found,
  nextWords,
  wordsOfGroup,
} from "../tree.ts";

const SCRIPTS: { readonly [shell: string]: string } = {
  bash: `# bash completion for avala; put this into ~/.bashrc:
#   source <(avala completion bash)
_avala() {
  local IFS=$'\\n'
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=($(avala __complete bash "\${words[@]}" 2>/dev/null))
}
complete -o default -F _avala avala
`,
  zsh: `#compdef avala
# zsh completion for avala; put this into ~/.zshrc, behind compinit:
#   source <(avala completion zsh)
_avala() {
  local -a candidates
  candidates=("\${(@f)$(avala __complete zsh "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[1]}" ]]; then
    _describe avala candidates
  else
    _files
  fi
}
compdef _avala avala
`,
  fish: `# fish completion for avala; put this into ~/.config/fish/config.fish:
#   avala completion fish | source
function __avala_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l candidates (avala __complete fish $words[2..] 2>/dev/null)
  if test (count $candidates) -gt 0
    printf '%s\\n' $candidates
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c avala -f -a '(__avala_complete)'
`,
};

/** Prints the script of a shell. */
export const completion: Command = {
  name: "completion",
  summary: "Prints the completion script of a shell.",
  details: "In ~/.bashrc: source <(avala completion bash)",
  args: [
    {
      name: "shell",
      words: "The shell.",
      type: "string",
      enum: Object.keys(SCRIPTS),
      required: true,
    },
  ],
  options: [],
  effect: "local",
  run: async ({ terminal }, { args: [shell] }) => {
    const script = SCRIPTS[String(shell)];
    if (script === undefined) {
      throw usage(
        `There is a completion for ${
          Object.keys(SCRIPTS).join(", ")
        }: none for '${shell}'.`,
      );
    }
    await terminal.out(script);
  },
};

type Candidate = readonly [word: string, words: string];

/**
 * Prints what can follow a command line; the scripts ask for it.
 *
 * @param terminal Where to print.
 * @param request The shell, and the words so far, of which the last is being typed.
 */
export async function printCandidates(
  terminal: Terminal,
  [shell = "", ...words]: readonly string[],
): Promise<void> {
  const last = words.at(-1) ?? "";
  const lines = candidates(words.slice(0, -1), last)
    .filter(([word]) => word.startsWith(last))
    .map(([word, words]) => line(shell, word, words));
  if (lines.length > 0) await terminal.out(`${lines.join("\n")}\n`);
}

function line(shell: string, word: string, words: string): string {
  const about = safeText(words.split("\n", 1)[0] as string);
  if (shell === "fish") return `${word}\t${about}`;
  return shell === "zsh" ? `${word}:${about}` : word;
}

function candidates(before: readonly string[], last: string): Candidate[] {
  let found: Found;
  try {
    found = findCommand(before);
  } catch {
    return [];
  }
  if ("group" in found) {
    const { group } = found;
    return nextWords(group).sort().flatMap((word): Candidate[] => {
      const name = group ? `${group} ${word}` : word;
      const words = commandNamed(name)?.summary ?? wordsOfGroup(name);
      return words ? [[word, words]] : [];
    });
  }
  const { command } = found;
  const options = optionsOf(command);
  const option = valueOf(before.at(-1), options);
  if (option) return known(option);
  if (last.startsWith("-")) {
    return options.map((input): Candidate => [
      `--${kebab(input.name)}`,
      input.words,
    ]);
  }
  const given = found.words.filter((word) => !word.startsWith("-")).length;
  const next = command.args[given];
  return next ? known(next) : [];
}

/** The option whose value is being typed. */
function valueOf(
  word: string | undefined,
  options: readonly Input[],
): Input | undefined {
  const name = word === "-o" ? "--output" : word;
  return options.find((input) =>
    input.type !== "boolean" && `--${kebab(input.name)}` === name
  );
}

function known(input: Input): Candidate[] {
  const values = input.enum ?? input.items?.enum ?? [];
  return values.map((value): Candidate => [value, ""]);
}
