/**
 * Completion in bash, zsh and fish.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { usage } from "../exits.ts";

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
