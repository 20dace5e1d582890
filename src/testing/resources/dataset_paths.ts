/**
 * Datasets and sequences as paths name them.
 *
 * @module
 */

import {
  type EmulatedAnswer,
  type EmulatedRequest,
  notFound,
  type Route,
} from "../engine/router.ts";
import type { WireRecord } from "../engine/store.ts";

/**
 * Finds the dataset that a path names by its owner and its slug.
 *
 * @param request The request, with `owner` and `slug` in its path.
 * @returns The dataset, if there is one.
 */
export function datasetBySlug(
  { params, world }: EmulatedRequest,
): WireRecord | undefined {
  return world.datasets.all().find((dataset) =>
    dataset.owner_name === params.owner && dataset.slug === params.slug
  );
}

/**
 * Makes the handler of a route below a dataset.
 *
 * @param handle Answers when there is the dataset.
 * @returns The handler; where there is none, it answers 404.
 */
export function withDataset(
  handle: (request: EmulatedRequest, dataset: WireRecord) => EmulatedAnswer,
): Route["handle"] {
  return (request) => {
    const dataset = datasetBySlug(request);
    return dataset ? handle(request, dataset) : notFound();
  };
}

/**
 * Makes the handler of a route below a sequence of a dataset.
 *
 * @param handle Answers when there is the sequence.
 * @returns The handler; where there is none, it answers 404.
 */
export function withSequence(
  handle: (
    request: EmulatedRequest,
    sequence: WireRecord,
    dataset: WireRecord,
  ) => EmulatedAnswer,
): Route["handle"] {
  return withDataset((request, dataset) => {
    const { params, world } = request;
    const sequence = world.sequences.get(params.sequenceUid ?? "");
    return sequence && sequence.dataset_uid === dataset.uid
      ? handle(request, sequence, dataset)
      : notFound();
  });
}
