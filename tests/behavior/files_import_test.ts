import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AsyncClient } from "@avala/client";
import { InvalidArgumentError } from "@avala/client/errors";
import {
  importCloud,
  type ImportCloudOptions,
  importFolder,
  type ImportFolderOptions,
} from "@avala/client/files";
import { AvalaEmulator } from "@avala/client/testing";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { testFolder } from "../tools/folders.ts";

const CONTRACT: Contract = JSON.parse(
  await readFile(new URL("../contract/imports.json", import.meta.url), "utf8"),
);

interface Contract {
  indexedSuffixes: { [kind: string]: string[] };
  cloud: { dataTypes: string[] };
}

interface Setup {
  client: AsyncClient;
  emulator: AvalaEmulator;
  folder: string;
  /** The JSON bodies that were sent. */
  bodies: { [wire: string]: unknown }[];
}

function testImport(name: string, use: (setup: Setup) => Promise<void>): void {
  testFolder(name, async (folder) => {
    const emulator = new AvalaEmulator();
    const bodies: Setup["bodies"] = [];
    // what the emulator tells of them is redacted
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      const text = await request.clone().text();
      if (text.startsWith("{")) bodies.push(JSON.parse(text));
      return await emulator.fetch(request);
    };
    const client = new AsyncClient({ apiKey: "avk_test_key_1", fetch });
    try {
      await use({ client, emulator, folder, bodies });
    } finally {
      client.close();
    }
  });
}

const NAMES = { name: "Night drive", slug: "night-drive" };

async function fill(folder: string, files: string[]): Promise<void> {
  await rm(folder, { recursive: true });
  for (const file of files) {
    await mkdir(join(folder, file, ".."), { recursive: true });
    await writeFile(join(folder, file), file);
  }
}

testImport(
  "importFolder: the suffixes tell the kind",
  async ({ client, folder }) => {
    const cases: [string, string[]][] = Object.entries(
      CONTRACT.indexedSuffixes,
    );
    assert(cases.length > 0);
    const { datasets } = client;
    for (const [kind, suffixes] of cases) {
      const files = suffixes.map((suffix, n) =>
        `${n}${n % 2 ? suffix.toUpperCase() : suffix}`
      );
      await fill(folder, [...files, "notes.txt", "sub/README"]);
      // the emulator takes some of these types only
      datasets.createFromLocal = (sources, { dataType }) => {
        assertEquals(
          [...sources as Iterable<unknown>].length,
          files.length + 2,
        );
        assertEquals(dataType, kind);
        return datasets.create({ ...NAMES, slug: kind, dataType });
      };
      const dataset = await importFolder(client, pathToFileURL(folder), NAMES);
      assertEquals(dataset.dataType, kind);
    }
  },
);

testImport(
  "importFolder: what would end up empty is refused",
  async ({ client, emulator, folder }) => {
    const cases: [string[], ImportFolderOptions["dataType"], string][] = [
      [["a.txt", "b.jpgx"], undefined, "none of its 2 files ends in .jpg"],
      [["a.txt"], "image", "would be empty"],
      [["a.mp4"], "image", "none of its 1 files ends in .jpg"],
      [["a.txt"], "image_3d", "would be empty"],
      [["a.mp4", "b.jpg", "c.mcap"], undefined, "image, mcap, video: give one"],
      [[".hidden.jpg", "a.txt"], undefined, "would be empty"],
    ];
    for (const [files, dataType, text] of cases) {
      await fill(folder, files);
      const error = await assertRejects(
        () =>
          importFolder(client, folder, { ...NAMES, dataType, hidden: false }),
        InvalidArgumentError,
        text,
      );
      assertStringIncludes(error.message, folder);
    }
    assertEquals(emulator.requests, []);
    await fill(folder, ["a.mp4", "b.jpg"]);
    const dataset = await importFolder(client, folder, {
      ...NAMES,
      dataType: "video",
    });
    assertEquals(dataset.dataType, "video");
  },
);

testImport(
  "importFolder: all options and the signal go on",
  async ({ client, emulator, folder }) => {
    await fill(folder, ["run/a.jpg", "run/b.jpg"]);
    const reason = new Error("enough");
    const error = await assertRejects(() =>
      importFolder(client, folder, NAMES, { signal: AbortSignal.abort(reason) })
    );
    assertEquals(error, reason);
    const seen: number[] = [];
    const dataset = await importFolder(client, folder, {
      ...NAMES,
      visibility: "public",
      onProgress: ({ totalFiles }) => void seen.push(totalFiles),
      wait: { interval: 1_000 },
    });
    assertEquals([dataset.visibility, dataset.status], ["public", "created"]);
    assertEquals(seen[0], 2);
    assertEquals(
      emulator.storedFiles.map(({ path }) => path).sort(),
      ["run/a.jpg", "run/b.jpg"],
    );
  },
);

const KEY = {
  region: "eu-central-1",
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "s3cr3t-of-the-test",
};
const ROLE = "arn:aws:iam::123456789012:role/reader-of-the-test";
const ACCOUNT = JSON.stringify({
  type: "service_account",
  private_key: "pr1v4te-of-the-test",
});

testImport(
  "importCloud: the configuration of each provider",
  async ({ client, bodies, folder }) => {
    const file = join(folder, "account.json");
    await writeFile(file, ACCOUNT);
    const google = {
      provider: "gc_storage",
      gc_storage_bucket_name: "bucket",
      gc_storage_prefix: "run/1",
      gc_storage_auth_json_content: ACCOUNT,
    };
    const s3 = {
      provider: "aws_s3",
      s3_bucket_name: "my.bucket-1",
      s3_bucket_prefix: "a b/ü?#%20/",
      s3_bucket_region: "eu-central-1",
      s3_is_accelerated: false,
    };
    const withKey = {
      s3_auth_method: "access_key",
      s3_access_key_id: KEY.accessKeyId,
      s3_secret_access_key: KEY.secretAccessKey,
    };
    const withRole = { s3_auth_method: "iam_role", s3_role_arn: ROLE };
    const at = "s3://my.bucket-1/a b/ü?#%20/";
    const role = { region: KEY.region, roleArn: ROLE };
    const cases: [string, Partial<ImportCloudOptions>, unknown][] = [
      [at, KEY, { ...s3, ...withKey }],
      [at, { ...role, organizationUid: "o-1" }, { ...s3, ...withRole }],
      [at, { ...role, organizationId: 1 }, { ...s3, ...withRole }],
      ["s3://my.bucket-1", KEY, { ...s3, ...withKey, s3_bucket_prefix: "" }],
      ["s3://my.bucket-1//x", KEY, {
        ...s3,
        ...withKey,
        s3_bucket_prefix: "x",
      }],
      [at, {
        ...KEY,
        accelerated: true,
        cloudfrontDomain: "d1.cloudfront.net",
        cloudfrontPublicKeyId: "K1",
        includedExtensions: [".jpg", ".png"],
        ignoredPaths: ["raw/*", "*.tmp"],
      }, {
        ...s3,
        ...withKey,
        s3_is_accelerated: true,
        s3_cloudfront_domain: "d1.cloudfront.net",
        s3_cloudfront_public_key_id: "K1",
        included_extensions: ".jpg,.png",
        ignored_paths: "raw/*,*.tmp",
      }],
      ["gs://bucket/run/1", { gcsAuthJson: ACCOUNT }, google],
      ["gcs://bucket/run/1", { gcsAuthJson: file }, google],
      ["GS://bucket/run/1", { gcsAuthJson: pathToFileURL(file) }, google],
    ];
    for (const [index, [url, options, expected]] of cases.entries()) {
      bodies.length = 0;
      const slug = `bucket-${index}`;
      const all = { ...NAMES, slug, dataType: "lidar", ...options };
      await importCloud(client, url, all).catch((error) => {
        // an organization that the emulator does not have
        if (!("organizationUid" in options || "organizationId" in options)) {
          throw error;
        }
      });
      const [body = {}] = bodies;
      assertEquals(body.provider_config, expected);
      assertEquals([body.name, body.data_type], ["Night drive", "lidar"]);
      // nothing of it stands beside it
      assertEquals(
        Object.keys(body).filter((key) => /region|key|role/.test(key)),
        [],
      );
    }
  },
);

testImport(
  "importCloud: what is missing or wrong is refused, without a secret",
  async ({ client, emulator, folder }) => {
    await writeFile(join(folder, "broken.json"), "{pr1v4te-of-the-test");
    await writeFile(join(folder, "list.json"), "[]");
    const { region } = KEY;
    const cases: [unknown, unknown, string][] = [
      ["https://bucket/x", KEY, "'s3://', 'gs://' or 'gcs://'"],
      ["s3://", KEY, "with a bucket"],
      ["s3:///x", KEY, "with a bucket"],
      ["s3://key:s3cr3t-of-the-test@bucket/x", KEY, "with a bucket"],
      [undefined, KEY, "the URL"],
      ["s3://bucket", { ...KEY, region: undefined }, "'region' must be given"],
      ["s3://bucket", { ...KEY, region: 5 }, "'region'"],
      ["s3://bucket", { ...KEY, roleArn: ROLE }, "exclude each other"],
      ["s3://bucket", { region, roleArn: ROLE }, "owning organization"],
      ["s3://bucket", { region }, "'roleArn', or 'accessKeyId'"],
      ["s3://bucket", { ...KEY, secretAccessKey: undefined }, "together"],
      ["s3://bucket", { ...KEY, accessKeyId: undefined }, "together"],
      ["s3://bucket", { ...KEY, secretAccessKey: "" }, "'secretAccessKey'"],
      ["s3://bucket", { ...KEY, accelerated: "yes" }, "'accelerated'"],
      [
        "s3://bucket",
        { ...KEY, gcsAuthJson: ACCOUNT },
        "'gcsAuthJson' belongs",
      ],
      [
        "s3://bucket",
        { ...KEY, includedExtensions: [] },
        "'includedExtensions'",
      ],
      ["s3://bucket", { ...KEY, ignoredPaths: ["a,b"] }, "'ignoredPaths'"],
      ["s3://bucket", { ...KEY, ignoredPaths: "a" }, "'ignoredPaths'"],
      ["s3://bucket", { ...KEY, dataType: "image_3d" }, "'dataType'"],
      ["s3://bucket", { ...KEY, dataType: undefined }, "'dataType'"],
      ["gs://bucket", KEY, "belongs to S3"],
      ["gs://bucket", {}, "'gcsAuthJson' must be given"],
      ["gs://bucket", { gcsAuthJson: "pr1v4te-of-the-test" }, "'gcsAuthJson'"],
      ["gs://bucket", { gcsAuthJson: "{pr1v4te-of-the-test" }, "JSON object"],
      [
        "gs://bucket",
        { gcsAuthJson: join(folder, "broken.json") },
        "JSON object",
      ],
      [
        "gs://bucket",
        { gcsAuthJson: join(folder, "list.json") },
        "JSON object",
      ],
      [
        "gs://bucket",
        { gcsAuthJson: join(folder, "gone.json") },
        "no such file",
      ],
      ["gs://bucket", { gcsAuthJson: { type: "x" } }, "'gcsAuthJson'"],
    ];
    for (const [url, options, text] of cases) {
      const all = { ...NAMES, dataType: "image", ...options as object };
      const error = await assertRejects(
        () => importCloud(client, url as string, all),
        InvalidArgumentError,
        text,
      );
      const shown = `${error.message}${error.stack}${JSON.stringify(error)}`;
      assert(!/of-the-test/.test(shown), shown);
    }
    for (const options of [undefined, null, "x"]) {
      await assertRejects(
        () => importCloud(client, "s3://bucket", options as never),
        InvalidArgumentError,
        "an object",
      );
      await assertRejects(
        () => importFolder(client, folder, options as never),
        InvalidArgumentError,
        "an object",
      );
    }
    assertEquals(emulator.requests, []);
    assertEquals(
      CONTRACT.cloud.dataTypes,
      Object.keys(CONTRACT.indexedSuffixes),
    );
  },
);
