/**
 * Emulated routes of tasks.
 *
 * @module
 */

import { answer, type EmulatedResource, pageAnswer } from "../router.ts";

/** Tasks. */
export const TASKS: EmulatedResource = {
  routes: [
    {
      method: "GET",
      path: "/tasks/",
      handle: ({ url, world }) =>
        pageAnswer(
          world.tasks.page(url, (task) =>
            ["project", "status"].every((filter) => {
              const wanted = url.searchParams.get(filter);
              return wanted === null || task[filter] === wanted;
            })),
        ),
    },
    {
      method: "GET",
      path: "/tasks/{uid}/",
      handle: ({ params, world }) => answer(world.tasks.get(params.uid ?? "")),
    },
  ],
};
