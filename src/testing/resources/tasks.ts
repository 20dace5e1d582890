/**
 * Emulated routes of tasks.
 *
 * @module
 */

import type { WireRecord } from "../engine/collection.ts";
import { crudRoutes, equals } from "../engine/crud.ts";
import type { EmulatedResource } from "../engine/router.ts";
import { CREATED } from "../engine/state.ts";
import { REFERRED } from "./references.ts";

const collection = "tasks";

/** Tasks. */
export const TASKS: EmulatedResource = {
  routes: crudRoutes({
    path: "/tasks/",
    collection,
    filters: { project: equals, status: equals },
  }),
  makers: {
    task: (index, uid, _, args) => {
      const projects = args.projects as [uid: string, type: string][];
      const [project, type] = projects[index % projects.length] ?? [null, null];
      return newTask({
        uid,
        type,
        name: `Task ${index + 1}`,
        status: index % 4 === 0 ? "completed" : "pending",
        project,
      });
    },
  },
  samples: {
    tasks: {
      count: 40,
      add: (state, count) =>
        state.generate({
          collection,
          maker: "task",
          count,
          args: {
            projects: state.collection("projects").filter({}, REFERRED)
              .map((project) => [project.uid, project.task_type]),
          },
        }),
    },
  },
  models: {
    tasks: {
      collection,
      fields: {},
      make: (given, state) => newTask({ uid: state.newUid(), ...given }),
    },
  },
};

function newTask(fields: WireRecord): WireRecord {
  return {
    type: null,
    name: "Task",
    status: "pending",
    project: null,
    created_at: CREATED,
    updated_at: null,
    ...fields,
  };
}
