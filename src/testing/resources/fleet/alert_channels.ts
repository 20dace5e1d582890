/**
 * Emulated routes of the channels that alerts are sent to.
 *
 * @module
 */

import { isJsonObject } from "../../../wire/codec.ts";
import { crudRoutes, withRecord } from "../../engine/crud.ts";
import type { BodyFields } from "../../engine/fields.ts";
import { respond } from "../../engine/responses.ts";
import type { EmulatedResource } from "../../engine/router.ts";
import type { WireRecord } from "../../engine/collection.ts";
import { CREATED, type State, UPDATED } from "../../engine/state.ts";

const PATH = "/fleet/alert-channels/";
const collection = "fleetAlertChannels";
const MASK = "********";
// assumption: settings with such names are secrets, as is a webhook's address
const SECRET = /secret|token|password|api_?key|auth|webhook_?url/i;

const FIELDS: BodyFields = {
  name: { type: "string", required: true, maxLength: 255 },
  type: {
    type: "string",
    required: true,
    choices: ["slack", "email", "webhook"],
  },
  config: { type: "object", required: true },
};

/** Channels, of which nothing is sent. */
export const FLEET_ALERT_CHANNELS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      collection,
      show: (channel) => ({ ...channel, config: masked(channel.config) }),
      get: false,
      create: {
        fields: FIELDS,
        make: (given, { state }) => newChannel(state, given),
      },
      delete: true,
    }),
    {
      method: "POST",
      path: `${PATH}{uid}/test/`,
      handle: withRecord({ collection }, test),
    },
  ],
  seed,
  models: {
    alertChannels: {
      collection,
      fields: FIELDS,
      make: (given, state) => newChannel(state, given),
    },
  },
};

function test(channel: WireRecord) {
  // assumption: what is named so fails; the rest is delivered
  const ok = !String(channel.name).includes("fail");
  return respond({
    detail: ok ? "Test message sent." : "The channel did not respond.",
    channel_uid: channel.uid,
    channel_type: channel.type,
    ok,
    delivered: ok,
  });
}

/** The settings with a mask for every secret, in whatever depth. */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === "string" && SECRET.test(name) ? MASK : masked(inner),
    ]),
  );
}

function newChannel(state: State, given: WireRecord): WireRecord {
  return {
    uid: state.newUid(),
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...given,
  };
}

function seed(state: State): void {
  state.collection(collection).add(newChannel(state, {
    name: "Control room",
    type: "slack",
    config: {
      webhook_url: "https://chat.example.net/hook",
      channelName: "#control-room",
      "mention.users": ["@zoe"],
      retry_policy: { max_tries: 3, backOff: null },
    },
    created_at: CREATED,
    updated_at: UPDATED,
  }));
}
