/**
 * Emulated routes of tasks.
 *
 * @module
 */

import { passes } from "../engine/crud.ts";
import { answer, type EmulatedResource, pageAnswer } from "../engine/router.ts";

/** Tasks. */
export const TASKS: EmulatedResource = {
  routes: [
    {
      method: "GET",
      path: "/tasks/",
      handle: ({ url, world }) =>
        pageAnswer(
          world.tasks.page(
            url,
            (task) => passes(task, url, ["project", "status"]),
          ),
        ),
    },
    {
      method: "GET",
      path: "/tasks/{uid}/",
      handle: ({ params, world }) => answer(world.tasks.get(params.uid ?? "")),
    },
  ],
};
