/**
 * The server for assistants, with the key of the command line.
 *
 * @module
 */

import { VERSION } from "../../catalog/version.ts";
import type { Command, Context, Given } from "../command.ts";
import { usage } from "../exits.ts";
import { didYouMean } from "../names.ts";

/** Serves assistants over standard input and output. */
export const mcp: Command = {
  name: "mcp",
  summary:
    "Serves assistants by the Model Context Protocol on standard input and output.",
  args: [],
  options: [
    {
      name: "toolsets",
      words: "Which tools to offer: default, all, or resources such as fleet.",
      type: "array",
      items: { type: "string" },
    },
    {
      name: "allowWrites",
      words:
        "Offer tools that change something; also with AVALA_MCP_ENABLE_MUTATIONS=true.",
      type: "boolean",
    },
    {
      name: "readOnly",
      words: "Offer none of those, whatever the environment says.",
      type: "boolean",
    },
    {
      name: "showSecrets",
      words: "Leave secrets in results.",
      type: "boolean",
    },
  ],
  effect: "local",
  run,
};

async function run(context: Context, { options }: Given): Promise<void> {
  const { clientOptions, findCredential } = await import("../connect.ts");
  const { serveStdio } = await import("../../mcp/stdio.ts");
  const { toolsetNames } = await import("../../mcp/tools.ts");
  const toolsets = (options.toolsets as string[] | undefined) ?? ["default"];
  const known = toolsetNames();
  const wrong = toolsets.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    throw usage(
      `There is no toolset '${wrong}'.${
        didYouMean(wrong, known) || ` Known are ${known.join(", ")}.`
      }`,
    );
  }
  const { apiKey } = await findCredential(
    context.settings,
    context.terminal.env,
  );
  await serveStdio({
    version: VERSION,
    toolsets,
    allowWrites: options.readOnly !== true &&
      (options.allowWrites === undefined
        ? context.terminal.env("AVALA_MCP_ENABLE_MUTATIONS") === "true"
        : options.allowWrites === true),
    showSecrets: options.showSecrets === true,
    // without a key each call says how to give one
    ...(apiKey && { client: await clientOptions(context) }),
  });
}
