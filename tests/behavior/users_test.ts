import { assert, assertEquals, assertRejects } from "@std/assert";
import { signup } from "@avala/client";
import { AuthenticationError, RateLimitError } from "@avala/client/errors";
import { refused, served } from "../servers/served.ts";

const PASSWORD = "long-enough-1";

served("users: who I am and what I may do", async ({ client }) => {
  const me = await client.users.getMe();
  assert(me.uid);
  assertEquals((me as unknown as { username: string }).username, "northlight");
  const permissions = await client.permissions.get();
  assertEquals([permissions.type, permissions.isStaffPrivileged], [
    "customer",
    false,
  ]);
  assert(permissions.scopes.includes("datasets.read"));
});

served(
  "signup: the key is shown once, and accepted from then on",
  async ({ baseUrl, clientOf, emulator }) => {
    const { user, apiKey } = await signup(
      { email: "Ada@example.com", password: PASSWORD, firstName: "Ada" },
      { baseUrl, allowInsecureBaseUrl: true },
    );
    assertEquals([user.username, user.email, user.firstName, user.inWaitlist], [
      "ada",
      "ada@example.com",
      "Ada",
      true,
    ]);
    const sent = emulator.requests[0]?.headers ?? {};
    assert(!("x-avala-api-key" in sent) && !("authorization" in sent));
    const me = await clientOf(apiKey).users.getMe();
    assertEquals(me.uid, user.uid);
    assert(!JSON.stringify(me).includes(apiKey));
    await assertRejects(
      () => clientOf(`${apiKey}0`).users.getMe(),
      AuthenticationError,
      "Invalid API key.",
    );
  },
  { apiKeys: ["avk_test_key_1"] },
);

served("signup: taken addresses and weak passwords", async ({ baseUrl }) => {
  const join = (email: string, password: string) => () =>
    signup({ email, password }, { baseUrl, allowInsecureBaseUrl: true });
  await join("ada@example.com", PASSWORD)();
  const errors = await refused(join("ada@example.com", "short"));
  assertEquals(errors.email, ["A user with this e-mail already exists."]);
  // what stands under such a name is redacted; that it was refused is not
  assertEquals(Object.keys(errors).sort(), ["email", "password"]);
  assertEquals(await refused(join("nobody", PASSWORD)), {
    email: ["Enter a valid email address."],
  });
  // one name before the @ is not one account
  const { user } = await join("ada@example.org", PASSWORD)();
  assertEquals(user.username, "ada-2");
});

served("signup: five in a minute", async ({ baseUrl }) => {
  const join = (number: number) =>
    signup({ email: `u${number}@example.com`, password: PASSWORD }, {
      baseUrl,
      allowInsecureBaseUrl: true,
      maxRetries: 0,
    });
  for (let number = 0; number < 5; number++) await join(number);
  const error = await assertRejects(() => join(5), RateLimitError);
  assertEquals((error as RateLimitError).retryAfter, 60);
  // a fixed clock: this minute never ends by itself
}, { now: () => 1_700_000_000_000 });
