/**
 * Datasets and sequences as paths name them.
 *
 * @module
 */

import type { WireRecord } from "../../engine/collection.ts";
import type { Crud } from "../../engine/crud.ts";
import { type EmulatedResponse, notFound } from "../../engine/responses.ts";
import type { EmulatedRequest, Handler } from "../../engine/router.ts";

/**
 * Finds the dataset that a path names by its owner and its slug.
 *
 * @param request The request, with `owner` and `slug` in its path.
 * @returns The dataset, if there is one.
 */
export function datasetOf(
  { params: { owner, slug }, state }: EmulatedRequest,
): WireRecord | undefined {
  return state.collection("datasets").find({ owner_name: owner, slug });
}

/**
 * Refuses a path below a dataset that is not there.
 *
 * @param request The request, with `owner` and `slug` in its path.
 * @returns The response, or undefined where there is the dataset.
 */
export const datasetGuard: NonNullable<Crud["guard"]> = (request) =>
  datasetOf(request) ? undefined : notFound();

/**
 * Makes the handler of a route below a dataset.
 *
 * @param handle Responds when there is the dataset.
 * @returns The handler; where there is none, it responds 404.
 */
export function withDataset(
  handle: (request: EmulatedRequest, dataset: WireRecord) => EmulatedResponse,
): Handler {
  return (request) => {
    const dataset = datasetOf(request);
    return dataset ? handle(request, dataset) : notFound();
  };
}

/**
 * Makes the handler of a route below a sequence of a dataset.
 *
 * @param handle Responds when there is the sequence.
 * @returns The handler; where there is none, it responds 404.
 */
export function withSequence(
  handle: (request: EmulatedRequest, sequence: WireRecord) => EmulatedResponse,
): Handler {
  return withDataset((request, { uid }) => {
    const { params, state } = request;
    const sequence = state.collection("sequences").get(params.sequenceUid);
    return sequence && sequence.dataset_uid === uid
      ? handle(request, sequence)
      : notFound();
  });
}
