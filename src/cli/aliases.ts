/**
 * The names of the official Python command line, where they differ from ours.
 *
 * @module
 */

import { usage } from "./exits.ts";

/** An official command: ours, and the options that have other names. */
interface Alias {
  /** Our command. */
  readonly command: string;
  /**
   * Our options by the official ones. `@` before a name: the value is the path of
   * a file with JSON. `!` before a name: a switch that turns ours off.
   */
  readonly options?: { readonly [official: string]: string };
  /** Official options that we have nothing for, and the way out. */
  readonly refused?: { readonly [official: string]: string };
}

const PROJECT = { project: "project-uid" };

const TO_BUCKET =
  "it copies files into a bucket of yours with the credentials of AWS. Copy them with 'aws s3 cp --recursive', then run 'avala import cloud s3://bucket/prefix'.";
const NOT_FOR_UPLOADS = {
  "dataset":
    "the API adds no files to a dataset that exists. Give --name and --slug of a new one.",
  "storage-config": TO_BUCKET,
  "aws-profile": TO_BUCKET,
};

const ALIASES: { readonly [official: string]: Alias } = {
  "agents executions": { command: "agents list-executions" },
  "annotations bulk-edit": {
    command: "annotations bulk-edit",
    options: { input: "@edits", "check-only": "dry-run" },
  },
  "auto-label list": { command: "auto-label-jobs list" },
  "auto-label get": { command: "auto-label-jobs get" },
  "auto-label create": {
    command: "auto-label-jobs create",
    options: PROJECT,
  },
  "auto-label cancel": { command: "auto-label-jobs cancel" },
  "consensus summary": { command: "consensus get-summary", options: PROJECT },
  "consensus scores": { command: "consensus list-scores", options: PROJECT },
  "consensus compute": { command: "consensus compute", options: PROJECT },
  "consensus config": { command: "consensus get-config", options: PROJECT },
  "datasets health": { command: "datasets get-health" },
  "datasets create": {
    command: "datasets create",
    options: { owner: "owner-name" },
  },
  "datasets upload": {
    command: "datasets upload",
    options: {
      source: "folder",
      owner: "owner-name",
      workers: "concurrency",
    },
    refused: NOT_FOR_UPLOADS,
  },
  "fleet recordings upload": {
    command: "fleet recordings upload",
    options: {
      source: "folder",
      workers: "concurrency",
      "storage-config": "storage-config-uid",
    },
  },
  "fleet rules create": {
    command: "fleet rules create",
    options: { "condition-file": "@condition", disabled: "!enabled" },
  },
  "fleet rules update": {
    command: "fleet rules update",
    options: { disabled: "!enabled" },
  },
  "import folder": {
    command: "import folder",
    options: { source: "folder", owner: "owner-name", workers: "concurrency" },
    refused: NOT_FOR_UPLOADS,
  },
  "import cloud": {
    command: "import cloud",
    options: {
      owner: "owner-name",
      "include-extensions": "included-extensions",
      "ignore-paths": "ignored-paths",
    },
  },
  "quality-targets list": {
    command: "quality-targets list",
    options: PROJECT,
  },
  "quality-targets get": { command: "quality-targets get", options: PROJECT },
  "quality-targets create": {
    command: "quality-targets create",
    options: PROJECT,
  },
  "quality-targets delete": {
    command: "quality-targets delete",
    options: PROJECT,
  },
  "quality-targets evaluate": {
    command: "quality-targets evaluate",
    options: PROJECT,
  },
  "shell-completion": { command: "completion" },
  "storage-configs create": {
    command: "storage-configs create",
    options: {
      "gc-bucket-name": "gc-storage-bucket-name",
      "gc-prefix": "gc-storage-prefix",
      "gc-auth-json": "gc-storage-auth-json-content",
    },
  },
  "webhooks deliveries": { command: "webhook-deliveries list" },
};

/** What the official command line does with libraries of Python's own. */
const UNAVAILABLE: { readonly [official: string]: string } = {
  "view": "opens a viewer of local files",
  "lerobot export": "writes a LeRobot dataset",
  "import lerobot": "reads a LeRobot dataset",
  "import rosbag": "reads a ROS bag",
};

/** An official command, found. */
export interface FoundAlias {
  /** Our command. */
  readonly command: string;
  /** How many words name it. */
  readonly count: number;
  /** Gives the words behind the command our names. */
  rewrite(words: readonly string[]): string[];
}

/**
 * Lists the official names that differ from ours.
 *
 * @returns The names.
 */
export function officialNames(): string[] {
  return Object.keys(ALIASES);
}

/**
 * Finds an official command.
 *
 * @param typed The words that can name a command.
 * @param words The whole command line.
 * @returns Our command, if it has another name or other options.
 */
export function findAlias(
  typed: readonly string[],
  words: readonly string[],
): FoundAlias | undefined {
  for (let count = Math.min(typed.length, 3); count > 0; count--) {
    const name = typed.slice(0, count).join(" ");
    if (!Object.hasOwn(ALIASES, name)) continue;
    const { command, options = {}, refused = {} } = ALIASES[name] as Alias;
    return {
      command: name === "consensus config" && setsConsensus(words)
        ? "consensus update-config"
        : command,
      count,
      rewrite: (words) => {
        refuse(words, refused);
        return rename(words, options);
      },
    };
  }
  return undefined;
}

/**
 * Says why an official command is not here.
 *
 * @param typed The words that can name a command.
 * @returns A sentence, or nothing when it is no such command.
 */
export function unavailable(typed: readonly string[]): string | undefined {
  const name = [typed.slice(0, 2).join(" "), typed[0] ?? ""]
    .find((name) => Object.hasOwn(UNAVAILABLE, name));
  return name &&
    `Command '${name}' ${
      UNAVAILABLE[name]
    } and needs libraries of Python: it is in the Python package 'avala' alone.`;
}

/** One official command reads the settings, or writes those that are given. */
function setsConsensus(words: readonly string[]): boolean {
  return words.some((word) => /^--(?:iou|min)-/.test(word));
}

function refuse(
  words: readonly string[],
  refused: { readonly [official: string]: string },
): void {
  for (const word of words) {
    const [, name = ""] = /^--([^=]+)/.exec(word) ?? [];
    if (!Object.hasOwn(refused, name)) continue;
    throw usage(`Option '--${name}' is not available: ${refused[name]}`);
  }
}

function rename(
  words: readonly string[],
  options: { readonly [official: string]: string },
): string[] {
  const renamed: string[] = [];
  let isFile = false;
  for (const word of words) {
    if (isFile) {
      renamed.push(`@${word}`);
      isFile = false;
      continue;
    }
    const [, official = "", value] = /^--([^=]+)(=.*)?$/s.exec(word) ?? [];
    const ours = Object.hasOwn(options, official)
      ? options[official] as string
      : undefined;
    if (ours === undefined) renamed.push(word);
    else if (ours.startsWith("!")) renamed.push(`--no-${ours.slice(1)}`);
    else if (ours.startsWith("@")) {
      isFile = value === undefined;
      const text = value === undefined ? "" : `=@${value.slice(1)}`;
      renamed.push(`--${ours.slice(1)}${text}`);
    } else renamed.push(`--${ours}${value ?? ""}`);
  }
  return renamed;
}
