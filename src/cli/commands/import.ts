/**
 * Imports: a folder or a bucket becomes a dataset.
 *
 * @module
 */

import type { Command, Context, Given, Input } from "../command.ts";
import { optionsLike, WAIT_TIMEOUT } from "../inputs.ts";
import { uploadDataset } from "./upload.ts";

/** Makes a dataset of a folder. */
export const importFolder: Command = {
  ...uploadDataset,
  name: "import folder",
  summary: "Uploads a folder and makes a dataset of it.",
};

const text = (name: string, words: string): Input => ({
  name,
  words,
  type: "string",
});
const texts = (name: string, words: string): Input => ({
  name,
  words,
  type: "array",
  items: { type: "string" },
});

/** Makes a dataset of a bucket. */
export const importCloud: Command = {
  name: "import cloud",
  summary:
    "Makes a dataset of the objects of a bucket, which stay where they are.",
  args: [
    {
      name: "uri",
      words:
        "The bucket and the prefix: s3://bucket/prefix or gs://bucket/prefix.",
      type: "string",
      required: true,
    },
  ],
  options: [
    ...optionsLike("datasets.create", ["providerConfig"]),
    text("region", "Region of an S3 bucket; AWS_REGION by default."),
    text(
      "accessKeyId",
      "Id of the access key of an S3 bucket; AWS_ACCESS_KEY_ID by default.",
    ),
    text(
      "secretAccessKey",
      "The access key of an S3 bucket: a secret; AWS_SECRET_ACCESS_KEY by default.",
    ),
    text("roleArn", "Role to take instead of a key; needs an organization."),
    {
      name: "accelerated",
      words: "Use the accelerated endpoint of an S3 bucket.",
      type: "boolean",
    },
    text("cloudfrontDomain", "Domain of CloudFront before an S3 bucket."),
    text("cloudfrontPublicKeyId", "Id of the public key for CloudFront."),
    text("gcsAuthJson", "Service account of a Google bucket: JSON, or a file."),
    texts("includedExtensions", "Only objects with these suffixes."),
    texts("ignoredPaths", "No objects whose keys fit these globs."),
    {
      name: "wait",
      words: "Wait until the dataset is imported.",
      type: "boolean",
    },
    WAIT_TIMEOUT,
  ],
  effect: "write",
  run: importBucket,
};

/** Lists the importers. */
export const importList: Command = {
  name: "import list",
  summary: "Lists what datasets can be made of.",
  args: [],
  options: [],
  effect: "local",
  run: async (context) => {
    const entries = [importFolder, importCloud].map(({ name, summary }) => ({
      name: name.slice("import ".length),
      summary,
    }));
    const { printEntries } = await import("../print.ts");
    await printEntries(context, { entries }, undefined);
  },
};

async function importBucket(
  context: Context,
  { args: [uri], options }: Given,
): Promise<void> {
  const { wait, waitTimeout, ...given } = options;
  const { importCloud } = await import("../../files/import_cloud.ts");
  const { printResult } = await import("../print.ts");
  const client = await context.client();
  const signal = { signal: context.signal };
  const access = String(uri).startsWith("s3:")
    ? { ...fromEnvironment(given, context.terminal.env), ...given }
    : given;
  const dataset = await importCloud(
    client,
    String(uri),
    access as unknown as Parameters<typeof importCloud>[2],
    signal,
  );
  if (wait !== true) return await printResult(context, dataset);
  const timeout = waitTimeout === undefined
    ? {}
    : { timeout: Number(waitTimeout) };
  const done = await client.datasets.wait(dataset.uid, timeout, signal);
  await printResult(context, done);
}

/** A role and keys exclude each other, so keys count only where no role is given. */
function fromEnvironment(
  given: Given["options"],
  env: Context["terminal"]["env"],
): Given["options"] {
  const names = {
    region: "AWS_REGION",
    ...(given.roleArn === undefined && {
      accessKeyId: "AWS_ACCESS_KEY_ID",
      secretAccessKey: "AWS_SECRET_ACCESS_KEY",
    }),
  };
  return Object.fromEntries(
    Object.entries(names).flatMap(([option, variable]) => {
      const value = env(variable);
      return value ? [[option, value]] : [];
    }),
  );
}
