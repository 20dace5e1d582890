/**
 * Routes that create, list, read, change and delete the records of a collection.
 *
 * @module
 */

import {
  type BodyFields,
  type FieldErrors,
  fieldErrors,
  pick,
} from "./fields.ts";
import {
  answer,
  done,
  type EmulatedAnswer,
  type EmulatedRequest,
  notFound,
  pageAnswer,
  refuse,
  type Route,
} from "./router.ts";
import type { WireRecord } from "./store.ts";

/** What {@linkcode crudRoutes} needs to know of a resource. */
export interface Crud {
  /** Path of the list, with `{name}` for a parameter. */
  path: string;
  /** Name of the collection in the world. */
  collection: string;
  /** Tells whether a record is in reach of the path; all are by default. */
  within?: (record: WireRecord, request: EmulatedRequest) => boolean;
  /** Tells whether what a URL names beside the records is there; else 404. */
  parent?: (request: EmulatedRequest) => boolean;
  /** Query names that filter by the record's field of the same name. */
  filters?: readonly string[];
  /** The form of a record that answers show, without its secrets. */
  show?: (record: WireRecord, request: EmulatedRequest) => WireRecord;
  /** The form that the answer about one record shows, where it differs. */
  detail?: (record: WireRecord, request: EmulatedRequest) => WireRecord;
  /** How a record is created; without it there is no such route. */
  create?: {
    fields: BodyFields;
    /** Makes the record from the checked fields, or refuses them. */
    make: (
      given: WireRecord,
      request: EmulatedRequest,
    ) => WireRecord | EmulatedAnswer;
    /** The form that the creation alone answers with, secrets included. */
    show?: (record: WireRecord, request: EmulatedRequest) => WireRecord;
    /** What happens once it is there. */
    then?: (record: WireRecord, request: EmulatedRequest) => void;
  };
  /** The fields that a PATCH may change; without it there is no such route. */
  update?: BodyFields;
  /** Finds what the fields cannot tell is wrong with a PATCH. */
  check?: (
    given: WireRecord,
    request: EmulatedRequest,
    record: WireRecord,
  ) => FieldErrors;
  /** Whether there is a route for one record. @default {true} */
  get?: boolean;
  /** Whether records can be deleted. @default {false} */
  delete?: boolean;
  /** What happens once a record is deleted. */
  deleted?: (record: WireRecord, request: EmulatedRequest) => void;
}

/**
 * Makes the routes of a collection.
 *
 * @param crud What they do.
 * @returns The routes.
 */
export function crudRoutes(crud: Crud): Route[] {
  const { path, show = (record) => record } = crud;
  const detail = crud.detail ?? show;
  const one = `${path}{uid}/`;
  const routes: Route[] = [{
    method: "GET",
    path,
    handle: (request) => list(crud, request),
  }];
  if (crud.get !== false) {
    routes.push({
      method: "GET",
      path: one,
      handle: (request) => {
        const record = findRecord(crud, request);
        return answer(record && detail(record, request));
      },
    });
  }
  if (crud.create) {
    const { create } = crud;
    routes.push({
      method: "POST",
      path,
      handle: (request) => {
        const { body, world } = request;
        const refusal = refuse(fieldErrors(body, create.fields));
        if (refusal) return refusal;
        const made = create.make(pick(body, create.fields), request);
        if (isAnswer(made)) return made;
        world.collection(crud.collection).add(made);
        create.then?.(made, request);
        return answer({ ...(create.show ?? show)(made, request) }, 201);
      },
    });
  }
  if (crud.update) {
    const fields = crud.update;
    routes.push({
      method: "PATCH",
      path: one,
      handle: (request) => {
        const record = findRecord(crud, request);
        if (!record) return notFound();
        const given = pick(request.body, fields);
        const refusal = refuse(fieldErrors(given, fields, true)) ??
          refuse(crud.check?.(given, request, record) ?? {});
        if (refusal) return refusal;
        Object.assign(record, given);
        if ("updated_at" in record) {
          record.updated_at = request.world.timestamp();
        }
        return answer(show(record, request));
      },
    });
  }
  if (crud.delete) {
    routes.push({
      method: "DELETE",
      path: one,
      handle: (request) => {
        const record = findRecord(crud, request);
        if (!record) return notFound();
        request.world.collection(crud.collection).delete(String(record.uid));
        crud.deleted?.(record, request);
        return done();
      },
    });
  }
  const { parent } = crud;
  if (!parent) return routes;
  return routes.map((route) => ({
    ...route,
    handle: (request) => parent(request) ? route.handle(request) : notFound(),
  }));
}

/**
 * Finds the record that the path of a request names.
 *
 * @param crud What is known of the collection.
 * @param request The request, with the path parameter `uid`.
 * @returns The record, if there is one in reach.
 */
export function findRecord(
  crud: Pick<Crud, "collection" | "within">,
  request: EmulatedRequest,
): WireRecord | undefined {
  const { params, world } = request;
  const record = world.collection(crud.collection).get(params.uid ?? "");
  return record && (crud.within?.(record, request) ?? true)
    ? record
    : undefined;
}

function list(crud: Crud, request: EmulatedRequest): EmulatedAnswer {
  const { url, world } = request;
  const { filters = [], within = () => true, show } = crud;
  return pageAnswer(
    world.collection(crud.collection).page(
      url,
      (record) => within(record, request) && passes(record, url, filters),
      show && ((record) => show(record, request)),
    ),
  );
}

/**
 * Tells whether a record passes the filters of a query.
 *
 * @param record The record.
 * @param url The URL of the request.
 * @param filters Query names that equal the record's field names.
 * @returns Whether every filter that is given equals the record's field.
 */
export function passes(
  record: WireRecord,
  url: URL,
  filters: readonly string[],
): boolean {
  return filters.every((filter) => {
    const wanted = url.searchParams.get(filter);
    return wanted === null || String(record[filter]) === wanted;
  });
}

function isAnswer(
  made: WireRecord | EmulatedAnswer,
): made is EmulatedAnswer {
  return typeof made.status === "number" && "body" in made;
}
