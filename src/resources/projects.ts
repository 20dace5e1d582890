/**
 * Labeling projects.
 *
 * @example List projects
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * for await (const project of client.projects.list()) {
 *   console.log(project.name, project.status);
 * }
 * ```
 *
 * @module
 */

import type { PagePromise } from "../http/pages.ts";
import type { RequestOptions } from "../http/request.ts";
import { type Decode, model, type Open } from "../wire/codec.ts";
import { PAGE, type PageOptions } from "../wire/options.ts";
import { path } from "../wire/path.ts";
import { Resource } from "./resource.ts";
import type { TaskType } from "./tasks.ts";

/** State of a project. */
export type ProjectStatus = Open<
  "pending-approval" | "active" | "paused" | "canceled"
>;

/** A labeling project. */
export interface Project {
  /** Unique id of the project. */
  uid: string;
  /** Display name. */
  name: string;
  /** State of the project. */
  status: ProjectStatus | null;
  /** Kind of work. Documented, but not used by the official SDKs. */
  taskType: TaskType | null;
  /** Whether work goes on. Documented, but not used by the official SDKs. */
  isActive: boolean | null;
  /** Who may see the project. Documented, but not used by the official SDKs. */
  visibility: string | null;
  /** Whether it was imported. Documented, but not used by the official SDKs. */
  isImported: boolean | null;
  /** User name or organization slug of the owner. Documented, but not used by the official SDKs. */
  ownerName: string | null;
  /** A short description. Documented, but not used by the official SDKs. */
  shortDescription: string | null;
  /** Address of an icon. Documented, but not used by the official SDKs. */
  industryIcon: string | null;
  /** When the project was created, ISO-8601. */
  createdAt: string | null;
  /** When the project last changed, ISO-8601. */
  updatedAt: string | null;
}

const decodeProject: Decode<Project> = model<Project>({
  uid: null,
  name: null,
  status: null,
  taskType: null,
  isActive: null,
  visibility: null,
  isImported: null,
  ownerName: null,
  shortDescription: null,
  industryIcon: null,
  createdAt: null,
  updatedAt: null,
});

/** The caller's own projects. */
export class AsyncProjects extends Resource {
  /**
   * Lists the caller's projects.
   *
   * @param options Page size and start.
   * @param request Request options.
   * @returns One page when awaited, all projects when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: PageOptions = {},
    request?: RequestOptions,
  ): PagePromise<Project> {
    const where = path("projects.list", "/users/me/projects/");
    return this.pages(decodeProject, where, PAGE, options, request);
  }

  /**
   * Reads one of the caller's projects.
   *
   * @param uid Unique id of the project.
   * @param request Request options.
   * @returns The project.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such project.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<Project> {
    const where = path("projects.get", "/users/me/projects/{uid}/", { uid });
    return await this.one(decodeProject, "GET", where, request);
  }
}
