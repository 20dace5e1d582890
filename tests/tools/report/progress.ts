/**
 * Says what runs when nothing else has been said for a while.
 *
 * @module
 */

/** Watches what runs. */
export class Progress {
  readonly #running = new Map<string, { start: number; note: string }>();
  readonly #print: (line: string) => void;
  readonly #interval: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Constructs a watch that prints after that many silent milliseconds. */
  constructor(print: (line: string) => void, interval: number) {
    this.#print = print;
    this.#interval = interval;
  }

  /** Begins to watch a piece of work. */
  begin(title: string): void {
    this.#running.set(title, { start: performance.now(), note: "" });
    this.#timer ??= this.#wait();
  }

  /** Takes what the work printed: its last line says how far it is. */
  note(title: string, text: string): void {
    const work = this.#running.get(title);
    const line = text.trimEnd().split("\n").at(-1)?.trim();
    if (work && line) work.note = line.slice(0, 100);
  }

  /** Starts the silence anew, as something was printed. */
  spoke(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = this.#running.size > 0 ? this.#wait() : undefined;
  }

  /** Ends the watch of a piece of work. */
  end(title: string): void {
    this.#running.delete(title);
    this.spoke();
  }

  #wait(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.#timer = this.#wait();
      const lines = [...this.#running].map(([title, { start, note }]) => {
        const seconds = ((performance.now() - start) / 1_000).toFixed(0);
        return `${title} (${seconds} s${note && `, last: ${note}`})`;
      });
      this.#print(`...    ${lines.join("; ")}`);
    }, this.#interval);
  }
}
