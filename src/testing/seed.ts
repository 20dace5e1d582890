/**
 * What an emulator starts with.
 *
 * @module
 */

import type { Agent } from "../resources/agents/mod.ts";
import type {
  Dataset,
  DatasetItem,
  DatasetSequence,
} from "../resources/datasets/mod.ts";
import type { Export } from "../resources/exports.ts";
import type {
  FleetAlert,
  FleetAlertChannel,
  FleetDevice,
  FleetEvent,
  FleetRecording,
  FleetRule,
} from "../resources/fleet/mod.ts";
import type { InferenceProvider } from "../resources/inference_providers.ts";
import type { Organization } from "../resources/organizations/mod.ts";
import type { Project } from "../resources/projects.ts";
import type { StorageConfig } from "../resources/storage_configs.ts";
import type { Task } from "../resources/tasks.ts";
import type { Webhook } from "../resources/webhooks/mod.ts";
import { isJsonObject } from "../wire/codec.ts";
import type { EmulatedResource } from "./engine/router.ts";
import {
  addRecord,
  COUNT,
  isCount,
  refusal,
  type SeedModel,
} from "./engine/seed.ts";
import type { State } from "./engine/state.ts";
import { addContents } from "./resources/datasets/own.ts";

/**
 * A record of one's own, as the client shows it; what is left out is made up.
 *
 * @typeParam Model The model.
 * @typeParam Needed Names of the fields that can't be left out.
 */
export type SeedRecord<Model, Needed extends keyof Model = never> =
  & Partial<Model>
  & Pick<Model, Needed>;

/**
 * What an emulator starts with.
 *
 * A number tells how much sample data there is of a kind; it is made when it is
 * asked for, so that 100,000 items cost no more than ten. Records of one's own,
 * as the client shows them, stand alone: with any of them there is no sample data
 * but what a number asks for.
 */
export interface EmulatorSeed {
  /** Datasets. One with an `itemCount` and without items in `items` gets that many sample items. */
  datasets?:
    | SeedRecord<Dataset, "name" | "slug" | "dataType">[]
    | undefined;
  /** How many items the dataset of images has; or items by the slug of their dataset, or how many it has. */
  items?:
    | number
    | { [slug: string]: number | SeedRecord<DatasetItem>[] }
    | undefined;
  /** How many sequences the LiDAR dataset has; or sequences by the slug of their dataset. */
  sequences?:
    | number
    | { [slug: string]: SeedRecord<DatasetSequence>[] }
    | undefined;
  /** Projects. */
  projects?: number | SeedRecord<Project, "name">[] | undefined;
  /** Tasks. */
  tasks?: number | SeedRecord<Task>[] | undefined;
  /** Devices of the fleet. */
  devices?: number | SeedRecord<FleetDevice, "name" | "type">[] | undefined;
  /** Recordings of the fleet. */
  recordings?: number | SeedRecord<FleetRecording>[] | undefined;
  /** Events of the fleet. */
  events?:
    | number
    | SeedRecord<
      FleetEvent,
      "recording" | "device" | "label" | "type" | "timestamp"
    >[]
    | undefined;
  /** Alerts of the fleet. */
  alerts?: number | SeedRecord<FleetAlert>[] | undefined;
  /** Rules of the fleet. */
  rules?: SeedRecord<FleetRule, "name" | "condition" | "actions">[] | undefined;
  /** Channels of alerts. */
  alertChannels?:
    | SeedRecord<FleetAlertChannel, "name" | "type" | "config">[]
    | undefined;
  /** Exports. */
  exports?: SeedRecord<Export>[] | undefined;
  /** Webhooks. */
  webhooks?: SeedRecord<Webhook, "targetUrl" | "events">[] | undefined;
  /** Agents. */
  agents?: SeedRecord<Agent, "name">[] | undefined;
  /** Organizations; the owner of every key is theirs, too. */
  organizations?: SeedRecord<Organization, "name">[] | undefined;
  /** Connections to buckets. */
  storageConfigs?: SeedRecord<StorageConfig, "name" | "provider">[] | undefined;
  /** Model endpoints. */
  inferenceProviders?:
    | SeedRecord<InferenceProvider, "name" | "providerType" | "config">[]
    | undefined;
}

/**
 * Fills an empty state.
 *
 * @param state The state.
 * @param seed What to fill it with.
 * @param resources All resources.
 * @throws {ConfigurationError} If the seed is of a wrong shape.
 */
export function fill(
  state: State,
  seed: EmulatorSeed = {},
  resources: readonly EmulatedResource[],
): void {
  if (!isJsonObject(seed)) throw refusal("seed", "must be an object", seed);
  const samples = new Map(
    resources.flatMap(({ samples = {} }) => Object.entries(samples)),
  );
  const models = new Map(
    resources.flatMap(({ models = {} }) => Object.entries(models)),
  );
  const given = Object.entries(seed).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) check(name, value, samples, models);
  const counts = new Map(given.filter(([, value]) => !isOwn(value)));
  const own = given.filter(([, value]) => isOwn(value));
  const isSample = own.length === 0;
  for (const resource of resources) {
    for (
      const [name, { count, add }] of Object.entries(resource.samples ?? {})
    ) {
      const wanted = counts.get(name) ?? (isSample ? count : undefined);
      if (typeof wanted === "number") add(state, wanted);
    }
    // somebody sends the requests, whatever else there is
    if (isSample || resource.isNeeded) resource.seed?.(state);
    for (const [name, model] of Object.entries(resource.models ?? {})) {
      const records = seed[name as keyof EmulatorSeed];
      if (!Array.isArray(records)) continue;
      for (const [index, record] of records.entries()) {
        addRecord(state, model, record, `${name}[${index}]`);
      }
    }
    if (resource.models?.datasets) addContents(state, seed);
  }
}

function isOwn(value: unknown): boolean {
  return typeof value === "object";
}

/** Checks what is wanted of a kind, but not the records. */
function check(
  name: string,
  value: unknown,
  samples: ReadonlyMap<string, unknown>,
  models: ReadonlyMap<string, SeedModel>,
): void {
  // they are told by their datasets
  const isContents = name === "items" || name === "sequences";
  if (!samples.has(name) && !models.has(name)) {
    const names = [...new Set([...models.keys(), ...samples.keys()])].sort();
    throw refusal(name, `is none of ${names.join(", ")}`, value);
  }
  const own = isContents
    ? "an object of arrays by the slug of their dataset"
    : models.has(name)
    ? "an array of records"
    : undefined;
  const wanted = [samples.has(name) ? COUNT : [], own ?? []].flat();
  const isFine = typeof value === "number"
    ? samples.has(name) && isCount(value)
    : isContents
    ? isJsonObject(value)
    : Array.isArray(value);
  if (!isFine) throw refusal(name, `must be ${wanted.join(" or ")}`, value);
}
