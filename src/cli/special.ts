/**
 * The commands that are more than one operation.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { completion } from "./commands/completion.ts";
import { configure } from "./commands/configure.ts";
import {
  downloadDataset,
  downloadExport,
  downloadObject,
} from "./commands/download.ts";
import { emulator } from "./commands/emulator.ts";
import { importCloud, importFolder, importList } from "./commands/import.ts";
import { mcp } from "./commands/mcp.ts";
import { status } from "./commands/status.ts";
import {
  createFromLocal,
  uploadDataset,
  uploadFiles,
  uploadManagedRecording,
  uploadRecording,
  uploadRecordingFolder,
} from "./commands/upload.ts";
import { waitCommands } from "./commands/wait.ts";

/**
 * Lists the commands that are more than one operation.
 *
 * @returns The commands.
 */
export function specialCommands(): Command[] {
  return [
    completion,
    configure,
    createFromLocal,
    downloadDataset,
    downloadExport,
    downloadObject,
    emulator,
    importCloud,
    importFolder,
    importList,
    mcp,
    status,
    uploadDataset,
    uploadFiles,
    uploadManagedRecording,
    uploadRecording,
    uploadRecordingFolder,
    ...waitCommands(),
  ];
}
