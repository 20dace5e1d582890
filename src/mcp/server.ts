/**
 * The server for assistants: the protocol on one side, the client on the other.
 *
 * @module
 */

import { AsyncClient } from "../client.ts";
import type { ClientOptions } from "../http/config.ts";
import { isJsonObject, type JsonObject } from "../wire/codec.ts";
import {
  CODES,
  Conversation,
  failure,
  ProtocolError,
  type RequestContext,
  type RequestHandler,
} from "./protocol.ts";
import { getPrompt, listPrompts } from "./prompts.ts";
import { readLines, toText } from "./framing.ts";
import { fromError, sentence, toErrorResult, toResult } from "./results.ts";
import { readResource, TEMPLATES } from "./resources.ts";
import { findFault } from "./schema.ts";
import type { Tool } from "./tool.ts";
import { describeTool, toolsOf } from "./tools.ts";

/** Options of {@linkcode serveMcp}. */
export interface McpOptions {
  /**
   * Options of the client that the tools use. Without a key the server starts all
   * the same; each call then says how to give one.
   *
   * @default {everything from the environment}
   */
  client?: ClientOptions | undefined;
  /**
   * Sets of tools: `default` (those of the official server), `all`, or names of
   * resources such as `fleet`.
   *
   * @default {["default"]}
   */
  toolsets?: readonly string[] | undefined;
  /**
   * Whether tools that change something are offered.
   *
   * @default {false}
   */
  allowWrites?: boolean | undefined;
  /**
   * Whether results may hold secrets, such as the token of a new device.
   *
   * @default {false}
   */
  showSecrets?: boolean | undefined;
  /** Version of the package, told to the peer. */
  version: string;
}

/** Tools on one page of their list. */
const TOOLS_PER_PAGE = 100;

const INSTRUCTIONS =
  "Tools for Avala: datasets of LiDAR, video and MCAP recordings, annotation projects, tasks, exports, quality and fleets of devices. Start with get_workspace_overview or one of the list tools; lists come as { items, nextCursor }: give 'nextCursor' as 'cursor' for more. Ids come from the lists.";

/**
 * Serves the protocol on two streams, line by line, until the input ends.
 *
 * @example An assistant that asks what there is
 * ```ts
 * import { serveMcp } from "@avala/client/mcp";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const ask = { jsonrpc: "2.0", id: 1, method: "tools/list" };
 * const input = new Blob([`${JSON.stringify(ask)}\n`]).stream();
 * let output = "";
 * await serveMcp({ version: "1.0.0" }, input, (text) => void (output += text));
 * assertStringIncludes(output, "list_datasets");
 * ```
 *
 * @param options What is served.
 * @param input What the peer sends.
 * @param write Sends text to the peer.
 * @returns A promise that is fulfilled when the peer has gone and all is done.
 */
export async function serveMcp(
  options: McpOptions,
  input: ReadableStream<Uint8Array>,
  write: (text: string) => unknown,
): Promise<void> {
  const server = new Server(options);
  const send = (message: unknown) => void write(toText(message));
  const conversation = new Conversation(
    {
      name: "avala",
      title: "Avala",
      version: options.version,
      instructions: INSTRUCTIONS,
      capabilities: { tools: {}, resources: {}, prompts: {} },
    },
    server.handlers(),
    send,
  );
  const running = new Set<Promise<void>>();
  try {
    for await (const line of readLines(input)) {
      if ("fault" in line) {
        send(
          failure(null, CODES.parse, `Cannot read a message: ${line.fault}`),
        );
        continue;
      }
      const { messages, isBatch } = line;
      const work = Promise.all(
        messages.map((message) => conversation.handle(message)),
      ).then((responses) => {
        const said = responses.filter((response) => response !== undefined);
        if (said.length > 0) send(isBatch ? said : said[0]);
      });
      running.add(work);
      work.finally(() => running.delete(work));
    }
  } finally {
    conversation.close();
    await Promise.allSettled(running);
    server.close();
  }
}

/** What is done for a peer. */
class Server {
  readonly #options: McpOptions;
  readonly #tools: ReadonlyMap<string, Tool>;
  #client: AsyncClient | undefined;

  constructor(options: McpOptions) {
    const { toolsets = ["default"], allowWrites = false } = options;
    this.#options = options;
    this.#tools = toolsOf(toolsets, allowWrites);
  }

  close(): void {
    this.#client?.close();
  }

  handlers(): { [method: string]: RequestHandler } {
    const { showSecrets = false } = this.#options;
    return {
      "tools/list": ({ cursor }) => this.#list(cursor),
      "tools/call": (params, context) => this.#call(params, context),
      "resources/list": () => ({ resources: [] }),
      "resources/templates/list": () => ({ resourceTemplates: TEMPLATES }),
      "resources/read": ({ uri }, { signal }) =>
        readResource(this.#connect(), uri, signal, showSecrets),
      "prompts/list": () => listPrompts(),
      "prompts/get": (params) => getPrompt(params),
    };
  }

  /** A server without a key can list its tools. */
  #connect(): AsyncClient {
    return this.#client ??= new AsyncClient(this.#options.client);
  }

  #list(cursor: unknown): JsonObject {
    const start = cursor === undefined ? 0 : Number(cursor);
    if (!Number.isInteger(start) || start < 0 || start > this.#tools.size) {
      throw new ProtocolError(
        CODES.invalidParams,
        `'cursor' must be one that this server gave: current value is ${
          JSON.stringify(cursor)
        }`,
      );
    }
    const end = start + TOOLS_PER_PAGE;
    const tools = [...this.#tools.values()].slice(start, end);
    return {
      tools: tools.map(describeTool),
      ...(end < this.#tools.size && { nextCursor: String(end) }),
    };
  }

  async #call(
    params: JsonObject,
    context: RequestContext,
  ): Promise<JsonObject> {
    const { name, arguments: given = {} } = params;
    const tool = this.#tools.get(String(name));
    if (!tool) {
      throw new ProtocolError(
        CODES.invalidParams,
        `There is no tool ${
          JSON.stringify(name)
        }: it is unknown, not in the toolsets in use, or needs --allow-writes`,
      );
    }
    const fault = isJsonObject(given)
      ? findFault(tool.name, tool.parameters, given)
      : `${tool.name} needs its arguments as an object`;
    if (fault || !isJsonObject(given)) {
      return toErrorResult(sentence(String(fault)));
    }
    try {
      const value = await tool.run(this.#connect(), given, context);
      return toResult(value, this.#options.showSecrets ?? false);
    } catch (error) {
      if (context.signal.aborted) throw error;
      context.log("warning", `${tool.name} has failed`);
      return fromError(error);
    }
  }
}
