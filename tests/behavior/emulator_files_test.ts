import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { AsyncClient } from "@avala/client";
import {
  AvalaEmulator,
  type AvalaEmulatorOptions,
} from "@avala/client/testing";
import { bytesAt } from "../servers/upload_sources.ts";
import { served } from "../servers/served.ts";
import { test } from "../tools/harness.ts";

const IMAGES = ["northlight", "street-images"] as const;
const LIDAR = ["northlight", "harbor-crane"] as const;

/** Runs a test with an emulator's own `fetch`. */
function fetched(
  name: string,
  use: (emulator: AvalaEmulator, client: AsyncClient) => Promise<void>,
  options: AvalaEmulatorOptions = {},
): void {
  test(name, async () => {
    const emulator = new AvalaEmulator(options);
    const { fetch } = emulator;
    const client = new AsyncClient({ apiKey: "avk_test_key_1", fetch });
    await use(emulator, client);
    client.close();
  });
}

async function firstUrl(client: AsyncClient): Promise<string> {
  const [item] = (await client.datasets.listItems(...IMAGES)).items;
  return item?.url ?? "";
}

async function bytesOf(
  response: Response,
): Promise<Uint8Array<ArrayBuffer>> {
  assertEquals(response.status, 200, response.statusText);
  return new Uint8Array(await response.arrayBuffer());
}

served(
  "files: every address of a dataset leads to bytes",
  async ({ client }) => {
    const urls: string[] = [];
    const [image] = (await client.datasets.listItems(...IMAGES)).items;
    const [points] = (await client.datasets.listItems(...LIDAR)).items;
    const [sequence] = (await client.datasets.listSequences(...LIDAR)).items;
    assert(image?.url && points?.url && sequence?.featuredImage);
    urls.push(image.url, points.url, sequence.featuredImage);
    urls.push(String(image.thumbnails?.[0]), String(points.thumbnails?.[0]));
    const frame = await client.datasets.getFrame(...LIDAR, sequence.uid, 0);
    const [front] = frame.images;
    assert(front?.imageUrl);
    urls.push(front.imageUrl, String(frame.raw.lidar_url));
    const [slice] = (await client.slices.list("northlight")).items;
    urls.push(String(slice?.featuredSliceItemUrls?.[0]));
    const bytes = await Promise.all(
      urls.map(async (url) => await bytesOf(await fetch(url))),
    );
    const isPicture = (file?: Uint8Array) =>
      file?.[0] === 0xff && file[1] === 0xd8 && file.at(-1) === 0xd9;
    assertEquals(bytes.map(isPicture), [
      true,
      false,
      true,
      true,
      true,
      true,
      false,
      true,
    ]);
    // the frame of the sequence is the item, and its picture is the cover
    assertEquals(bytes[6], bytes[1]);
    assertEquals(bytes[5], bytes[2]);
    // x, y, z and intensity of many points
    const floats = new Float32Array(bytes[1]!.buffer);
    assert(floats.length % 4 === 0 && floats.every(Number.isFinite));
    const { itemCount, sizeBytes } = await client.datasets.getBySlug(...LIDAR);
    assertEquals(sizeBytes, (itemCount ?? 0) * bytes[1]!.length);
  },
);

fetched(
  "files: the same item has the same bytes, another one others",
  async (emulator, client) => {
    const { items } = await client.datasets.listItems(...IMAGES, { limit: 2 });
    const [one, other] = items;
    const read = async (url?: string | null) =>
      await bytesOf(await emulator.fetch(String(url)));
    const bytes = await read(one?.url);
    const again = await client.datasets.getItem(...IMAGES, one?.uid ?? "");
    assertEquals(await read(again.url), bytes);
    assertNotEquals(await read(other?.url), bytes);
  },
);

fetched(
  "files: in parts, by version, and never from a cache",
  async (emulator, client) => {
    const url = await firstUrl(client);
    const ask = (headers: { [name: string]: string }, method = "GET") =>
      emulator.fetch(url, { headers, method });
    const whole = await ask({});
    const etag = whole.headers.get("etag") ?? "";
    assertEquals(whole.headers.get("cache-control"), "no-store");
    assertEquals(whole.headers.get("accept-ranges"), "bytes");
    assertEquals(whole.headers.get("content-type"), "image/jpeg");
    const bytes = await bytesOf(whole);
    const { length } = bytes;
    const partOf = async (range: string, more = {}) => {
      const response = await ask({ range, ...more });
      const part = new Uint8Array(await response.arrayBuffer());
      return [response.status, response.headers.get("content-range"), part];
    };
    assertEquals(await partOf("bytes=10-19"), [
      206,
      `bytes 10-19/${length}`,
      bytes.slice(10, 20),
    ]);
    assertEquals(await partOf(`bytes=${length - 5}-`), [
      206,
      `bytes ${length - 5}-${length - 1}/${length}`,
      bytes.slice(-5),
    ]);
    assertEquals((await partOf("bytes=-7"))[2], bytes.slice(-7));
    assertEquals((await partOf(`bytes=0-${length * 2}`))[2], bytes);
    assertEquals((await partOf(`bytes=${length}-`)).slice(0, 2), [
      416,
      `bytes */${length}`,
    ]);
    // ranges that are none, or of another version, give the whole
    for (
      const range of ["bytes=9-2", "lines=1-2", "bytes=-", "bytes=0-1,4-5"]
    ) {
      assertEquals((await partOf(range))[0], 200);
    }
    assertEquals((await partOf("bytes=0-9", { "if-range": etag }))[0], 206);
    assertEquals((await partOf("bytes=0-9", { "if-range": '"x"' }))[0], 200);

    const unchanged = await ask({ "if-none-match": `"x", ${etag}` });
    assertEquals([unchanged.status, await unchanged.text()], [304, ""]);
    assertEquals((await ask({ "if-match": '"x"' })).status, 412);
    await bytesOf(await ask({ "if-match": etag }));
    const head = await ask({}, "HEAD");
    assertEquals([head.status, await head.text()], [200, ""]);
    assertEquals(head.headers.get("content-length"), String(length));
  },
);

fetched(
  "files: an address that is changed or has expired leads nowhere",
  async (emulator, client) => {
    const url = await firstUrl(client);
    const refusalOf = async (address: string, init: RequestInit = {}) => {
      const response = await emulator.fetch(address, init);
      const [, code] = /<Code>(\w+)/.exec(await response.text()) ?? [];
      return [response.status, code];
    };
    const other = url.replace("000000", "000001");
    assertEquals(await refusalOf(other), [403, "SignatureDoesNotMatch"]);
    const put = { method: "PUT", body: "x" };
    assertEquals(await refusalOf(url, put), [403, "SignatureDoesNotMatch"]);
    const headers = { "x-avala-api-key": "avk_test_key_1" };
    assertEquals(await refusalOf(url, { headers }), [
      400,
      "CredentialOfTheApi",
    ]);
    // it is the same for a while, and ends in time
    assertEquals(await firstUrl(client), url);
    emulator.time.advance(3_600_000);
    assertEquals(await refusalOf(url), [403, "AccessDenied"]);
    const next = await firstUrl(client);
    assertNotEquals(next, url);
    await bytesOf(await emulator.fetch(next));
  },
);

served("files: the result of an export is never cached", async ({ client }) => {
  const [done] = (await client.exports.list()).items;
  assert(done?.downloadUrl);
  const response = await fetch(done.downloadUrl, {
    headers: { "x-avala-api-key": "avk_test_key_1", range: "bytes=0-9" },
  });
  assertEquals([response.status, (await response.text()).length], [206, 10]);
  assertEquals(response.headers.get("cache-control"), "no-store");
});

served("files: a client downloads what an item has", async ({ client }) => {
  const [item] = (await client.datasets.listItems(...IMAGES)).items;
  const download = await client.download(String(item?.url));
  const bytes = await download.bytes();
  assertEquals([bytes.length, download.size], [4_096, 4_096]);
});

for (const uploadProtocolVersion of [1, 2]) {
  served(
    `files: what was uploaded is listed, and comes back (protocol ${uploadProtocolVersion})`,
    async ({ client }) => {
      const files = ["b.jpg", "a/größe.txt", "large.bin"].map((
        path,
        index,
      ) => ({
        path,
        blob: new Blob([bytesAt(index, 1_000 * (1 + index))]),
      }));
      await client.datasets.uploadFiles("Run 7", files, {
        uploadProtocolVersion,
      });
      const dataset = await client.datasets.createFromManualUpload({
        name: "Run 7",
        slug: "run-7",
        dataType: "image",
      });
      assertEquals([dataset.ownerName, dataset.itemCount, dataset.sizeBytes], [
        "northlight",
        3,
        6_000,
      ]);
      const { items } = await client.datasets.listItems("northlight", "run-7");
      assertEquals(items.map(({ key }) => key), [
        "a/größe.txt",
        "b.jpg",
        "large.bin",
      ]);
      for (const { key, url, dataset: uid } of items) {
        const file = files.find(({ path }) => path === key);
        const sent = new Uint8Array(await file!.blob.arrayBuffer());
        assertEquals(await bytesOf(await fetch(String(url))), sent);
        assertEquals(uid, dataset.uid);
      }
    },
    { uploads: { multipartFrom: 2_500, partSize: 1_000 } },
  );
}

served(
  "files: an upload for an organization is the organization's",
  async ({ client }) => {
    const [organization] = (await client.organizations.list()).items;
    assert(organization);
    const organizationUid = organization.uid;
    const create = (options: object) =>
      client.datasets.createFromManualUpload({
        name: "Run",
        slug: "run",
        dataType: "image",
        ...options,
      });
    const file = { path: "a.jpg", blob: new Blob(["x"]) };
    await client.datasets.uploadFiles("Run", [file], { organizationUid });
    // they lie with the organization, not with the caller
    const refusal = await create({}).catch((error) => error.fieldErrors);
    assertEquals(refusal, { name: ["No files were uploaded."] });
    for (
      const [options, field] of [
        [{ ownerName: "stranger" }, "owner_name"],
        [{ organizationUid: "stranger" }, "organization_uid"],
      ] as const
    ) {
      const refusal = await create(options).catch((error) => error.fieldErrors);
      assertEquals(refusal, {
        [field]: ["Pick yourself or an organization of yours."],
      });
    }
    const dataset = await create({ organizationUid });
    assertEquals([dataset.ownerName, dataset.itemCount], [
      organization.slug,
      1,
    ]);
  },
);

served(
  "files: bytes are kept as far as there is room",
  async ({ client, emulator }) => {
    const file = (path: string, size: number) => ({
      path,
      blob: new Blob([bytesAt(0, size)]),
    });
    const files = [file("1.jpg", 600), file("2.jpg", 600), file("3.jpg", 300)];
    await client.datasets.uploadFiles("Run", files, { concurrency: 1 });
    await client.datasets.createFromManualUpload({
      name: "Run",
      slug: "run",
      dataType: "image",
    });
    assertEquals(emulator.storedFiles.map(({ size }) => size), [600, 600, 300]);
    const { items } = await client.datasets.listItems("northlight", "run");
    const statuses = await Promise.all(items.map(async ({ url }) => {
      const response = await fetch(String(url));
      return [response.status, /BytesNotKept/.test(await response.text())];
    }));
    assertEquals(statuses, [[200, false], [404, true], [200, false]]);
  },
  { uploads: { keptBytes: 1_000 } },
);

test("files: addresses of a cloud host that is mapped to the emulator", async () => {
  const origin = "https://avala.s3.eu-west-1.amazonaws.com";
  const emulator = new AvalaEmulator({ uploads: { origin } });
  const server = await emulator.serve();
  const asked = new Set<string>();
  const client = new AsyncClient({
    apiKey: "avk_test_key_1",
    baseUrl: server.baseUrl,
    allowInsecureBaseUrl: true,
    // what a user does to map a host
    fetch: (input, init) => {
      const url = new URL(String(input));
      asked.add(url.origin);
      if (url.origin !== origin) return fetch(input, init);
      return fetch(server.origin + url.pathname + url.search, init);
    },
  });
  try {
    const file = { path: "a.jpg", blob: new Blob(["x"]) };
    await client.datasets.uploadFiles("Run", [file]);
    assertEquals(emulator.storedFiles.map(({ path }) => path), ["a.jpg"]);
    assertEquals([...asked], [server.origin, origin]);
    const url = await firstUrl(client);
    assert(url.startsWith(`${origin}/storage/`), url);
  } finally {
    client.close();
    await server.close();
  }
});
