/**
 * Emulated routes of the channels that alerts are sent to.
 *
 * @module
 */

import { isJsonObject } from "../../wire/codec.ts";
import { crudRoutes, findRecord } from "../engine/crud.ts";
import {
  answer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";

const PATH = "/fleet/alert-channels/";
const CHANNELS = "fleetAlertChannels";
const MASK = "********";
// assumption: settings with such names are secrets, as is a webhook's address
const SECRET = /secret|token|password|api_?key|auth|webhook_?url/i;

/** Channels, of which nothing is sent. */
export const FLEET_ALERT_CHANNELS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      collection: CHANNELS,
      show: (channel) => ({ ...channel, config: masked(channel.config) }),
      get: false,
      create: {
        fields: {
          name: { type: "string", required: true, maxLength: 255 },
          type: {
            type: "string",
            required: true,
            choices: ["slack", "email", "webhook"],
          },
          config: { type: "object", required: true },
        },
        make: (given, { world }) => newChannel(world, given),
      },
      delete: true,
    }),
    { method: "POST", path: `${PATH}{uid}/test/`, handle: test },
  ],
  seed,
};

function test(request: EmulatedRequest) {
  const channel = findRecord({ collection: CHANNELS }, request);
  if (!channel) return notFound();
  // assumption: what is named so fails; the rest is delivered
  const ok = !String(channel.name).includes("fail");
  return answer({
    detail: ok ? "Test message sent." : "The channel did not answer.",
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

function newChannel(world: World, given: WireRecord): WireRecord {
  return {
    uid: world.newUid(),
    created_at: world.timestamp(),
    updated_at: world.timestamp(),
    ...given,
  };
}

function seed(world: World): void {
  world.collection(CHANNELS).add(newChannel(world, {
    name: "Leitstand",
    type: "slack",
    config: {
      webhook_url: "https://chat.example.net/hook",
      channelName: "#leitstand",
      "mention.users": ["@zoe"],
      retry_policy: { max_tries: 3, backOff: null },
    },
    created_at: CREATED,
    updated_at: UPDATED,
  }));
}
