/**
 * Emulated routes of projects and tasks.
 *
 * @module
 */

import { answer, pageAnswer, type Route } from "../router.ts";

const STAFF_ONLY = {
  status: 403,
  body: { detail: "You do not have permission to perform this action." },
};

/** The routes of projects. */
export const PROJECT_ROUTES: Route[] = [
  {
    method: "GET",
    path: "/users/me/projects/",
    handle: ({ url, world }) => pageAnswer(world.projects.page(url)),
  },
  {
    method: "GET",
    path: "/users/me/projects/{uid}/",
    handle: ({ params, world }) => answer(world.projects.get(params.uid ?? "")),
  },
  { method: "GET", path: "/projects/", handle: () => STAFF_ONLY },
  { method: "GET", path: "/projects/{uid}/", handle: () => STAFF_ONLY },
];

/** The routes of tasks. */
export const TASK_ROUTES: Route[] = [
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
];
