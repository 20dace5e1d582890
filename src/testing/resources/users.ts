/**
 * Emulated routes of the caller's account, its permissions and the signup.
 *
 * @module
 */

import { callerOf, newAccount, seedAccounts } from "./accounts.ts";
import { type BodyFields, emailError, fieldErrors } from "../engine/fields.ts";
import { refuse, respond } from "../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../engine/router.ts";

/** Signups that one address may try in a minute. */
const SIGNUPS_PER_MINUTE = 5;

const FIELDS: BodyFields = {
  email: { type: "string", required: true, check: emailError },
  // assumption: eight characters are enough
  password: {
    type: "string",
    required: true,
    check: (value) =>
      String(value).length < 8
        ? "This password is too short. It must contain at least 8 characters."
        : undefined,
  },
  first_name: { type: "string" },
  last_name: { type: "string" },
};

// assumption: an account may do everything that customers may
const SCOPES = [
  "datasets.read",
  "datasets.write",
  "projects.read",
  "exports.create",
  "tasks.read",
];

/** The account behind the credential, and new accounts. */
export const USERS: EmulatedResource = {
  routes: [
    {
      method: "GET",
      path: "/users/me/",
      handle: (request) => respond(callerOf(request)),
    },
    {
      method: "GET",
      path: "/users/me/permissions/",
      handle: () =>
        respond({
          type: "customer",
          is_staff_privileged: false,
          scopes: SCOPES,
          capabilities: ["fleet"],
          toolsets: ["datasets"],
        }),
    },
    { method: "POST", path: "/signup/", open: true, handle: signup },
  ],
  seed: seedAccounts,
  isNeeded: true,
};

function signup(request: EmulatedRequest) {
  const { body, state } = request;
  // assumption: every request counts, and all come from one address
  const tries = state.collection("signups");
  tries.add({ uid: state.newUid(), at: state.timestamp() });
  const since = state.timestamp(-60_000);
  for (const { uid } of tries.filter(({ at }) => String(at) <= since)) {
    tries.delete(uid);
  }
  if (tries.size > SIGNUPS_PER_MINUTE) {
    return {
      status: 429,
      body: { detail: "Request was throttled." },
      headers: { "retry-after": "60" },
    };
  }
  const errors = fieldErrors(body, FIELDS);
  const users = state.collection("users");
  const email = String(body.email).toLowerCase();
  if (users.find({ email })) {
    errors.email = ["A user with this e-mail already exists."];
  }
  const refusal = refuse(errors);
  if (refusal) return refusal;
  const account = users.add(newAccount(state, {
    username: freeName(email, users.filter().map(({ username }) => username)),
    email,
    first_name: body.first_name ?? null,
    last_name: body.last_name ?? null,
    in_waitlist: true,
  }));
  const key = `avk_emulated_${String(account.uid).replaceAll("-", "")}`;
  state.collection("apiKeys").add({ uid: key, user: account.uid });
  const { uid, username, first_name, last_name, in_waitlist } = account;
  return respond({
    user: { uid, username, email, first_name, last_name, in_waitlist },
    // this response alone carries the key
    api_key: key,
  }, 201);
}

/** Makes a user name of what stands before the @. */
function freeName(email: string, taken: readonly unknown[]): string {
  const name = email.slice(0, email.indexOf("@"));
  let free = name;
  for (let number = 2; taken.includes(free); number++) {
    free = `${name}-${number}`;
  }
  return free;
}
