/**
 * The tools that annotation issues are filed under; all names are made up.
 *
 * @module
 */

/** A kind of problem. */
export interface QcProblem {
  /** Unique id. */
  uid: string;
  /** What it is called. */
  title: string;
}

/** A tool with its kinds of problems. */
export interface QcTool {
  /** Unique id. */
  uid: string;
  /** What it is called. */
  name: string;
  /** The data type of the datasets that it is for. */
  dataset_type: string;
  /** Whether it is there without being set up. */
  default: boolean;
  /** What can be wrong with its objects. */
  problems: QcProblem[];
}

const TOOLS_BY_TYPE: { [type: string]: readonly string[] } = {
  image: ["Box", "Polygon"],
  video: ["Box", "Track"],
  lidar: ["Cuboid", "Polyline"],
  mcap: ["Cuboid", "Span"],
  splat: ["Cuboid"],
  image_3d: ["Mask"],
};
const PROBLEMS = ["Wrong class", "Bad geometry", "Missing object"];

/** All tools. */
export const QC_TOOLS: readonly QcTool[] = Object.entries(TOOLS_BY_TYPE)
  .flatMap(([dataset_type, names], type) =>
    names.map((name, index) => ({
      uid: toUid(type + 1, index + 1, 0),
      name,
      dataset_type,
      default: index === 0,
      problems: PROBLEMS.map((title, problem) => ({
        uid: toUid(type + 1, index + 1, problem + 1),
        title,
      })),
    }))
  );

/**
 * Finds a tool.
 *
 * @param uid Its unique id.
 * @returns The tool, if there is one.
 */
export function findTool(uid: unknown): QcTool | undefined {
  return QC_TOOLS.find((tool) => tool.uid === uid);
}

/**
 * Finds a kind of problem of a tool.
 *
 * @param tool Unique id of the tool.
 * @param uid Unique id of the kind of problem.
 * @returns The kind of problem, if the tool has it.
 */
export function findProblem(
  tool: unknown,
  uid: unknown,
): QcProblem | undefined {
  return findTool(tool)?.problems.find((problem) => problem.uid === uid);
}

function toUid(type: number, tool: number, problem: number): string {
  return `9c700${type}0${tool}-0000-4000-8000-00000000000${problem}`;
}
