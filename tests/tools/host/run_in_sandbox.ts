/**
 * The host of a page or a worker that runs tests: it serves the files of the
 * project, opens sockets, and takes the results.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { decode, encode, type Message } from "../sandbox/frame.ts";
import { type ProcessResult, stop } from "../workspace/processes.ts";
import { HostServers } from "./servers.ts";

const PAGE = "<!doctype html><title>Tests</title>";

/**
 * Serves the files of a folder, and waits until what runs there has reported the
 * result of its tests.
 */
export async function runInSandbox(
  project: string,
  start: (host: string) => Promise<Deno.ChildProcess>,
  timeout: number,
): Promise<ProcessResult> {
  let printed = "";
  let servers: HostServers | undefined;
  const finished = Promise.withResolvers<number | undefined>();
  const root = pathToFileURL(`${project}/`).href;

  const receive = async (socket: WebSocket, frame: ArrayBuffer) => {
    const [message, bytes] = decode(frame);
    const { op, id, text = "", number = 1 } = message;
    if (op === "print") printed += `${text}\n`;
    else if (op === "finished") finished.resolve(number);
    else if (op === "read") {
      const file = await readBelow(root, text);
      const reply: Message = { op: file ? "file" : "missing", id };
      socket.send(encode(reply, file));
    } else servers?.receive(message, bytes);
  };
  const link = (request: Request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, {
      idleTimeout: 0,
    });
    socket.binaryType = "arraybuffer";
    servers = new HostServers((message, bytes) => {
      if (socket.readyState === WebSocket.OPEN) {
        socket.send(encode(message, bytes));
      }
    });
    socket.onmessage = ({ data }) => receive(socket, data);
    return response;
  };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      if (request.headers.get("upgrade") === "websocket") return link(request);
      const { pathname } = new URL(request.url);
      const html = { "content-type": "text/html" };
      if (pathname.endsWith(".html")) {
        const script = pathname.replace(/html$/, "js");
        const body = `${PAGE}<script type="module" src="${script}"></script>`;
        return new Response(body, { headers: html });
      }
      const file = await readBelow(root, `${root}${pathname.slice(1)}`);
      if (!file) return new Response(null, { status: 404 });
      const headers = { "content-type": "text/javascript" };
      return new Response(new Uint8Array(file), { headers });
    },
  );

  const child = await start(`127.0.0.1:${server.addr.port}`);
  const output = Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  const timer = setTimeout(() => {
    printed += `\nStopped: it ran longer than ${timeout} ms\n`;
    finished.resolve(undefined);
  }, timeout);
  // A process that ends first has said nothing, or its last words are on the way.
  child.status.then(() => setTimeout(() => finished.resolve(undefined), 1_000));
  const code = await finished.promise;
  clearTimeout(timer);
  stop(child, "SIGKILL");
  await child.status;
  servers?.closeAll();
  await server.shutdown();
  const said = (await output).join("");
  // its own messages are noise, unless there is nothing else to go by
  if (code === undefined) printed += said;
  return { code: code ?? 1, output: printed, stdout: printed };
}

async function readBelow(
  root: string,
  url: string,
): Promise<Uint8Array | undefined> {
  if (!new URL(url).href.startsWith(root)) return undefined;
  return await readFile(fileURLToPath(url)).catch(() => undefined);
}
