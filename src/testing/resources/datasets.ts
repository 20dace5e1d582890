/**
 * Emulated routes of datasets.
 *
 * @module
 */

import {
  answer,
  type EmulatedRequest,
  type EmulatedResource,
  missing,
  notFound,
  pageAnswer,
  refuse,
  type Route,
} from "../router.ts";
import type { WireRecord } from "../store.ts";
import { newDataset } from "../world.ts";

const ROUTES: Route[] = [
  {
    method: "GET",
    path: "/datasets/",
    handle: ({ url, world }) => {
      const filters = ["data_type", "name", "status", "visibility"];
      return pageAnswer(
        world.datasets.page(url, (dataset) =>
          filters.every((filter) => {
            const wanted = url.searchParams.get(filter);
            return wanted === null || dataset[filter] === wanted;
          })),
      );
    },
  },
  {
    method: "POST",
    path: "/datasets/",
    handle: ({ body, world }) => {
      const errors = missing(body, ["name", "slug", "data_type"]);
      if (world.datasets.all().some(({ slug }) => slug === body.slug)) {
        errors.slug = ["A dataset with this slug exists."];
      }
      const refusal = refuse(errors);
      if (refusal) return refusal;
      const now = world.timestamp();
      const { name, slug, data_type, visibility = "private" } = body;
      const dataset = world.datasets.add(newDataset(world, {
        name,
        slug,
        data_type,
        visibility,
        status: "creating",
        ...(typeof body.owner_name === "string" &&
          { owner_name: body.owner_name }),
        project_count: 0,
        created_at: now,
        updated_at: now,
      }));
      world.deliver("dataset.created", {
        uid: dataset.uid,
        name,
        owner: dataset.owner_name,
        slug,
        data_type,
        item_count: 0,
        created_at: now,
        updated_at: now,
      });
      return answer({ ...dataset }, 201);
    },
  },
  {
    method: "GET",
    path: "/datasets/{uid}/",
    handle: ({ params, world }) => {
      const dataset = world.datasets.get(params.uid ?? "");
      // assumption: an import is finished when it is read for the second time
      if (
        dataset?.status === "creating" &&
        world.countRead(String(dataset.uid)) > 1
      ) dataset.status = "created";
      return answer(dataset);
    },
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/",
    handle: (request) => answer(bySlug(request)),
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/items/",
    handle: (request) => {
      const { url, world } = request;
      const dataset = bySlug(request);
      return dataset
        ? pageAnswer(world.items.page(url, (i) => i.dataset === dataset.uid))
        : notFound();
    },
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/items/{itemUid}/",
    handle: (request) => {
      const item = request.world.items.get(request.params.itemUid ?? "");
      return answer(item?.dataset === bySlug(request)?.uid ? item : undefined);
    },
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/sequences/",
    handle: (request) => {
      const { url, world } = request;
      const dataset = bySlug(request);
      return dataset
        ? pageAnswer(world.sequences.page(
          url,
          (sequence) => sequence.dataset_uid === dataset.uid,
          withoutFrames,
        ))
        : notFound();
    },
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/sequences/{sequenceUid}/",
    handle: (request) => {
      const { params, world } = request;
      const sequence = world.sequences.get(params.sequenceUid ?? "");
      const known = sequence?.dataset_uid === bySlug(request)?.uid;
      return answer(known ? sequence : undefined);
    },
  },
  {
    method: "GET",
    path: "/datasets/{owner}/{slug}/health/",
    handle: (request) => {
      const dataset = bySlug(request);
      if (!dataset) return notFound();
      const sequences = request.world.sequences.all()
        .filter(({ dataset_uid }) => dataset_uid === dataset.uid)
        .map((sequence) => ({
          uid: sequence.uid,
          key: sequence.key,
          status: sequence.status,
          frame_count: sequence.number_of_frames,
          has_lidar_calibration: sequence.lidar_calibration_enabled,
          has_camera_calibration: sequence.camera_calibration_enabled,
        }));
      const frames = sequences.map(({ frame_count }) => Number(frame_count));
      return answer({
        dataset_uid: dataset.uid,
        dataset_slug: dataset.slug,
        dataset_status: dataset.status,
        item_count: dataset.item_count,
        sequence_count: sequences.length,
        total_frames: frames.reduce((sum, count) => sum + count, 0),
        s3_prefix: null,
        gc_storage_prefix: null,
        last_updated_at: dataset.updated_at,
        sequences,
        ingest_ok: true,
        issues: [],
        data_type: dataset.data_type,
        is_sequence: dataset.is_sequence,
      });
    },
  },
];

/** Datasets with their items, sequences and frames. */
export const DATASETS: EmulatedResource = { routes: ROUTES };

function bySlug({ params, world }: EmulatedRequest): WireRecord | undefined {
  return world.datasets.all().find((dataset) =>
    dataset.owner_name === params.owner && dataset.slug === params.slug
  );
}

function withoutFrames(sequence: WireRecord): WireRecord {
  const { frames: _, ...rest } = sequence;
  return rest;
}
