import { assert, assertEquals, assertRejects } from "@std/assert";
import { InvalidArgumentError, NotFoundError } from "@avala/client/errors";
import { type Served, served } from "../servers/served.ts";

/** The dataset that a campaign feeds. */
async function fed({ client }: Served): Promise<string> {
  const [dataset] = (await client.datasets.list({ dataType: "lidar" })).items;
  return dataset?.uid ?? "";
}

served("captures: submissions are listed, filtered and read", async (used) => {
  const { client: { captures } } = used;
  const datasetUid = await fed(used);
  const all = await captures.listSubmissions(datasetUid, { limit: 3 })
    .toArray({ limit: 99 });
  assertEquals(all.map(({ status }) => status), [
    "accepted",
    "accepted",
    "accepted",
    "rejected",
    "pending",
    "pending",
    "overlooked",
  ]);
  const rejected = await captures.listSubmissions(datasetUid, {
    status: "rejected",
  });
  assertEquals(rejected.length, 1);
  const [first] = rejected.items;
  assertEquals(
    [
      first?.rejectReason,
      first?.submitter?.username,
      first?.reviewedBy?.username,
    ],
    ["wrong_subject", "zoë.k", "kai"],
  );
  const { resultUid = "" } = first ?? {};
  assertEquals(await captures.getSubmission(resultUid), first!);
  const config = first?.campaign?.taskDescription?.config;
  assertEquals(config?.subjectByLocale, {
    de_DE: "Kranhaken",
    "pt-BR": "gancho",
  });
  // only inside campaigns
  assertEquals(first?.campaign?.taskDescription?.progress, null);
});

served(
  "captures: addresses of a submission lead to its files",
  async (used) => {
    const { client } = used;
    const page = await client.captures.listSubmissions(await fed(used));
    const [{ playbackUrl, thumbnailUrl, episodeUid, channels }] = page
      .items as [
        typeof page.items[0] & object,
      ];
    const recording = await client.download(playbackUrl!);
    const bytes = await recording.bytes();
    // the magic bytes of MCAP
    assertEquals([...bytes.subarray(1, 5)], [
      ...new TextEncoder().encode("MCAP"),
    ]);
    const picture = await client.download(thumbnailUrl!);
    assert((await picture.text()).startsWith("<svg"));
    const episode = await client.datasets.getMcapEpisode(
      "northlight",
      "harbor-crane",
      episodeUid!,
    );
    assertEquals(episode.topics.map(({ topicName }) => topicName), channels);
    assertEquals(episode.fileSizeBytes, bytes.length);
  },
);

served("captures: campaigns and their slots add up", async (used) => {
  const { client: { captures, projects } } = used;
  const datasetUid = await fed(used);
  const { campaigns, progress } = await captures.listCampaigns(datasetUid);
  const [campaign, ...others] = campaigns;
  assertEquals(others, []);
  assertEquals(campaign?.progress, progress!);
  const { totalSlots, ...slots } = progress!;
  assertEquals(
    Object.values(slots).reduce((sum, count) => sum + count),
    totalSlots,
  );
  assertEquals([slots.accepted, slots.awaitingReview], [3, 2]);
  const accepted = campaign?.taskDescriptions.map(({ progress }) =>
    progress?.accepted
  );
  assertEquals(accepted, [2, 1]);
  const project = await projects.get(campaign?.projectUid ?? "");
  assertEquals([campaign?.name, campaign?.status], [
    project.name,
    project.status,
  ]);
  const images = (await used.client.datasets.list({ dataType: "image" })).items;
  const none = await captures.listCampaigns(images[0]?.uid ?? "");
  assertEquals([none.campaigns, none.progress?.totalSlots], [[], 0]);
});

served("captures: verdicts, one by one and summed up", async (used) => {
  const { client: { captures } } = used;
  const datasetUid = await fed(used);
  const all = (await captures.listSubmissions(datasetUid)).items;
  const rejected = all[3]!;
  const verdict = await captures.getResultAcceptance(rejected.resultUid);
  assertEquals(
    [verdict.machineVerdict, verdict.blockingReasons],
    ["reject", rejected.acceptance!.blockingReasons],
  );
  assertEquals(verdict.criteria[0]?.detail, {
    missing_fraction: 0.4,
    perHand: { left_hand: 1 },
  });
  assertEquals(verdict.signals?.axisValues.subject, {
    value: "hook",
    source_kind: "declared",
  });

  const [campaign] = (await captures.listCampaigns(datasetUid)).campaigns;
  const { projectUid = "" } = campaign ?? {};
  const summary = await captures.getAcceptanceSummary(projectUid);
  assertEquals(summary.total, all.length);
  assertEquals(summary.byMachineVerdict, {
    accept: 3,
    reject: 2,
    quarantine: 1,
    not_run: 1,
  });
  assertEquals([summary.reviewed, summary.actualAcceptanceRate], [4, 0.75]);
  assertEquals(summary.agreement?.confusion, {
    accept: { accept: 2 },
    reject: { accept: 1, reject: 1 },
  });
  assertEquals(summary.agreement?.machineRejectedHumanAccepted, 1);
  assertEquals(
    summary.byOperator.map(({ key, total }) => [key, total]),
    [["zoë.k", 4], ["kai", 3]],
  );
  assertEquals(summary.topRejectReasons, [
    { reason: "hook_not_visible", count: 2 },
  ]);
});

served("captures: what is covered, on some axes or all", async (used) => {
  const { client: { captures }, emulator } = used;
  const { campaigns } = await captures.listCampaigns(await fed(used));
  const { projectUid = "" } = campaigns[0] ?? {};
  const all = await captures.getAcceptanceCoverage(projectUid);
  assertEquals(all.axes.map(({ axis }) => axis), ["subject", "device_tier"]);
  const { totalAccepted, axes } = await captures.getAcceptanceCoverage(
    projectUid,
    { axes: "subject,environment" },
  );
  assertEquals([totalAccepted, axes.length], [3, 1]);
  assertEquals(axes[0], {
    axis: "subject",
    cells: [{ value: "hook", count: 1 }, { value: "chain", count: 1 }],
    distinctValues: 2,
    unfilled: 1,
  });
  assertEquals(emulator.requests.at(-1)?.query, {
    axes: "subject,environment",
  });
});

served("captures: what is wrong, and what is not there", async (used) => {
  const { client: { captures }, emulator } = used;
  await assertRejects(
    async () => await captures.listSubmissions("", {}),
    InvalidArgumentError,
    "Cannot call captures.listSubmissions as 'datasetUid' must be",
  );
  await assertRejects(
    () => captures.getAcceptanceCoverage("p", { axes: "" }),
    InvalidArgumentError,
    "'axes' must be a non-empty string",
  );
  assertEquals(emulator.requests.length, 0);
  const calls = [
    async () => await captures.listSubmissions("gone"),
    () => captures.getSubmission("gone"),
    () => captures.listCampaigns("gone"),
    () => captures.getResultAcceptance("gone"),
    () => captures.getAcceptanceSummary("gone"),
    () => captures.getAcceptanceCoverage("gone"),
  ];
  for (const call of calls) await assertRejects(call, NotFoundError);
  // the machine has not judged it yet
  const [, pending] =
    (await captures.listSubmissions(await fed(used), { status: "pending" }))
      .items;
  assertEquals(pending?.acceptance, null);
  await assertRejects(
    () => captures.getResultAcceptance(pending?.resultUid ?? ""),
    NotFoundError,
  );
});
