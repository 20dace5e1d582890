/**
 * How a command ends, other than well.
 *
 * @module
 */

/** The exit codes. */
export const EXIT = {
  /** All went well. */
  ok: 0,
  /** The service refused, or could not be reached. */
  refused: 1,
  /** The command line is wrong. */
  usage: 2,
  /** There is no credential, or it is not accepted. */
  credentials: 3,
  /** There is no such thing. */
  notFound: 4,
  /** Not all files made it. */
  incomplete: 5,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

/** An end with an exit code and one line for whoever typed the command. */
export class CommandError extends Error {
  /** Name of the class. */
  override name = "CommandError";
  /** The exit code. */
  readonly code: number;

  /**
   * Constructs the error.
   *
   * @param code The exit code.
   * @param message What went wrong, and the way out.
   */
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Makes the error for a command line that is wrong.
 *
 * @param message What is wrong, and the way out.
 * @returns The error.
 */
export function usage(message: string): CommandError {
  return new CommandError(EXIT.usage, message);
}

/** Ctrl-C: the reason with which everything under way is aborted. */
export class Interrupted extends Error {
  /** Name of the class. */
  override name = "Interrupted";
}

/** The reader of the output has gone: `| head`. */
export class BrokenPipe extends Error {
  /** Name of the class. */
  override name = "BrokenPipe";
}
