/**
 * Emulated routes of projects.
 *
 * @module
 */

import { answer, type EmulatedResource, pageAnswer } from "../router.ts";

const STAFF_ONLY = {
  status: 403,
  body: { detail: "You do not have permission to perform this action." },
};

/** Projects. */
export const PROJECTS: EmulatedResource = {
  routes: [
    {
      method: "GET",
      path: "/users/me/projects/",
      handle: ({ url, world }) => pageAnswer(world.projects.page(url)),
    },
    {
      method: "GET",
      path: "/users/me/projects/{uid}/",
      handle: ({ params, world }) =>
        answer(world.projects.get(params.uid ?? "")),
    },
    { method: "GET", path: "/projects/", handle: () => STAFF_ONLY },
    { method: "GET", path: "/projects/{uid}/", handle: () => STAFF_ONLY },
  ],
};
