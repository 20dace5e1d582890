import { assert, assertEquals } from "@std/assert";
import { WebhookVerificationError } from "@avala/client/errors";
import { signWebhook, verifyWebhook } from "@avala/client/webhooks";

const SECRET = "whsec_deno";

Deno.test("webhooks: a receiver on Deno.serve", async () => {
  const names: unknown[] = [];
  await using server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen() {},
  }, async (request) => {
    try {
      const event = await verifyWebhook(request, SECRET);
      names.push(event.event);
      return new Response(null, { status: 204 });
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      return new Response(null, { status: 400 });
    }
  });
  const body = '{"uid":"d-1","slug":"a"}';
  const send = async (signature: string) => {
    const response = await fetch(`http://127.0.0.1:${server.addr.port}/`, {
      method: "POST",
      body,
      headers: {
        "X-Avala-Webhook-Signature": signature,
        "X-Avala-Webhook-Event": "dataset.deleted",
      },
    });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await send(await signWebhook(body, SECRET)), 204);
  assertEquals(await send(await signWebhook("{}", SECRET)), 400);
  assertEquals(names, ["dataset.deleted"]);
});

// each chunk that Deno hands out is a view on a buffer of 64 kB
Deno.test("webhooks: a body in one-byte chunks takes little memory", async () => {
  const body = JSON.stringify("x".repeat(60_000));
  const signature = await signWebhook(body, SECRET);
  const { external } = Deno.memoryUsage();
  let taken = 0;
  const measure = () => {
    taken = Math.max(taken, Deno.memoryUsage().external - external);
  };
  await using server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen() {},
  }, async (request) => {
    const timer = setInterval(measure, 5);
    await verifyWebhook(request, SECRET);
    clearInterval(timer);
    measure();
    return new Response(null, { status: 204 });
  });
  using connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.addr.port,
  });
  const text = "POST / HTTP/1.1\r\nHost: receiver.example\r\n" +
    "Transfer-Encoding: chunked\r\n" +
    `X-Avala-Webhook-Signature: ${signature}\r\n\r\n` +
    `${body.replaceAll(/./g, "1\r\n$&\r\n")}0\r\n\r\n`;
  await new Blob([text]).stream().pipeTo(connection.writable, {
    preventClose: true,
  });
  const start = new Uint8Array(12);
  await connection.read(start);
  assertEquals(new TextDecoder().decode(start), "HTTP/1.1 204");
  // kept chunks take 3.9 GB
  assert(taken < 500_000_000, `${taken} bytes were taken`);
});

Deno.test("webhooks: every payload has the keys of the contract", async () => {
  const file = new URL("../../contract/http.json", import.meta.url);
  const { webhooks } = JSON.parse(await Deno.readTextFile(file));
  for (const event of webhooks.events) {
    const found = Object.entries<string[]>(webhooks.payloadKeys).find((
      [pattern],
    ) =>
      pattern.split(".")[0] === event.split(".")[0] &&
      ["*", ...event.split(".").slice(1)].some((part) =>
        pattern.split(".")[1]?.split("|").includes(part)
      )
    );
    const keys = found?.[1] ?? [];
    assertEquals(keys.length > 0, event !== "quality.alert");
    const signature = await signWebhook("{}", SECRET);
    const empty = await verifyWebhook({ body: "{}", signature, event }, SECRET);
    assertEquals(empty.type, event);
    assertEquals(
      Object.keys(empty.payload as object),
      keys.map((key) => key.replace(/_(.)/g, (_, c) => c.toUpperCase())),
    );
    const sample = webhooks.samples[event];
    if (!sample) continue;
    const body = JSON.stringify(sample);
    const got = await verifyWebhook(
      { body, signature: await signWebhook(body, SECRET), event },
      SECRET,
    );
    assertEquals(Object.values(got.payload as object), Object.values(sample));
  }
});
