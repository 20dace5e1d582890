/**
 * Emulated routes of model endpoints.
 *
 * @module
 */

import { isJsonObject } from "../../wire/codec.ts";
import { crudRoutes, withRecord } from "../engine/crud.ts";
import type { BodyFields, FieldErrors } from "../engine/fields.ts";
import { respond } from "../engine/responses.ts";
import type { EmulatedRequest, EmulatedResource } from "../engine/router.ts";
import type { WireRecord } from "../engine/collection.ts";
import { CREATED, type State, UPDATED } from "../engine/state.ts";
import { referenceErrors } from "./references.ts";

const PATH = "/inference-providers/";
const collection = "inferenceProviders";

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
  project: { type: "string" },
};

/** Model endpoints, of which none is called. */
export const INFERENCE_PROVIDERS: EmulatedResource = {
  routes: [
    ...crudRoutes({
      path: PATH,
      collection,
      create: {
        fields: FIELDS,
        check: (given, { state }) => errorsOf(given, given, state),
        make: (given, { state }) => newProvider(state, given),
      },
      update: {
        fields: FIELDS,
        check: (given, { state }, provider) =>
          errorsOf(given, { ...provider, ...given }, state),
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
    inferenceProviders: {
      collection,
      fields: { ...FIELDS, last_test_success: { type: "boolean" } },
      make: (given, state) => newProvider(state, given),
    },
  },
};

/** Finds what is wrong with the project, and with the settings of a kind. */
function errorsOf(
  given: WireRecord,
  provider: WireRecord,
  state: State,
): FieldErrors {
  const errors = referenceErrors(given, { project: "projects" }, state);
  const { provider_type, config } = provider;
  const endpoint = isJsonObject(config) ? config.endpoint_url : undefined;
  if (provider_type === "http" && typeof endpoint !== "string") {
    errors.config = { endpoint_url: ["This field is required."] };
  }
  return errors;
}

function test(provider: WireRecord, { state }: EmulatedRequest) {
  // assumption: what is named so fails; the rest responds
  const success = !String(provider.name).includes("fail");
  const now = state.timestamp();
  state.collection(collection).update(provider, {
    last_test_at: now,
    last_test_success: success,
    updated_at: now,
  });
  return respond({
    success,
    message: success ? "The endpoint responded." : "The endpoint is silent.",
    tested_at: now,
    latency_ms: success ? 118.25 : null,
  });
}

function newProvider(state: State, given: WireRecord): WireRecord {
  return {
    uid: state.newUid(),
    description: null,
    is_active: true,
    project: null,
    last_test_at: null,
    last_test_success: null,
    created_at: state.timestamp(),
    updated_at: state.timestamp(),
    ...given,
  };
}

function seed(state: State): void {
  state.collection(collection).add(newProvider(state, {
    name: "Crane detector",
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
    project: state.collection("projects").uids({}, 1)[0] ?? null,
    last_test_at: UPDATED,
    last_test_success: true,
    created_at: CREATED,
    updated_at: UPDATED,
  }));
}
