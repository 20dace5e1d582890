/**
 * Emulated routes of model endpoints.
 *
 * @module
 */

import { isJsonObject } from "../../wire/codec.ts";
import { crudRoutes, findRecord } from "../engine/crud.ts";
import type { BodyFields, FieldErrors } from "../engine/fields.ts";
import {
  answer,
  type EmulatedRequest,
  type EmulatedResource,
  notFound,
  refuse,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";
import { CREATED, UPDATED, type World } from "../engine/state.ts";

const PATH = "/inference-providers/";
const PROVIDERS = "inferenceProviders";

const FIELDS: BodyFields = {
  name: { type: "string", required: true, maxLength: 255 },
  provider_type: {
    type: "string",
    required: true,
    choices: ["sagemaker", "http"],
  },
  config: { type: "object", required: true },
  description: { type: "string" },
  is_active: { type: "boolean", notNull: true },
  project: {
    type: "any",
    check: (value) =>
      typeof value === "string" || Number.isInteger(value)
        ? undefined
        : "Not a valid string.",
  },
};

/** Model endpoints, of which none is called. */
export const INFERENCE_PROVIDERS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      collection: PROVIDERS,
      create: {
        fields: FIELDS,
        make: (given, { world }) =>
          refuse(errorsOf(given, given, world)) ?? newProvider(world, given),
      },
      update: FIELDS,
      check: (given, { world }, provider) =>
        errorsOf(given, { ...provider, ...given }, world),
      delete: true,
    }),
    { method: "POST", path: `${PATH}{uid}/test/`, handle: test },
  ],
  seed,
};

/** Finds what is wrong with the project, and with the settings of a kind. */
function errorsOf(
  given: WireRecord,
  provider: WireRecord,
  world: World,
): FieldErrors {
  const errors: FieldErrors = {};
  const { project } = given;
  // assumption: a number is not looked up, since projects do not show theirs
  if (typeof project === "string" && !world.projects.get(project)) {
    errors.project = [`Object with uid=${project} does not exist.`];
  }
  const { provider_type, config } = provider;
  const endpoint = isJsonObject(config) ? config.endpoint_url : undefined;
  if (provider_type === "http" && typeof endpoint !== "string") {
    errors.config = { endpoint_url: ["This field is required."] };
  }
  return errors;
}

function test(request: EmulatedRequest) {
  const provider = findRecord({ collection: PROVIDERS }, request);
  if (!provider) return notFound();
  // assumption: what is named so fails; the rest answers
  const success = !String(provider.name).includes("fail");
  const now = request.world.timestamp();
  Object.assign(provider, {
    last_test_at: now,
    last_test_success: success,
    updated_at: now,
  });
  return answer({
    success,
    message: success ? "The endpoint answered." : "The endpoint is silent.",
    tested_at: now,
    latency_ms: success ? 118.25 : null,
  });
}

function newProvider(world: World, given: WireRecord): WireRecord {
  return {
    uid: world.newUid(),
    description: null,
    is_active: true,
    project: null,
    last_test_at: null,
    last_test_success: null,
    created_at: world.timestamp(),
    updated_at: world.timestamp(),
    ...given,
  };
}

function seed(world: World): void {
  world.collection(PROVIDERS).add(newProvider(world, {
    name: "Kran-Detektor",
    description: "HTTP endpoint",
    provider_type: "http",
    // assumption: settings come back as they were given
    config: {
      endpoint_url: "https://models.example.net/v1/predict",
      auth_type: "header",
      auth_header: "X-Model-Token",
      headers: { "X-Request-Source": "avala", x_custom_header: "1" },
      timeout: 30,
      response_key: "outputs.0.boxes",
      maxBatch: 8,
      retry_policy: null,
    },
    project: 412,
    last_test_at: UPDATED,
    last_test_success: true,
    created_at: CREATED,
    updated_at: UPDATED,
  }));
}
