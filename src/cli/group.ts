/**
 * What help says of a group of commands.
 *
 * @module
 */

import type { Entry, Group } from "./help.ts";
import { commandNamed, nextWords, wordsOfGroup } from "./tree.ts";

const EXAMPLES = [
  "avala configure",
  "avala datasets list --data-type lidar",
  'avala datasets upload ./drive --name "Night drive" --slug night-drive',
  "avala exports download UID export.json",
];

/**
 * Describes a group of commands.
 *
 * @param name Its words; empty for all commands.
 * @returns What is in it.
 */
export function describeGroup(name: string): Group {
  const commands: Entry[] = [];
  const groups: Entry[] = [];
  for (const word of nextWords(name).sort()) {
    const inner = name ? `${name} ${word}` : word;
    const summary = commandNamed(inner)?.summary;
    if (summary) commands.push([word, summary]);
    else if (wordsOfGroup(inner)) groups.push([word, wordsOfGroup(inner)]);
  }
  return {
    name,
    words: name ? wordsOfGroup(name) : "The Avala API on the command line.",
    commands,
    groups,
    examples: name ? [] : EXAMPLES,
  };
}
