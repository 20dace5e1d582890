/**
 * What the key opens, at a glance.
 *
 * @module
 */

import type { AsyncClient } from "../../client.ts";
import {
  AuthenticationError,
  AvalaError,
  ForbiddenError,
} from "../../errors.ts";
import type { CursorPage } from "../../http/pages.ts";
import type { Command, Context, Given } from "../command.ts";

/** Shows the account, and how much there is of everything. */
export const status: Command = {
  name: "status",
  summary: "Shows the account, and how much there is of everything.",
  args: [],
  options: [
    {
      name: "org",
      words: "Slug of the organization to look at.",
      type: "string",
    },
  ],
  effect: "read",
  run,
};

type Look = (
  client: AsyncClient,
  request: { signal: AbortSignal },
) => PromiseLike<
  Pick<CursorPage<unknown>, "length" | "hasMore">
>;

const LOOKS: { readonly [name: string]: Look } = {
  datasets: (client, request) => client.datasets.list({}, request),
  projects: (client, request) => client.projects.list({}, request),
  tasks: (client, request) => client.tasks.list({}, request),
  exports: (client, request) => client.exports.list({}, request),
  devices: (client, request) => client.fleet.devices.list({}, request),
  openAlerts: (client, request) =>
    client.fleet.alerts.list({ status: "open" }, request),
};

async function run(context: Context, { options }: Given): Promise<void> {
  const { findCredential } = await import("../connect.ts");
  const { printResult } = await import("../print.ts");
  const client = await context.client();
  const request = { signal: context.signal };
  const { source, baseUrl } = await findCredential(
    context.settings,
    context.terminal.env,
  );
  const [organization, ...counts] = await Promise.all([
    see(() => organizationOf(client, options.org, request)),
    ...Object.values(LOOKS).map((look) =>
      see(async () => {
        const { length, hasMore } = await look(client, request);
        return hasMore ? `${length} or more` : length;
      })
    ),
  ]);
  const { remaining, limit } = client.rateLimitInfo;
  await printResult(context, {
    baseUrl: baseUrl ?? "https://api.avala.ai/api/v1",
    key: source,
    organization,
    ...Object.fromEntries(
      Object.keys(LOOKS).map((name, i) => [name, counts[i]]),
    ),
    requestsLeft: remaining === null ? null : `${remaining} of ${limit}`,
  });
}

async function organizationOf(
  client: AsyncClient,
  slug: unknown,
  request: { signal: AbortSignal },
): Promise<string> {
  if (typeof slug === "string") {
    return (await client.organizations.get(slug, request)).name;
  }
  const { items } = await client.organizations.list({}, request);
  return items.map(({ name }) => name).join(", ");
}

/** What a key may not see is no failure of the whole. */
async function see<T>(look: () => Promise<T>): Promise<T | string> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof AuthenticationError) throw error;
    if (error instanceof ForbiddenError) return "no access";
    if (error instanceof AvalaError && error.statusCode === 404) {
      return "not found";
    }
    throw error;
  }
}
