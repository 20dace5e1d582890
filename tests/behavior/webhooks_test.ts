import { assert, assertEquals, assertRejects } from "@std/assert";
import { NotFoundError } from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

served("webhooks: wrong fields are named", async ({ client }) => {
  const create = (targetUrl: string, events: string[]) =>
    refused(() => client.webhooks.create({ targetUrl, events }));
  assertEquals(await create("http://hooks.example/a", ["export.completed"]), {
    target_url: ["Enter a valid https URL."],
  });
  assertEquals(await create("https://hooks.example/a", ["moon.rose"]), {
    events: ['"moon.rose" is not a valid choice.'],
  });
  const [webhook] = (await client.webhooks.list()).items;
  assertEquals(
    await refused(() =>
      client.webhooks.update(webhook?.uid ?? "", { targetUrl: "nowhere" })
    ),
    { target_url: ["Enter a valid https URL."] },
  );
  assertEquals((await client.webhooks.list()).items, [webhook]);
});

served(
  "webhooks: the active ones that listen get what happens",
  async ({ client, emulator }) => {
    const { webhooks } = client;
    const created = await webhooks.create({
      targetUrl: "https://hooks.example/a",
      events: ["task.completed"],
      secret: "mine",
    });
    assertEquals(created.secret, "mine");
    assertEquals((await webhooks.get(created.uid)).secret, null);
    const payload = { task_uid: "t-1", task_status: "completed", "a.b": null };
    emulator.announce("task.completed", payload);
    emulator.announce("result.submitted", payload);
    await webhooks.update(created.uid, { isActive: false });
    emulator.announce("task.completed", payload);
    const deliveries = (await client.webhookDeliveries.list()).items
      .filter(({ subscription }) => subscription === created.uid);
    assertEquals(deliveries.map((d) => [d.eventType, d.payload]), [
      ["task.completed", payload],
    ]);
    await webhooks.delete(created.uid);
    for (const call of ["get", "test", "delete"] as const) {
      await assertRejects(() => webhooks[call](created.uid), NotFoundError);
    }
    assert(
      (await webhooks.list()).items.every(({ uid }) => uid !== created.uid),
    );
  },
);
