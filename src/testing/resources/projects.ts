/**
 * Emulated routes of projects.
 *
 * @module
 */

import {
  answer,
  type EmulatedResource,
  pageAnswer,
  type Route,
} from "../engine/router.ts";

/** Lists of all customers are for staff: keys that start with `avk_staff`. */
function forStaff(handle: Route["handle"]): Route["handle"] {
  return (request) =>
    request.headers.get("x-avala-api-key")?.startsWith("avk_staff")
      ? handle(request)
      : {
        status: 403,
        body: { detail: "You do not have permission to perform this action." },
      };
}

const list: Route["handle"] = ({ url, world }) =>
  pageAnswer(world.projects.page(url));
const get: Route["handle"] = ({ params, world }) =>
  answer(world.projects.get(params.uid ?? ""));

/** Projects. */
export const PROJECTS: EmulatedResource = {
  routes: [
    { method: "GET", path: "/users/me/projects/", handle: list },
    { method: "GET", path: "/users/me/projects/{uid}/", handle: get },
    { method: "GET", path: "/projects/", handle: forStaff(list) },
    { method: "GET", path: "/projects/{uid}/", handle: forStaff(get) },
  ],
};
