/**
 * Units of labeling work.
 *
 * @example What is still to do
 * ```ts
 * import { AsyncClient } from "@avala/client";
 * import { AvalaEmulator } from "@avala/client/testing";
 *
 * const { fetch } = new AvalaEmulator();
 * await using client = new AsyncClient({ apiKey: "avk_example", fetch });
 * for await (const task of client.tasks.list({ status: "pending" })) {
 *   console.log(task.name, task.type);
 * }
 * ```
 *
 * @example All that is pending, by project
 * ```ts
 * import { AsyncClient, type Task } from "@avala/client";
 *
 * await using client = new AsyncClient();
 * const byProject = new Map<string, Task[]>();
 * for await (const task of client.tasks.list({ status: "pending", limit: 500 })) {
 *   const tasks = byProject.get(task.project ?? "") ?? [];
 *   byProject.set(task.project ?? "", [...tasks, task]);
 * }
 * for (const [project, tasks] of byProject) console.log(project, tasks.length);
 * ```
 *
 * @module
 */

import type { PagePromise } from "../http/pages.ts";
import type { RequestOptions } from "../http/request.ts";
import { model, type Open } from "../wire/codec.ts";
import {
  optional,
  type OptionTable,
  PAGE,
  type PageOptions,
} from "../wire/options.ts";
import { path } from "../wire/path.ts";
import { Resource } from "./resource.ts";

/** Kind of labeling work. */
export type TaskType = Open<
  | "image-annotation"
  | "video-annotation"
  | "point-cloud-annotation"
  | "point-cloud-objects"
>;

/** State of a task. */
export type TaskStatus = Open<"pending" | "completed">;

/** A unit of labeling work. */
export interface Task {
  /** Unique id of the task. */
  uid: string;
  /** Kind of work. */
  type: TaskType | null;
  /** Display name. */
  name: string | null;
  /** State of the task. */
  status: TaskStatus | null;
  /** Unique id of the project. */
  project: string | null;
  /** When the task was created, ISO-8601. */
  createdAt: string | null;
  /** When the task last changed, ISO-8601. */
  updatedAt: string | null;
}

/** Filters of {@linkcode AsyncTasks.list}. */
export interface ListTasksOptions extends PageOptions {
  /** Only tasks of the project with this unique id. */
  project?: string | undefined;
  /** Only tasks in this state. */
  status?: TaskStatus | undefined;
}

const decodeTask = model<Task>({
  uid: null,
  type: null,
  name: null,
  status: null,
  project: null,
  createdAt: null,
  updatedAt: null,
});

const LIST: OptionTable<ListTasksOptions> = {
  project: optional,
  status: optional,
  ...PAGE,
};

/** Tasks. */
export class AsyncTasks extends Resource {
  /**
   * Lists tasks.
   *
   * @param options Filters, page size and start.
   * @param request Request options.
   * @returns One page when awaited, all tasks when iterated.
   * @throws {InvalidArgumentError} If an option is wrong.
   * @throws {AvalaError} If a request fails.
   */
  list(
    options: ListTasksOptions = {},
    request?: RequestOptions,
  ): PagePromise<Task> {
    const where = path("tasks.list", "/tasks/");
    return this.pages(decodeTask, where, LIST, options, request);
  }

  /**
   * Reads a task.
   *
   * @param uid Unique id of the task.
   * @param request Request options.
   * @returns The task.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {NotFoundError} If there is no such task.
   * @throws {AvalaError} If the request fails.
   */
  async get(uid: string, request?: RequestOptions): Promise<Task> {
    const where = path("tasks.get", "/tasks/{uid}/", { uid });
    return await this.one(decodeTask, "GET", where, request);
  }
}
