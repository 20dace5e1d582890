/**
 * Programs in a pseudo-terminal, by the module `pty` of Python.
 *
 * @module
 */

const SCRIPT = `
import fcntl, os, pty, select, struct, sys, termios
columns, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    size = struct.pack("HHHH", 24, int(columns), 0, 0)
    fcntl.ioctl(0, termios.TIOCSWINSZ, size)
    os.execvp(command[0], command)
inputs = [terminal, 0]
while True:
    ready = select.select(inputs, [], [])[0]
    if terminal in ready:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        os.write(1, chunk)
    if 0 in ready:
        typed = os.read(0, 65536)
        if typed:
            os.write(terminal, typed)
        else:
            inputs.remove(0)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(status if status >= 0 else 128 - status)
`;

/** After so many milliseconds, what a test waits for never comes. */
const PATIENCE = 40_000;

/** Whether there are pseudo-terminals here. */
export const hasPseudoTerminals: boolean = await (async () => {
  try {
    const { success } = await new Deno.Command("python3", {
      args: ["-c", "import fcntl, os, pty; os.waitstatus_to_exitcode"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
})();

/** A terminal's options. */
export interface TerminalOptions {
  /** Added to the environment. */
  env?: { [name: string]: string };
  /** Its width. @default {80} */
  columns?: number;
}

/** A program that runs in a terminal. */
export class PseudoTerminal implements AsyncDisposable {
  /** What the terminal got so far. */
  shown = "";
  readonly #child: Deno.ChildProcess;
  readonly #typing: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reading: Promise<void>;
  #waiting: (() => void)[] = [];
  #isOver = false;

  /** Starts a program. */
  constructor(
    command: readonly string[],
    { env = {}, columns = 80 }: TerminalOptions = {},
  ) {
    this.#child = new Deno.Command("python3", {
      args: ["-c", SCRIPT, `${columns}`, ...command],
      env: { TERM: "xterm-256color", NO_COLOR: "", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#typing = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** Types something; `\u0003` is Ctrl-C. */
  async type(text: string): Promise<void> {
    await this.#typing.write(new TextEncoder().encode(text));
  }

  /** Waits until the terminal shows something. */
  async until(isThere: (shown: string) => boolean): Promise<void> {
    let isLate = false;
    const alarm = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, PATIENCE);
    try {
      while (!isThere(this.shown)) {
        if (this.#isOver || isLate) {
          throw new Error(
            `The terminal shows something else: ${JSON.stringify(this.shown)}`,
          );
        }
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    } finally {
      clearTimeout(alarm);
    }
  }

  /** Waits for the end, and gives the exit code: 128 and more after a signal. */
  async end(): Promise<number> {
    await this.#reading;
    const { code } = await this.#child.status;
    await this.#typing.close().catch(() => {});
    return code;
  }

  /** Ends it, whatever it does: its terminal goes away. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) this.#child.kill("SIGKILL");
    await this.end();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.#child.stdout) {
      this.shown += decoder.decode(chunk, { stream: true });
      this.#wake();
    }
    this.#isOver = true;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
