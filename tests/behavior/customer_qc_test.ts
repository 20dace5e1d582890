import { assertEquals, assertRejects } from "@std/assert";
import { InvalidArgumentError, NotFoundError } from "@avala/client/errors";
import { served } from "../servers/served.ts";

const ORGANIZATION = "0b34f6d9-5d0c-4f3e-9a51-2f5a6c1f8e10";

served("customer QC: a deliverable of a sequence", async ({ client }) => {
  const [dataset] = (await client.datasets.list({ dataType: "lidar" })).items;
  const { uid, ownerName, slug } = dataset!;
  const [sequence] =
    (await client.datasets.listSequences(ownerName!, slug)).items;
  const context = await client.customerQc.inspectContext(
    ORGANIZATION,
    uid,
    sequence!.uid,
    "cuboids",
  );
  assertEquals(
    [context.datasetUid, context.sequenceUid, context.decisionReady],
    [uid, sequence!.uid, false],
  );
  assertEquals(
    context.availableDecisions.map(({ outcome }) => outcome),
    ["approved", "rejected"],
  );
  await assertRejects(
    () =>
      client.customerQc.inspectContext(
        ORGANIZATION,
        uid,
        ORGANIZATION,
        "cuboids",
      ),
    NotFoundError,
  );
});

served(
  "customer QC: what is no UUID is refused",
  async ({ client, emulator }) => {
    for (const uid of ["x", ORGANIZATION.toUpperCase(), ""]) {
      await assertRejects(
        () =>
          client.customerQc.inspectContext(
            ORGANIZATION,
            uid,
            ORGANIZATION,
            "cuboids",
          ),
        InvalidArgumentError,
        "Cannot call customerQc.inspectContext as 'datasetUid' must be a lowercase UUID",
      );
    }
    assertEquals(emulator.requests.length, 0);
  },
);

served(
  "customer QC: a deliverable that the service does not know is refused",
  async ({ client, emulator }) => {
    for (const deliverable of ["boxes", "Cuboids", "", "../x"]) {
      await assertRejects(
        () =>
          client.customerQc.inspectContext(
            ORGANIZATION,
            ORGANIZATION,
            ORGANIZATION,
            deliverable,
          ),
        InvalidArgumentError,
        `Cannot call customerQc.inspectContext as 'deliverableId' must be "cuboids": current value is "${deliverable}"`,
      );
    }
    assertEquals(emulator.requests.length, 0);
  },
);
