/**
 * The commands that upload: a folder becomes a dataset, or the files of a recording.
 *
 * @module
 */

import type { Command, Input } from "../command.ts";
import { FILES, FOLDER, optionsLike, WAIT_TIMEOUT } from "../inputs.ts";

const RECORDING: Input = {
  name: "recordingUid",
  words: "Unique id of the recording.",
  type: "string",
  required: true,
};

const DATASET_OPTIONS = [
  ...optionsLike("datasets.createFromLocal"),
  WAIT_TIMEOUT,
];

/** Makes a dataset of a folder. */
export const uploadDataset: Command = {
  name: "datasets upload",
  summary: "Uploads a folder and makes a dataset of it.",
  details:
    "Run again, it sends only what is missing or has changed since. Files that fail do not stop the others.",
  args: [FOLDER],
  options: DATASET_OPTIONS.map((input) =>
    input.name === "dataType"
      ? {
        ...input,
        required: false,
        words: `${input.words} Found by the suffixes of the files.`,
      }
      : input
  ),
  effect: "write",
  run: async (context, { args: [folder], options }) => {
    const { makeDataset } = await import("./upload_files.ts");
    await makeDataset(context, [String(folder)], options);
  },
};

/** Makes a dataset of files. */
export const createFromLocal: Command = {
  name: "datasets create-from-local",
  summary: "Uploads files and makes a dataset of them.",
  details:
    "Like 'datasets upload', for more than one folder or for single files.",
  args: [FILES],
  options: DATASET_OPTIONS,
  effect: "write",
  run: async (context, { args: [files], options }) => {
    const { makeDataset } = await import("./upload_files.ts");
    await makeDataset(context, files as string[], options);
  },
};

/** Uploads files that become a dataset later. */
export const uploadFiles: Command = {
  name: "datasets upload-files",
  summary:
    "Uploads files, of which 'datasets create-from-manual-upload' makes a dataset.",
  args: [
    {
      name: "datasetName",
      words: "Name that the dataset is to get.",
      type: "string",
      required: true,
    },
    FILES,
  ],
  options: optionsLike("datasets.uploadFiles"),
  effect: "write",
  run: async (context, { args: [name, paths], options }) => {
    const { sendLoose } = await import("./upload_files.ts");
    await sendLoose(context, String(name), paths as string[], options);
  },
};

/** Uploads the files of a recording. */
export const uploadRecording: Command = {
  name: "fleet uploads upload-recording",
  summary: "Uploads the files of a recording.",
  details: "Run again, it sends only what the service has not confirmed.",
  args: [RECORDING, FILES],
  options: optionsLike("fleet.uploads.uploadRecording"),
  effect: "write",
  run: async (context, { args: [uid, files], options }) => {
    const { sendRecording } = await import("./upload_files.ts");
    await sendRecording(context, String(uid), files as string[], options);
  },
};

/** Uploads a folder as the files of a recording. */
export const uploadRecordingFolder: Command = {
  name: "fleet recordings upload",
  summary: "Uploads a folder as the files of a recording.",
  details: "Run again, it sends only what the service has not confirmed.",
  args: [FOLDER],
  options: [
    { ...RECORDING, name: "recording" },
    ...optionsLike("fleet.uploads.uploadRecording"),
  ],
  effect: "write",
  run: async (context, { args: [folder], options }) => {
    const { recording, ...rest } = options;
    const { sendRecording } = await import("./upload_files.ts");
    await sendRecording(context, String(recording), [String(folder)], rest);
  },
};

/** Uploads the files of a recording into storage that the service manages. */
export const uploadManagedRecording: Command = {
  name: "fleet uploads upload-managed-recording",
  summary: "Uploads the files of a recording into storage that Avala manages.",
  args: [RECORDING, FILES],
  options: optionsLike("fleet.uploads.uploadManagedRecording"),
  effect: "write",
  run: async (context, { args: [uid, files], options }) => {
    const { sendManaged } = await import("./upload_files.ts");
    await sendManaged(context, String(uid), files as string[], options);
  },
};
