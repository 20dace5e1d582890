/**
 * Resources of the protocol: records that an assistant can read by their address.
 *
 * @module
 */

import type { AsyncClient } from "../client.ts";
import { NotFoundError } from "../errors.ts";
import { redactJson } from "../redact.ts";
import type { JsonObject } from "../wire/codec.ts";
import { CODES, ProtocolError } from "./protocol.ts";

/** The addresses that there are, as templates. */
export const TEMPLATES: readonly JsonObject[] = [
  {
    uriTemplate: "avala://datasets/{owner}/{slug}",
    name: "dataset",
    title: "A dataset",
    description: "A dataset with its health, by its owner and its URL name.",
    mimeType: "application/json",
  },
  {
    uriTemplate: "avala://projects/{uid}",
    name: "project",
    title: "A project",
    description: "A labeling project, by its unique id.",
    mimeType: "application/json",
  },
];

/**
 * Reads a record by its address.
 *
 * @param client The client.
 * @param uri The address.
 * @param signal Ends the requests.
 * @param showSecrets Whether secrets are shown.
 * @returns Its contents.
 * @throws {ProtocolError} If there is no such address, or nothing at it.
 */
export async function readResource(
  client: AsyncClient,
  uri: unknown,
  signal: AbortSignal,
  showSecrets: boolean,
): Promise<JsonObject> {
  const [, kind, ...names] =
    /^avala:\/\/(datasets|projects)\/([^/?#]+)(?:\/([^/?#]+))?$/.exec(
      String(uri),
    ) ?? [];
  const [first = "", second] = names.map((name) => name && decode(name));
  const read = kind === "datasets" && second
    ? () => readDataset(client, first, second, signal)
    : kind === "projects" && !second
    ? () => client.projects.get(first, { signal })
    : undefined;
  if (!read) throw unknown(uri);
  const record = await read().catch((error) => {
    throw error instanceof NotFoundError ? unknown(uri) : error;
  });
  const text = JSON.stringify(showSecrets ? record : redactJson(record));
  return { contents: [{ uri, mimeType: "application/json", text }] };
}

async function readDataset(
  { datasets }: AsyncClient,
  owner: string,
  slug: string,
  signal: AbortSignal,
): Promise<JsonObject> {
  const [dataset, health] = await Promise.all([
    datasets.getBySlug(owner, slug, { signal }),
    datasets.getHealth(owner, slug, { signal }),
  ]);
  return { ...dataset, health };
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function unknown(uri: unknown): ProtocolError {
  const templates = TEMPLATES.map(({ uriTemplate }) => uriTemplate).join(", ");
  return new ProtocolError(
    CODES.notFound,
    `There is nothing at ${JSON.stringify(uri)}: addresses are ${templates}`,
  );
}
