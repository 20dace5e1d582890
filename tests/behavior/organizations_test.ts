import { assert, assertEquals, assertRejects } from "@std/assert";
import { signup } from "@avala/client";
import {
  ForbiddenError,
  NotFoundError,
  ValidationError,
} from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

const SLUG = "northlight-robotics";

served(
  "organizations: created, listed, changed, deleted",
  async ({ client }) => {
    assertEquals(
      await refused(() => client.organizations.create({ name: " " })),
      {
        name: ["This field may not be blank."],
      },
    );
    assertEquals(
      await refused(() =>
        client.organizations.create({
          name: "Test",
          industry: "baking",
          email: "nobody",
        })
      ),
      {
        industry: ['"baking" is not a valid choice.'],
        email: ["Enter a valid email address."],
      },
    );
    const created = await client.organizations.create({
      name: "Straßenbau Süd",
      industry: "robotics",
      visibility: "private",
    });
    assertEquals([created.slug, created.role, created.memberCount], [
      "strassenbau-sud",
      "owner",
      1,
    ]);
    const again = await client.organizations.create({ name: "Straßenbau Süd" });
    assertEquals(again.slug, "strassenbau-sud-2");
    const slugs = (await client.organizations.list()).items.map((o) => o.slug);
    assertEquals(slugs, [SLUG, created.slug, again.slug]);
    const changed = await client.organizations.update(created.slug, {
      description: "Brücken",
      handle: "bau",
    });
    assertEquals([changed.description, changed.handle, changed.name], [
      "Brücken",
      "bau",
      "Straßenbau Süd",
    ]);
    assertEquals(await client.organizations.get(created.slug), changed);
    assertEquals(
      await refused(() =>
        client.organizations.update(again.slug, { handle: "bau" })
      ),
      { handle: ["This handle is taken."] },
    );
    await client.organizations.delete(created.slug);
    await assertRejects(
      () => client.organizations.get(created.slug),
      NotFoundError,
    );
    await assertRejects(
      () => client.organizations.delete(created.slug),
      NotFoundError,
    );
    assertEquals((await client.organizations.list()).length, 2);
    assert(Array.isArray(await client.organizations.industryChoices()));
  },
);

served(
  "organizations: members are searched, promoted, removed",
  async ({ client }) => {
    const { organizations } = client;
    const all = await organizations.listMembers(SLUG);
    assertEquals(all.items.map(({ role }) => role), [
      "owner",
      "admin",
      "member",
      "member",
      "member",
    ]);
    // pages are numbered here: the walk reads each member once
    const walked: (string | null)[] = [];
    for await (
      const { email } of organizations.listMembers(SLUG, { limit: 2 })
    ) {
      walked.push(email);
    }
    assertEquals(walked, all.items.map(({ email }) => email));
    const second = await organizations.listMembers(SLUG, { limit: 2, page: 2 });
    assertEquals(second.items, all.items.slice(2, 4));
    await assertRejects(
      async () => await organizations.listMembers(SLUG, { page: 9 }),
      NotFoundError,
      "Invalid page.",
    );
    const found = await organizations.listMembers(SLUG, { search: "JONAS" });
    const jonas = found.items[0];
    assertEquals([found.length, jonas?.fullName], [1, "Jonas Ward"]);
    assert(jonas);

    await organizations.updateMemberRole(SLUG, jonas.userUid, {
      role: "admin",
    });
    const admins = await organizations.listMembers(SLUG, { role: "admin" });
    assertEquals(admins.items.map(({ username }) => username), [
      "ida.b",
      "jonas.w",
    ]);
    const update = (role: string) => () =>
      organizations.updateMemberRole(SLUG, jonas.userUid, { role });
    assertEquals(await refused(update("king")), {
      role: ['"king" is not a valid choice.'],
    });
    assertEquals(await refused(update("owner")), {
      role: ["Transfer the ownership instead."],
    });
    await organizations.removeMember(SLUG, jonas.userUid);
    await assertRejects(
      () => organizations.removeMember(SLUG, jonas.userUid),
      NotFoundError,
    );
    await assertRejects(update("member"), NotFoundError);
    const left = (await organizations.get(SLUG)).memberCount;
    assertEquals(left, 4);
    // gone from the teams, too
    const team = await organizations.listTeamMembers(SLUG, "lidar");
    assert(team.items.every(({ userUid }) => userUid !== jonas.userUid));
  },
);

served(
  "organizations: the owner leaves after a transfer alone",
  async ({ client }) => {
    const { organizations } = client;
    await assertRejects(
      () => organizations.leave(SLUG),
      ValidationError,
      "owner can't leave",
    );
    const [owner, admin] = (await organizations.listMembers(SLUG)).items;
    assert(owner && admin);
    await assertRejects(
      () => organizations.removeMember(SLUG, owner.userUid),
      ValidationError,
      "The owner stays.",
    );
    const transfer = (newOwnerUid: string) => () =>
      organizations.transferOwnership(SLUG, { newOwnerUid });
    for (const stranger of ["nobody", owner.userUid]) {
      assertEquals(await refused(transfer(stranger)), {
        new_owner_uid: ["Pick another member of the organization."],
      });
    }
    await transfer(admin.userUid)();
    assertEquals((await organizations.get(SLUG)).role, "admin");
    // the right to do it again has gone with it
    await assertRejects(transfer(admin.userUid), ForbiddenError);
    await assertRejects(() => organizations.delete(SLUG), ForbiddenError);
    // members read and change nothing
    await organizations.updateMemberRole(SLUG, owner.userUid, {
      role: "member",
    });
    const members = await organizations.listMembers(SLUG);
    assert(members.items.every(({ lastActiveAt }) => lastActiveAt === null));
    await assertRejects(
      () => organizations.createTeam(SLUG, { name: "Mine" }),
      ForbiddenError,
    );
    await organizations.leave(SLUG);
    await assertRejects(() => organizations.get(SLUG), NotFoundError);
    await assertRejects(() => organizations.leave(SLUG), NotFoundError);
    assertEquals((await organizations.list()).length, 0);
  },
);

served(
  "organizations: invitations are sent, sent again, canceled",
  async ({ client, emulator }) => {
    const { organizations } = client;
    const before = await organizations.listInvitations(SLUG);
    assertEquals(before.items.map(({ isExpired }) => isExpired), [true, false]);
    const invite = (email: string, role?: string) =>
      organizations.createInvitation(SLUG, { email, role });
    const created = await invite("neu@northlight.example", "admin");
    assertEquals([created.status, created.role, created.organizationSlug], [
      "pending",
      "admin",
      SLUG,
    ]);
    assertEquals(await refused(() => invite("neu@northlight.example")), {
      email: ["This e-mail is invited already."],
    });
    assertEquals(await refused(() => invite("ida@northlight.example")), {
      email: ["This user is a member already."],
    });
    assertEquals(await refused(() => invite("nobody", "guest")), {
      email: ["Enter a valid email address."],
      role: ['"guest" is not a valid choice.'],
    });
    const expired = before.items[0];
    assert(expired);
    await organizations.resendInvitation(SLUG, expired.uid);
    await organizations.cancelInvitation(SLUG, created.uid);
    const after = await organizations.listInvitations(SLUG);
    assertEquals(after.items.map(({ isExpired }) => isExpired), [false, false]);
    for (const method of ["resendInvitation", "cancelInvitation"] as const) {
      await assertRejects(
        () => organizations[method](SLUG, created.uid),
        NotFoundError,
      );
    }
    // two calls are two e-mails: the client sends each once
    const resent = emulator.requests.filter(({ path }) =>
      path.endsWith(`${expired.uid}/resend/`)
    );
    assertEquals(resent.length, 1);
  },
);

served("organizations: teams and their members", async ({ client }) => {
  const { organizations } = client;
  const before = await organizations.listTeams(SLUG);
  assertEquals(before.items.map((team) => [team.slug, team.memberCount]), [
    ["lidar", 3],
    ["streets", 3],
  ]);
  const create = (name: string, color?: string) =>
    organizations.createTeam(SLUG, { name, color });
  const team = await create("Nacht Schicht", "#0fa");
  const slug = team.slug ?? "";
  assertEquals([slug, team.memberCount], ["nacht-schicht", 0]);
  assertEquals(await refused(() => create("Nacht Schicht", "blue")), {
    name: ["A team with this name exists."],
    color: ["Enter a hex color."],
  });
  const changed = await organizations.updateTeam(SLUG, slug, {
    description: "22 bis 6 Uhr",
    color: null,
  });
  assertEquals([changed.description, changed.color], ["22 bis 6 Uhr", null]);
  assertEquals(await organizations.getTeam(SLUG, slug), changed);

  const [, ida] = (await organizations.listMembers(SLUG)).items;
  assert(ida);
  const add = (userUid: string) =>
    organizations.addTeamMember(SLUG, slug, { userUid });
  assertEquals((await add(ida.userUid)).role, "member");
  assertEquals(await refused(() => add(ida.userUid)), {
    user_uid: ["This user is in the team already."],
  });
  assertEquals(await refused(() => add("nobody")), {
    user_uid: ["This user is no member of the organization."],
  });
  const member = [SLUG, slug, ida.userUid] as const;
  await organizations.updateTeamMemberRole(...member, { role: "lead" });
  const members = await organizations.listTeamMembers(SLUG, slug);
  assertEquals(members.items.map((m) => [m.username, m.role]), [
    ["ida.b", "lead"],
  ]);
  assertEquals(
    await refused(() =>
      organizations.updateTeamMemberRole(...member, { role: "owner" })
    ),
    { role: ['"owner" is not a valid choice.'] },
  );
  await organizations.removeTeamMember(...member);
  await assertRejects(
    () => organizations.removeTeamMember(...member),
    NotFoundError,
  );
  await organizations.deleteTeam(SLUG, slug);
  await assertRejects(() => organizations.getTeam(SLUG, slug), NotFoundError);
  assertEquals((await organizations.get(SLUG)).teamCount, 2);
});

served(
  "organizations: strangers see none",
  async ({ clientOf, baseUrl }) => {
    const { apiKey } = await signup(
      { email: "ada@example.com", password: "long-enough-1" },
      { baseUrl, allowInsecureBaseUrl: true },
    );
    const { organizations } = clientOf(apiKey);
    assertEquals((await organizations.list()).length, 0);
    await assertRejects(() => organizations.get(SLUG), NotFoundError);
    const own = await organizations.create({ name: "Own" });
    assertEquals((await organizations.list()).items, [own]);
  },
);
