/**
 * Routes that create, list, read, change and delete the records of a collection.
 *
 * @module
 */

import type { Collection, Match, WireRecord } from "./collection.ts";
import {
  type BodyFields,
  type FieldErrors,
  fieldErrors,
  pick,
} from "./fields.ts";
import { toTest } from "./match.ts";
import { cursorPage, numberedPage } from "./pages.ts";
import {
  type EmulatedResponse,
  noContent,
  notFound,
  refuse,
  respond,
} from "./responses.ts";
import type { EmulatedRequest, Route } from "./router.ts";
import type { CollectionName } from "./state.ts";

/** What a route does with records. */
export type Action = "list" | "get" | "create" | "update" | "delete";

/** Tells whether a record's field of the same name, or the record, passes a filter of the query. */
export type Filter = (
  value: unknown,
  wanted: string,
  record: WireRecord,
) => boolean;

/** What {@linkcode crudRoutes} needs to know of a resource. */
export interface Crud {
  /** Path of the list, with `{name}` for a parameter. */
  path: string;
  /** Path of one record below that of the list; its parameter is the unique id. @default {"{uid}/"} */
  one?: string;
  /** Name of the collection. */
  collection: CollectionName;
  /** How records are listed; without it there is no such route. @default {"cursor"} */
  list?: "cursor" | "numbered" | "whole" | "none";
  /** Refuses a request before anything else is looked at. */
  guard?: (
    request: EmulatedRequest,
    action: Action,
  ) => EmulatedResponse | undefined;
  /** Which records are in reach of the path; all by default. */
  within?: (request: EmulatedRequest) => Match;
  /** Finds the record that a path names. @default {by its unique id, if it is in reach} */
  find?: (request: EmulatedRequest) => WireRecord | undefined;
  /** Filters of the list, by the name of query and field. */
  filters?: { readonly [name: string]: Filter };
  /** Lets time pass for a record that is about to be read. */
  read?: (record: WireRecord, request: EmulatedRequest) => WireRecord;
  /** The form of a record that responses show, without its secrets. */
  show?: (record: WireRecord, request: EmulatedRequest) => WireRecord;
  /** The form that the response about one record shows, where it differs. */
  detail?: (record: WireRecord, request: EmulatedRequest) => WireRecord;
  /** How a record is created; without it there is no such route. */
  create?: {
    fields: BodyFields;
    /** Finds what the table can't tell is wrong; values may be of any type. */
    check?: (given: WireRecord, request: EmulatedRequest) => FieldErrors;
    /** Makes the record from the checked fields. */
    make: (given: WireRecord, request: EmulatedRequest) => WireRecord;
    /** The form that the creation alone responds with, secrets included. */
    show?: (record: WireRecord, request: EmulatedRequest) => WireRecord;
    /** What happens once it is there. */
    then?: (record: WireRecord, request: EmulatedRequest) => void;
  };
  /** How a record is changed; without it there is no such route. */
  update?: {
    fields: BodyFields;
    /** Finds what the table can't tell is wrong; values may be of any type. */
    check?: (
      given: WireRecord,
      request: EmulatedRequest,
      record: WireRecord,
    ) => FieldErrors;
    /** The changes that the fields mean, where they are not the fields themselves. */
    changes?: (
      given: WireRecord,
      request: EmulatedRequest,
      record: WireRecord,
    ) => WireRecord;
  };
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
  const { path, guard } = crud;
  const one = path + (crud.one ?? "{uid}/");
  const routes: Route[] = [];
  const add = (
    action: Action,
    method: string,
    path: string,
    handle: (request: EmulatedRequest) => EmulatedResponse,
  ) =>
    routes.push({
      method,
      path,
      handle: (request) => guard?.(request, action) ?? handle(request),
    });
  if (crud.list !== "none") {
    add("list", "GET", path, (request) => list(crud, request));
  }
  if (crud.get !== false) {
    add(
      "get",
      "GET",
      one,
      withRecord(crud, (record, request) => {
        const { read, show, detail = show } = crud;
        const found = read?.(record, request) ?? record;
        return respond(detail?.(found, request) ?? found);
      }),
    );
  }
  if (crud.create) {
    add("create", "POST", path, (request) => create(crud, request));
  }
  if (crud.update) {
    add(
      "update",
      "PATCH",
      one,
      withRecord(crud, (record, request) => {
        return update(crud, record, request);
      }),
    );
  }
  if (crud.delete) {
    add(
      "delete",
      "DELETE",
      one,
      withRecord(crud, (record, request) => {
        recordsOf(crud, request).delete(record.uid);
        crud.deleted?.(record, request);
        return noContent();
      }),
    );
  }
  return routes;
}

/**
 * Makes the handler of a route below one record.
 *
 * @param crud What is known of the collection.
 * @param handle Responds when the record is there.
 * @returns The handler; without the record it responds 404.
 */
export function withRecord(
  crud: Pick<Crud, "collection" | "one" | "within" | "find">,
  handle: (record: WireRecord, request: EmulatedRequest) => EmulatedResponse,
): (request: EmulatedRequest) => EmulatedResponse {
  const { one = "{uid}/", within, find = byUid } = crud;
  const name = one.slice(1, one.indexOf("}"));
  function byUid(request: EmulatedRequest): WireRecord | undefined {
    const found = recordsOf(crud, request).get(request.params[name]);
    return found && toTest(within?.(request) ?? [])(found) ? found : undefined;
  }
  return (request) => {
    const record = find(request);
    return record ? handle(record, request) : notFound();
  };
}

/** Passes what equals the text of the query. */
export const equals: Filter = (value, wanted) => String(value) === wanted;

/** Passes what holds the text of the query, in whatever case. */
export const contains: Filter = (value, wanted) =>
  String(value).toLowerCase().includes(wanted.toLowerCase());

/** Passes what equals one of the texts of the query, which commas part. */
export const oneOf: Filter = (value, wanted) =>
  wanted.split(",").includes(String(value));

/**
 * Tells which records pass the filters of a query.
 *
 * @param url The URL of the request.
 * @param filters The filters.
 * @returns Which records are listed.
 */
export function passing(
  url: URL,
  filters: { readonly [name: string]: Filter },
): Match {
  return Object.entries(filters).flatMap(([name, passes]) => {
    const wanted = url.searchParams.get(name);
    return wanted === null
      ? []
      : (record: WireRecord) => passes(record[name], wanted, record);
  });
}

function list(crud: Crud, request: EmulatedRequest): EmulatedResponse {
  const { url } = request;
  const { filters = {}, within, show } = crud;
  const collection = recordsOf(crud, request);
  const listing = {
    match: [within?.(request) ?? [], passing(url, filters)],
    show: (record: WireRecord) => show?.(record, request) ?? record,
  };
  if (crud.list === "whole") {
    return respond(collection.filter(listing.match).map(listing.show));
  }
  const page = crud.list === "numbered" ? numberedPage : cursorPage;
  return page(collection, url, listing);
}

function create(crud: Crud, request: EmulatedRequest): EmulatedResponse {
  const { fields, check, make, show = crud.show, then } = crud.create!;
  const given = pick(request.body, fields);
  const refusal = refuse({
    ...check?.(given, request),
    ...fieldErrors(given, fields),
  });
  if (refusal) return refusal;
  const record = recordsOf(crud, request).add(make(given, request));
  then?.(record, request);
  return respond(show?.(record, request) ?? record, 201);
}

function update(
  crud: Crud,
  record: WireRecord,
  request: EmulatedRequest,
): EmulatedResponse {
  const { fields, check, changes } = crud.update!;
  const given = pick(request.body, fields);
  const refusal = refuse({
    ...check?.(given, request, record),
    ...fieldErrors(given, fields, true),
  });
  if (refusal) return refusal;
  const updated = recordsOf(crud, request).update(record, {
    ...changes?.(given, request, record) ?? given,
    ..."updated_at" in record && { updated_at: request.state.timestamp() },
  });
  return respond(crud.show?.(updated, request) ?? updated);
}

function recordsOf(
  { collection }: Pick<Crud, "collection">,
  { state }: EmulatedRequest,
): Collection {
  return state.collection(collection);
}
