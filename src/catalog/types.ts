/**
 * What the table of operations tells of each.
 *
 * @module
 */

/** What a value must be. */
export interface ValueType {
  /** Its JSON type; `any` is whatever JSON can say. */
  readonly type: "string" | "number" | "boolean" | "array" | "object" | "any";
  /** The values known today; the service may take others. */
  readonly enum?: readonly string[];
  /** What the entries of an array must be. */
  readonly items?: ValueType;
  /** The fields of an object whose names are the client's; without them they are free. */
  readonly fields?: readonly Parameter[];
  /** Whether null says something: it clears the field. */
  readonly nullable?: boolean;
}

/** An argument, an option, or a field of one. */
export interface Parameter extends ValueType {
  /** Its name in the methods: `dataType`. */
  readonly name: string;
  /** What it means, in one or more sentences. */
  readonly words: string;
  /** Whether the call is refused without it. */
  readonly required?: boolean;
  /** What counts without it: a JSON value. */
  readonly default?: unknown;
}

/** What an operation gives back. */
export interface Result {
  /** Pages, a plain list, one object, free JSON, a file, or nothing. */
  readonly kind: "page" | "list" | "object" | "json" | "file" | "nothing";
  /** The name of the model of the object, or of each entry. */
  readonly model?: string;
}

/** An operation: one method of the client. */
export interface Operation {
  /** Resource and method: `fleet.devices.register`. */
  readonly id: string;
  /** The HTTP method, or null where several requests are made. */
  readonly http: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | null;
  /** The path below the base URL, or null where several requests are made. */
  readonly path: string | null;
  /** Whether it reads, writes or deletes. */
  readonly effect: "read" | "write" | "delete";
  /** What it does, in one sentence. */
  readonly summary: string;
  /** What else there is to know, or nothing. */
  readonly details?: string;
  /** The arguments, in the order of the call. */
  readonly args: readonly Parameter[];
  /** The options, which go into one object behind the arguments. */
  readonly options: readonly Parameter[];
  /** What it gives back. */
  readonly returns: Result;
  /** What it gives back, in words. */
  readonly returnsWords?: string;
}

/** A resource: a property of the client. */
export interface ResourceEntry {
  /** The property: `fleet.devices`. */
  readonly name: string;
  /** What it is about. */
  readonly words: string;
}

/** The fields of a model, and the type of each: `uid: string`. */
export interface ModelEntry {
  /** The name of the model. */
  readonly name: string;
  /** Type by field, as TypeScript writes it. */
  readonly fields: { readonly [name: string]: string };
}
