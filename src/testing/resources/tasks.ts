/**
 * Emulated routes of tasks.
 *
 * @module
 */

import { crudRoutes, equals } from "../engine/crud.ts";
import type { EmulatedResource } from "../engine/router.ts";
import { CREATED, type State } from "../engine/state.ts";

const SAMPLES = 40;

/** Tasks. */
export const TASKS: EmulatedResource = {
  routes: crudRoutes({
    path: "/tasks/",
    collection: "tasks",
    filters: { project: equals, status: equals },
  }),
  seed,
};

function seed(state: State): void {
  const projects = state.collection("projects").filter();
  for (let index = 0; index < SAMPLES; index++) {
    const project = projects[index % projects.length];
    state.collection("tasks").add({
      uid: state.newUid(),
      type: project?.task_type,
      name: `Task ${index + 1}`,
      status: index % 4 === 0 ? "completed" : "pending",
      project: project?.uid,
      created_at: CREATED,
      updated_at: null,
    });
  }
}
