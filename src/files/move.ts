/**
 * Giving a file another name.
 *
 * @module
 */

import { link, open, rename, unlink } from "node:fs/promises";
import { codeOf } from "./paths.ts";

/** What a file system says that has no hard links. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

/**
 * Gives a file another name, in one step.
 *
 * @param path Its path.
 * @param target The path that it is to have, in the same file system.
 * @param overwrite Whether a file that is there is replaced.
 * @returns Nothing.
 * @throws The system's error; `EEXIST` for a file that is not to be replaced.
 */
export async function moveTo(
  path: string,
  target: string,
  overwrite: boolean,
): Promise<void> {
  if (overwrite) return await rename(path, target);
  try {
    // unlike a rename, a link never replaces a file that has come meanwhile
    await link(path, target);
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error) ?? "")) throw error;
    await (await open(target, "wx")).close();
    await rename(path, target).catch(async (cause) => {
      await unlink(target);
      throw cause;
    });
    return;
  }
  await unlink(path).catch(() => {});
}
