/**
 * Routes: which handler takes which method and path.
 *
 * @module
 */

import type { ByteStream } from "../storage/bytes.ts";
import type { WireRecord } from "./collection.ts";
import type { EmulatedResponse } from "./responses.ts";
import type { SeedModel } from "./seed.ts";
import type { Maker, State } from "./state.ts";

/** A request as a handler sees it. */
export interface EmulatedRequest {
  /** HTTP method. */
  method: string;
  /** The whole URL. */
  url: URL;
  /** Path parameters by name, decoded. */
  params: { [name: string]: string };
  /** Parsed JSON body; an empty object where there is none. */
  body: WireRecord;
  /** Parsed JSON body of a route that takes a list, else empty. */
  entries: readonly unknown[];
  /** The body as it arrives, where nobody has read it: at presigned routes. */
  stream: ByteStream;
  /** Headers of the request. */
  headers: Headers;
  /** The state to read and change. */
  state: State;
}

/** Responds to a request. */
export type Handler = (
  request: EmulatedRequest,
) => EmulatedResponse | Promise<EmulatedResponse>;

/** One route. */
export interface Route {
  /** HTTP method. */
  method: string;
  /** Path below the API's prefix, with `{name}` for a parameter. */
  path: string;
  /** Whether no credential is asked for. @default {false} */
  open?: boolean;
  /** Whether the body is a list instead of an object. @default {false} */
  takesList?: boolean;
  /** Responds to a request. */
  handle: Handler;
}

/** What the emulator knows of one resource. */
export interface EmulatedResource {
  /** Its routes below the API's prefix. */
  routes: readonly Route[];
  /** Its routes outside the prefix, as the addresses of results lead to. */
  results?: readonly Route[];
  /** Its routes of the storage, which take streams and refuse credentials. */
  presigned?: readonly Route[];
  /** Its routes for whoever looks at the emulator itself: open, not logged, met by no fault. */
  site?: readonly Route[];
  /** What of its sample data can be made when it is asked for, by name. */
  makers?: { readonly [name: string]: Maker };
  /** Sample data of which there can be as much as wanted, by name in a seed. */
  samples?: { readonly [name: string]: Sample };
  /** Adds the rest of its sample data. */
  seed?: (state: State) => void;
  /** Whether that is needed beside records of one's own. @default {false} */
  isNeeded?: boolean;
  /** Own records that a seed may hold, by name. */
  models?: { readonly [name: string]: SeedModel };
  /** Lets what is under way go on as by so many reads. */
  advance?: (state: State, steps: number) => void;
}

/** Sample data of which there can be as much as wanted. */
export interface Sample {
  /** How much there is by default. */
  count: number;
  /** Adds it. */
  add: (state: State, count: number) => void;
}

/** A route with the parameters of a path. */
export interface RouteMatch {
  /** The route. */
  route: Route;
  /** Path parameters by name, decoded. */
  params: { [name: string]: string };
}

/** What is known of the paths that begin alike. */
interface Node {
  /** What follows a fixed segment. */
  readonly fixed: Map<string, Node>;
  /** What follows any other segment. */
  any?: Node;
  /** The routes that end here, by method. */
  readonly ends: Map<string, End>;
}

/** A route, and the names of its parameters in order. */
interface End {
  readonly route: Route;
  readonly names: readonly string[];
}

/** Finds routes, segment by segment. */
export class Router {
  readonly #root: Node = emptyNode();

  /**
   * Constructs a router.
   *
   * @param routes All routes.
   */
  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      let at = this.#root;
      const names: string[] = [];
      for (const segment of route.path.split("/")) {
        if (segment.startsWith("{")) {
          names.push(segment.slice(1, -1));
          at = at.any ??= emptyNode();
          continue;
        }
        const next = at.fixed.get(segment) ?? emptyNode();
        at.fixed.set(segment, next);
        at = next;
      }
      at.ends.set(route.method, { route, names });
    }
  }

  /**
   * Finds the route of a request; fixed segments win over parameters, and a HEAD
   * is a GET of which the body is left out.
   *
   * @param method HTTP method.
   * @param path Path below the API's prefix.
   * @returns The route with its parameters, or the status to refuse with.
   */
  find(method: string, path: string): RouteMatch | 400 | 404 | 405 {
    const wanted = method === "HEAD" ? "GET" : method;
    const found = search(this.#root, wanted, path.split("/"), 0);
    if (typeof found === "number") return found;
    const { end: { route, names }, values } = found;
    try {
      const params = Object.fromEntries(
        names.map((name, index) => [name, decodeURIComponent(values[index]!)]),
      );
      return { route, params };
    } catch {
      // an escape that is no UTF-8
      return 400;
    }
  }
}

function emptyNode(): Node {
  return { fixed: new Map(), ends: new Map() };
}

function search(
  at: Node,
  method: string,
  segments: readonly string[],
  index: number,
): { end: End; values: string[] } | 404 | 405 {
  const segment = segments[index];
  if (segment === undefined) {
    const end = at.ends.get(method);
    return end ? { end, values: [] } : at.ends.size > 0 ? 405 : 404;
  }
  const next = at.fixed.get(segment);
  const found = next ? search(next, method, segments, index + 1) : 404;
  if (typeof found === "object" || !at.any || segment === "") return found;
  const other = search(at.any, method, segments, index + 1);
  if (typeof other === "number") return found === 405 ? found : other;
  other.values.unshift(segment);
  return other;
}
