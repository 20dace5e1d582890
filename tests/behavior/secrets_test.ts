import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncClient, type ClientOptions, signup } from "@avala/client";
import { AvalaError, InvalidArgumentError } from "@avala/client/errors";
import { AvalaEmulator } from "@avala/client/testing";
import { downloadFile } from "@avala/client/downloads";
import { Transport } from "@avala/client/transport";
import { printsOf } from "../load/printing.ts";
import { test } from "../tools/harness.ts";

/** Some look like secrets; the others are known only from the request. */
const SECRETS = {
  key: "Kq7-plain-key+of+mine=",
  token: "t0ken.of.mine~Zz91",
  header: "c00kie-of-mine-77",
  password: 'pass"word of\\mine',
  storage: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  signature: "5ig-0f-a-presigned-url",
  avk: "avk_0123456789abcdef",
  jwt: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
  pem: "MIIEpAIBAAKCAQEA1234-5678-secret-lines",
} as const;
const { key, token, header, password, storage, signature, avk, jwt, pem } =
  SECRETS;

/** Everything that a secret hides in, as a hostile or careless server says it. */
const SAYINGS = [
  ...Object.values(SECRETS).filter((secret) => secret !== pem),
  encodeURIComponent(key),
  encodeURIComponent(password),
  `-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-256-CBC,00\n${pem}\n-----END RSA PRIVATE KEY-----`,
  `-----BEGIN PRIVATE KEY-----\\n${pem}`,
  `https://bucket.s3.amazonaws.com/f?a=1&X-Amz-Signature=${signature}&b=2`,
  `Cannot read {"aws_secret_access_key": "${storage}"}`,
  `{\\"secret_access_key\\": \\"${storage}\\"}`,
  `Bearer ${token}`,
  `X-Avala-Api-Key: ${key}`,
];

const printed: string[] = [];

/** Prints a value in every way there is. */
function print(value: unknown): void {
  printed.push(...printsOf(value));
}

/** Runs a call and prints its error, and whatever hooks were told. */
async function provoke(call: () => Promise<unknown>): Promise<void> {
  const error = await call().catch((error: unknown) => error);
  assert(error instanceof AvalaError, String(error));
  print(error);
}

const hooks: ClientOptions["hooks"] = {
  onRequest: (event) => print(event),
  onResponse: (event) => print(event),
  onRetry: (event) => print(event),
  onError: (event) => print(event),
  onEnd: (event) => print(event),
};
const body = {
  password,
  provider_config: { s3_secret_access_key: storage, nested: [{ token: avk }] },
  credentials: [jwt],
};

function connect(fetch: () => Promise<Response>, bearer = false): Transport {
  return new Transport({
    ...(bearer
      ? { accessToken: () => Promise.resolve(token) }
      : { apiKey: key }),
    headers: { cookie: header },
    hooks,
    fetch,
    maxRetries: 1,
  });
}

/** A call that carries every secret, in its body, headers, query and path. */
async function callWith(fetch: () => Promise<Response>): Promise<void> {
  for (const bearer of [false, true]) {
    const transport = connect(fetch, bearer);
    const path = `/x-${encodeURIComponent(bearer ? token : key)}/`;
    await provoke(() =>
      transport.request("POST", path, {
        body,
        query: { signature, "X-Amz-Credential": avk, token },
        headers: { "x-api-key": key, "proxy-authorization": token },
        idempotent: true,
      })
    );
    print(transport);
    transport.close();
  }
}

const BODIES: ((saying: string) => string)[] = [
  (saying) => JSON.stringify({ detail: saying }),
  (saying) => JSON.stringify({ [saying]: [saying], list: [[{ a: saying }]] }),
  (saying) => JSON.stringify([{ loc: ["body", saying], msg: saying }]),
  (saying) => JSON.stringify({ error: { message: saying, details: saying } }),
  (saying) => JSON.stringify(saying),
  (saying) => `<html>${saying}</html>`,
  // where a long text is cut, half a secret could be left
  (saying) => `${"x".repeat(990)}${saying}`,
  (saying) => JSON.stringify({ detail: `${"x".repeat(993)}${saying}` }),
];

test("whatever repeats a secret, nothing that can be printed shows it", async () => {
  printed.length = 0;
  await Promise.all(SAYINGS.map(async (saying) => {
    const latin = saying.replace(/[\r\n]/g, " ");
    const headers = [
      ["x-request-id", latin],
      ["x-debug", latin],
      ["set-cookie", latin],
      ["location", latin],
      ["www-authenticate", latin],
    ] as [string, string][];
    // a body that is no JSON and one that is, each with every kind of status
    const statuses = [200, 302, 400, 401, 429];
    for (const [index, shape] of BODIES.entries()) {
      const status = statuses[index % statuses.length] ?? 500;
      const text = shape(saying);
      const answer = () =>
        Promise.resolve(
          new Response(status === 200 ? `[${text}` : text, { status, headers }),
        );
      if (status === 429) headers.push(["retry-after", "61"]);
      await callWith(answer);
    }
    const cause = Object.assign(new TypeError(saying), { code: saying });
    await callWith(() => Promise.reject(new Error(saying, { cause })));
    await callWith(() => Promise.reject({ [saying]: saying, inner: [saying] }));
    await callWith(() => Promise.reject(saying));
  }));
  const cyclic: { [name: string]: unknown } = { key };
  Object.assign(cyclic, { a: cyclic, b: cyclic });
  await callWith(() => Promise.reject(cyclic));
  search();
});

test("a body that breaks off, and a download that does, show no secret", async () => {
  printed.length = 0;
  await Promise.all(SAYINGS.map(async (saying) => {
    const broken = () =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(new Uint8Array([123])),
            pull: (controller) => controller.error(new TypeError(saying)),
          }),
        ),
      );
    await callWith(broken);
    // a download carries no body and no token, and can't know them
    if (
      [token, storage, password, encodeURIComponent(password)].includes(saying)
    ) return;
    const transport = connect(broken);
    const url = `https://b.s3.amazonaws.com/f?X-Amz-Signature=${signature}`;
    const download = await downloadFile(transport, url);
    print(download);
    const error = await download.bytes().catch((error: unknown) => error);
    assert(error instanceof AvalaError);
    print(error);
    await provoke(() => downloadFile(transport, url.replace("s3", "evil")));
    transport.close();
  }));
  search();
});

test("clients, resources, pages and the emulator show no secret", async () => {
  printed.length = 0;
  const emulator = new AvalaEmulator();
  const { fetch } = emulator;
  const client = new AsyncClient({
    apiKey: avk,
    headers: { cookie: header },
    fetch,
    hooks,
  });
  print(client);
  for (const resource of Object.values(client)) print(resource);
  const listing = client.datasets.list();
  print(listing);
  print(await listing);
  print(listing.pages());
  print(client.rateLimitInfo);
  await client.request("POST", "/x/", {
    body,
    query: { signature },
    headers: { "x-api-key": key },
  }).catch(print);
  const bearer = new AsyncClient({ accessToken: token, fetch });
  await bearer.projects.list();
  print(bearer);
  print(emulator);
  print(emulator.requests);
  assertEquals(emulator.requests.length, 3);
  assert(printed.some((text) => text.includes("provider_config")));
  search();
});

test("errors of options show no secret", () => {
  printed.length = 0;
  const bad = [
    { apiKey: `${key}\n` },
    { apiKey: key, accessToken: token },
    { accessToken: `${token} ` },
    { apiKey: key, baseUrl: `https://user:${key}@host/` },
    { apiKey: key, baseUrl: `https://host/?token=${token}` },
    { apiKey: key, headers: { cookie: `${header}\n` } },
  ];
  for (const options of bad) {
    try {
      new AsyncClient(options);
      assert(false, JSON.stringify(options));
    } catch (error) {
      print(error);
    }
  }
  search();
});

/** Looks for every secret in what was printed. */
function search(): void {
  const text = printed.join("\n");
  assert(printed.length > 20 && text.length > 1_000, `${printed.length}`);
  for (const [name, secret] of Object.entries(SECRETS)) {
    const spellings = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      // half a secret is too much as well
      secret.slice(0, 12),
    ];
    for (const spelling of spellings) {
      const place = text.indexOf(spelling);
      assert(
        place < 0,
        `${name}: ${text.slice(Math.max(0, place - 300), place + 60)}`,
      );
    }
  }
}

test("a secret of the wrong type is not shown in the error that refuses it", async () => {
  const email = "ada@example.com";
  for (const password of [12345, { a: 12345 }, [12345], true]) {
    const options = { email, password } as unknown as Parameters<
      typeof signup
    >[0];
    const error = await assertRejects(
      () => signup(options),
      InvalidArgumentError,
      "'password' must be",
    );
    assert(!`${error.message}${error.stack}`.includes("12345"));
  }
});
