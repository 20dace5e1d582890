/**
 * Emulated routes of projects.
 *
 * @module
 */

import { type Crud, crudRoutes } from "../engine/crud.ts";
import { forbidden, notFound } from "../engine/responses.ts";
import type { EmulatedResource } from "../engine/router.ts";
import { CREATED, OWNER, type State, UPDATED } from "../engine/state.ts";

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
  seed,
};

/**
 * Refuses a path below a project that is not there.
 *
 * @param request The request, with `projectUid` in its path.
 * @returns The response, or undefined where there is the project.
 */
export const projectGuard: NonNullable<Crud["guard"]> = ({ params, state }) =>
  state.collection(collection).get(params.projectUid) ? undefined : notFound();

function seed(state: State): void {
  for (const [name, task_type, status] of SAMPLES) {
    state.collection(collection).add({
      uid: state.newUid(),
      name,
      status,
      task_type,
      is_active: status === "active",
      visibility: "private",
      is_imported: false,
      owner_name: OWNER,
      short_description: null,
      industry_icon: null,
      created_at: CREATED,
      updated_at: UPDATED,
    });
  }
}
