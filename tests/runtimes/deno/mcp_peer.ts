/**
 * The official client of the Model Context Protocol, which npm has, and the server
 * for assistants as a process that it talks to.
 *
 * @module
 */

import type { EmulatorServer } from "@avala/client/testing";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { toolFolder } from "../../tools/workspace/tools.ts";
import { Workspace } from "../../tools/workspace/workspace.ts";
import type { Json, ListedTool } from "./mcp_arguments.ts";

/** The secret that no result may hold. */
export const API_KEY = "avk_peer_hunter2hunter2";

/** What a call of a tool gives. */
export interface ToolResult {
  /** Its texts. */
  content: { type: string; text: string }[];
  /** The same as JSON. */
  structuredContent?: Json;
  /** Whether it has failed. */
  isError?: boolean;
}

/** Options of a request. */
interface RequestOptions {
  signal?: AbortSignal;
  onprogress?: (progress: { progress: number; message?: string }) => void;
}

/** The part of the official client that is used here. */
export interface Peer {
  connect(transport: unknown): Promise<void>;
  close(): Promise<void>;
  ping(): Promise<unknown>;
  getServerVersion(): { name: string; version: string };
  getServerCapabilities(): Json;
  getInstructions(): string;
  setLoggingLevel(level: string): Promise<unknown>;
  listTools(params: { cursor?: string | undefined }): Promise<
    { tools: ListedTool[]; nextCursor?: string }
  >;
  callTool(
    params: { name: string; arguments: Json },
    schema?: undefined,
    options?: RequestOptions,
  ): Promise<ToolResult>;
  listResourceTemplates(): Promise<
    { resourceTemplates: { uriTemplate: string }[] }
  >;
  readResource(params: { uri: string }): Promise<
    { contents: { uri: string; text: string }[] }
  >;
  listPrompts(): Promise<
    { prompts: { name: string; arguments: { name: string }[] }[] }
  >;
  getPrompt(params: { name: string; arguments: Json }): Promise<
    { messages: { content: { text: string } }[] }
  >;
}

interface Transport {
  readonly pid: number | null;
  setProtocolVersion?: (version: string) => void;
}

interface Ajv {
  compile(schema: object): ((value: unknown) => boolean) & { errors?: unknown };
}

const modules = await toolFolder(new Workspace(), "@modelcontextprotocol/sdk");
const require = createRequire(pathToFileURL(`${modules}/`));
const { Client } = require("@modelcontextprotocol/sdk/client/index.js") as {
  Client: new (info: Json, options?: Json) => Peer;
};
const { StdioClientTransport } = require(
  "@modelcontextprotocol/sdk/client/stdio.js",
) as { StdioClientTransport: new (options: Json) => Transport };
const { Ajv2020 } = require("ajv/dist/2020.js") as {
  Ajv2020: new (options: Json) => Ajv;
};

/** The modules that start the server, each with the arguments that it needs. */
export const PROGRAMS = {
  mcp: ["src/mcp/mod.ts"],
  cli: ["src/cli/mod.ts", "mcp"],
} as const;

/** The arguments that start the server on Deno: it may reach one host, and no file. */
export function argumentsOfServer(
  { port }: EmulatorServer,
  program: keyof typeof PROGRAMS,
  args: readonly string[] = [],
): string[] {
  const root = new URL("../../../", import.meta.url);
  const [module, ...own] = PROGRAMS[program];
  return [
    "run",
    "--quiet",
    "--no-check",
    "--no-prompt",
    `--allow-net=127.0.0.1:${port}`,
    "--allow-env",
    new URL(module, root).href,
    ...own,
    ...args,
  ];
}

/** The environment of the server. */
export function environmentOfServer(
  { baseUrl }: EmulatorServer,
): { [name: string]: string } {
  return {
    ...Deno.env.toObject(),
    AVALA_API_KEY: API_KEY,
    AVALA_BASE_URL: baseUrl,
    AVALA_ALLOW_INSECURE_BASE_URL: "1",
    AVALA_MCP_ENABLE_MUTATIONS: "",
  };
}

/** Connects the official client with a new process of the server. */
export async function connect(
  server: EmulatorServer,
  program: keyof typeof PROGRAMS,
  args: readonly string[] = [],
  env: { [name: string]: string } = {},
): Promise<Peer & AsyncDisposable & { version: () => string | undefined }> {
  const transport = new StdioClientTransport({
    command: Deno.execPath(),
    args: argumentsOfServer(server, program, args),
    env: { ...environmentOfServer(server), ...env },
    stderr: "inherit",
  });
  let version: string | undefined;
  // the client tells its transport what was agreed on
  transport.setProtocolVersion = (agreed) => version = agreed;
  const client = new Client({ name: "peer", version: "1.0.0" });
  await client.connect(transport);
  return Object.assign(client, {
    version: () => version,
    [Symbol.asyncDispose]: () => client.close(),
  });
}

/** Lists the tools, page by page. */
export async function toolsOf(
  peer: Peer,
): Promise<{ tools: ListedTool[]; pages: number }> {
  const tools: ListedTool[] = [];
  let pages = 0;
  let cursor: string | undefined;
  do {
    const page = await peer.listTools({ cursor });
    tools.push(...page.tools);
    pages++;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return { tools, pages };
}

/** Makes a check out of a JSON Schema, which must be valid itself. */
export function validatorOf(schema: object): (value: unknown) => string {
  const check = new Ajv2020({ strict: true, allowUnionTypes: true })
    .compile(schema);
  return (value) => check(value) ? "" : JSON.stringify(check.errors);
}
