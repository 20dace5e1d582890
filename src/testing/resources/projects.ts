/**
 * Emulated routes of projects.
 *
 * @module
 */

import type { WireRecord } from "../engine/collection.ts";
import { type Crud, crudRoutes } from "../engine/crud.ts";
import { forbidden, notFound } from "../engine/responses.ts";
import type { EmulatedResource } from "../engine/router.ts";
import { CREATED, OWNER, UPDATED } from "../engine/state.ts";

const collection = "projects";
const SAMPLES: readonly [name: string, type: string, status: string][] = [
  ["Cranes", "point-cloud-annotation", "active"],
  ["Lanes", "image-annotation", "active"],
  ["Signs", "image-annotation", "paused"],
];

/** Projects. */
export const PROJECTS: EmulatedResource = {
  routes: [
    ...crudRoutes({ path: "/users/me/projects/", collection }),
    // lists of all customers are for staff
    ...crudRoutes({
      path: "/projects/",
      collection,
      guard: ({ headers }) =>
        headers.get("x-avala-api-key")?.startsWith("avk_staff")
          ? undefined
          : forbidden(),
    }),
  ],
  makers: {
    project: (index, uid) => {
      const [name, task_type, status] = SAMPLES[index % SAMPLES.length]!;
      const round = Math.floor(index / SAMPLES.length);
      return newProject({
        uid,
        name: round ? `${name} ${round + 1}` : name,
        task_type,
        status,
      });
    },
  },
  samples: {
    projects: {
      count: SAMPLES.length,
      add: (state, count) =>
        state.generate({ collection, maker: "project", count }),
    },
  },
  models: {
    projects: {
      collection,
      fields: { name: { type: "string", required: true } },
      make: (given, state) => newProject({ uid: state.newUid(), ...given }),
    },
  },
};

/**
 * Refuses a path below a project that is not there.
 *
 * @param request The request, with `projectUid` in its path.
 * @returns The response, or undefined where there is the project.
 */
export const projectGuard: NonNullable<Crud["guard"]> = ({ params, state }) =>
  state.collection(collection).get(params.projectUid) ? undefined : notFound();

function newProject(fields: WireRecord): WireRecord {
  return {
    name: null,
    status: "active",
    task_type: "image-annotation",
    is_active: fields.status !== "paused",
    visibility: "private",
    is_imported: false,
    owner_name: OWNER,
    short_description: null,
    industry_icon: null,
    created_at: CREATED,
    updated_at: UPDATED,
    ...fields,
  };
}
