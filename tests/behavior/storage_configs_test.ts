import { assert, assertEquals, assertRejects } from "@std/assert";
import { NotFoundError } from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

served("storage configs: created, tested, deleted", async ({ client }) => {
  const { storageConfigs } = client;
  const created = await storageConfigs.create({
    name: "Rohdaten",
    provider: "aws_s3",
    s3BucketName: "northlight-roh",
    s3BucketRegion: "eu-north-1",
    s3IsAccelerated: true,
    s3AccessKeyId: "example-access-key-id",
    s3SecretAccessKey: "example-secret-access-key",
  });
  assertEquals(
    [created.s3BucketName, created.s3IsAccelerated, created.s3BucketPrefix],
    ["northlight-roh", true, null],
  );
  assertEquals([created.isVerified, created.lastVerifiedAt], [false, null]);
  assertEquals(await storageConfigs.test(created.uid), {
    verified: true,
    errors: {},
  });
  const read = await storageConfigs.get(created.uid);
  assert(read.isVerified && read.lastVerifiedAt);
  const listed = (await storageConfigs.list()).items;
  assertEquals(listed.map(({ name }) => name), ["Own bucket", "Rohdaten"]);
  assertEquals(listed[1], read);
  // the secrets never come back
  assert(!JSON.stringify([created, read, listed]).includes("example-"));
  await storageConfigs.delete(created.uid);
  await assertRejects(() => storageConfigs.get(created.uid), NotFoundError);
  await assertRejects(() => storageConfigs.test(created.uid), NotFoundError);
  assertEquals((await storageConfigs.list()).length, 1);
});

served("storage configs: a bucket out of reach", async ({ client }) => {
  const { uid } = await client.storageConfigs.create({
    name: "Falsch",
    provider: "gc_storage",
    gcStorageBucketName: "will-fail",
    gcStorageAuthJsonContent: '{"type":"service_account"}',
  });
  assertEquals(await client.storageConfigs.test(uid), {
    verified: false,
    errors: { gc_storage_bucket_name: ["The bucket can't be reached."] },
  });
  assertEquals((await client.storageConfigs.get(uid)).isVerified, false);
});

served("storage configs: of an organization", async ({ client }) => {
  const { storageConfigs } = client;
  const organization = "northlight-robotics";
  const own = await storageConfigs.setupInfo();
  const shared = await storageConfigs.setupInfo({ organization });
  assertEquals(own.avalaAwsAccountId, shared.avalaAwsAccountId);
  assert(own.externalId !== shared.externalId);
  assertEquals((await storageConfigs.list({ organization })).length, 0);
  await storageConfigs.create({
    organization,
    name: "Gemeinsam",
    provider: "aws_s3",
    s3BucketName: "robotik",
  });
  const listed = await storageConfigs.list({ organization });
  assertEquals(listed.items.map(({ name }) => name), ["Gemeinsam"]);
  await assertRejects(
    async () => await storageConfigs.list({ organization: "nobody" }),
    NotFoundError,
  );
  await assertRejects(
    () => storageConfigs.setupInfo({ organization: "nobody" }),
    NotFoundError,
  );
});

served("storage configs: wrong fields are named", async ({ client }) => {
  const { storageConfigs } = client;
  assertEquals(
    await refused(() => storageConfigs.create({ name: "x", provider: "tape" })),
    { provider: ['"tape" is not a valid choice.'] },
  );
  assertEquals(
    await refused(() =>
      storageConfigs.create({ name: "x", provider: "aws_s3" })
    ),
    { s3_bucket_name: ["This field is required."] },
  );
  // the text about a secret is hidden with the secret
  const { gc_storage_auth_json_content, ...others } = await refused(() =>
    storageConfigs.create({
      name: "x",
      provider: "gc_storage",
      gcStorageBucketName: "b",
      gcStorageAuthJsonContent: "{",
    })
  );
  assertEquals([gc_storage_auth_json_content?.length, others], [1, {}]);
});
