/**
 * A page in a browser, driven by the DevTools protocol.
 *
 * @module
 */

import { stop } from "../workspace/processes.ts";
import { type Browser, startBrowser } from "./chromium.ts";

type Json = { [name: string]: unknown };

/** A node of the accessibility tree. */
export interface AccessibleNode {
  /** Whether assistive technology does not see it. */
  ignored: boolean;
  /** What it is. */
  role: string;
  /** What it is called. */
  name: string;
}

/** Sends a command of the protocol and waits for its result. */
type Send = (method: string, params?: Json, session?: string) => Promise<Json>;

/** A page in a browser. */
export class BrowserPage implements AsyncDisposable {
  /** What the page has written to its console, and what it threw. */
  readonly complaints: string[] = [];
  /** The addresses that the page has asked for. */
  readonly requested: string[] = [];
  readonly #send: (method: string, params?: Json) => Promise<Json>;
  readonly #end: () => Promise<void>;

  private constructor(
    send: (method: string, params?: Json) => Promise<Json>,
    end: () => Promise<void>,
  ) {
    this.#send = send;
    this.#end = end;
  }

  /** Starts a browser that shows an empty page. */
  static async open(browser: Browser): Promise<BrowserPage> {
    const child = await startBrowser(browser, ["--remote-debugging-port=0"]);
    const output = new Response(child.stdout).text();
    const { address, rest } = await addressOf(child.stderr);
    const connection = await connect(address);
    const end = async () => {
      await connection.close();
      stop(child);
      await Promise.all([output, rest, child.status]);
    };
    const { targetId } = await connection.send("Target.createTarget", {
      url: "about:blank",
    });
    const { sessionId } = await connection.send("Target.attachToTarget", {
      targetId,
      flatten: true,
    });
    const page = new BrowserPage(
      (method, params) => connection.send(method, params, String(sessionId)),
      end,
    );
    connection.listen((method, params) => page.#notice(method, params));
    for (const domain of ["Page", "Runtime", "Log", "Network"]) {
      await page.#send(`${domain}.enable`);
    }
    return page;
  }

  #notice(method: string, params: Json): void {
    if (method === "Network.requestWillBeSent") {
      this.requested.push((params.request as { url: string }).url);
    }
    const isComplaint = method === "Runtime.exceptionThrown" ||
      method === "Log.entryAdded" || method === "Runtime.consoleAPICalled";
    if (isComplaint) this.complaints.push(JSON.stringify(params));
  }

  /** Sets the size of the window, and light or dark. */
  async show(
    width: number,
    height: number,
    scheme: "light" | "dark" = "light",
  ): Promise<void> {
    await this.#send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: width < 600,
    });
    await this.#send("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: scheme }],
    });
  }

  /** Goes to an address. */
  async go(url: string): Promise<void> {
    await this.#send("Page.navigate", { url });
    await this.until("document.readyState === 'complete'");
  }

  /** Gives the value of an expression. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) {
      throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    }
    return (result as { value: T }).value;
  }

  /** Waits until an expression is true. */
  async until(expression: string, milliseconds = 20_000): Promise<void> {
    const end = performance.now() + milliseconds;
    while (!await this.evaluate<boolean>(`Boolean(${expression})`)) {
      if (performance.now() > end) throw new Error(`Never: ${expression}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  /** Presses a key, such as `Tab`, `Shift+Tab`, `Enter` or `a`. */
  async press(keys: string): Promise<void> {
    const key = keys.replace("Shift+", "");
    const known = KEYS[key];
    const shared = {
      key: known?.key ?? key,
      code: known?.code ?? "",
      windowsVirtualKeyCode: known?.number ?? key.toUpperCase().charCodeAt(0),
      modifiers: keys.startsWith("Shift+") ? 8 : 0,
    };
    const text = known ? known.text : key;
    await this.#send("Input.dispatchKeyEvent", {
      type: "keyDown",
      ...shared,
      ...(text && { text }),
    });
    await this.#send("Input.dispatchKeyEvent", { type: "keyUp", ...shared });
  }

  /** Types a text where the focus is. */
  async type(text: string): Promise<void> {
    await this.#send("Input.insertText", { text });
  }

  /** Lists what assistive technology sees. */
  async accessibleNodes(): Promise<AccessibleNode[]> {
    const { nodes } = await this.#send("Accessibility.getFullAXTree");
    return (nodes as { ignored: boolean; role?: Json; name?: Json }[]).map(
      ({ ignored, role, name }) => ({
        ignored,
        role: String(role?.value ?? ""),
        name: String(name?.value ?? ""),
      }),
    );
  }

  /** Takes a picture of the window, as PNG or WebP. */
  async picture(
    format: "png" | "webp" = "png",
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { data } = await this.#send("Page.captureScreenshot", {
      format,
      ...(format === "webp" && { quality: 90 }),
    });
    return Uint8Array.from(atob(String(data)), (c) => c.charCodeAt(0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}

const KEYS: {
  [name: string]: { key: string; code: string; number: number; text?: string };
} = {
  Tab: { key: "Tab", code: "Tab", number: 9 },
  Enter: { key: "Enter", code: "Enter", number: 13, text: "\r" },
  Space: { key: " ", code: "Space", number: 32, text: " " },
  Escape: { key: "Escape", code: "Escape", number: 27 },
  ArrowLeft: { key: "ArrowLeft", code: "ArrowLeft", number: 37 },
  ArrowUp: { key: "ArrowUp", code: "ArrowUp", number: 38 },
  ArrowRight: { key: "ArrowRight", code: "ArrowRight", number: 39 },
  ArrowDown: { key: "ArrowDown", code: "ArrowDown", number: 40 },
};

/** The browser tells its address on standard error, then goes on writing. */
async function addressOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<{ address: string; rest: Promise<void> }> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Cannot start the browser: ${text}`);
    text += value;
    const [, address] = /DevTools listening on (ws:\S+)/.exec(text) ?? [];
    if (address) return { address, rest: drain(reader) };
  }
}

async function drain(
  reader: ReadableStreamDefaultReader<string>,
): Promise<void> {
  while (!(await reader.read()).done);
}

interface Connection {
  send: Send;
  listen(listener: (method: string, params: Json) => void): void;
  close(): Promise<void>;
}

async function connect(address: string): Promise<Connection> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, PromiseWithResolvers<Json>>();
  const closed = Promise.withResolvers<void>();
  let listener: (method: string, params: Json) => void = () => {};
  let ids = 0;
  socket.onmessage = ({ data }) => {
    const { id, result, error, method, params } = JSON.parse(data);
    if (id === undefined) return listener(method, params);
    const call = waiting.get(id);
    waiting.delete(id);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result);
  };
  socket.onclose = () => {
    for (const call of waiting.values()) call.reject(new Error("It closed"));
    closed.resolve();
  };
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  return {
    listen: (given) => void (listener = given),
    send: (method, params = {}, sessionId) => {
      const id = ++ids;
      const call = Promise.withResolvers<Json>();
      waiting.set(id, call);
      socket.send(JSON.stringify({ id, method, params, sessionId }));
      return call.promise;
    },
    close: () => {
      socket.close();
      return closed.promise;
    },
  };
}
