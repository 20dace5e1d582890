/**
 * The public surface of each module, as text: kept in `tests/surface/`, so that a
 * change to it is seen in review.
 *
 * @module
 */

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Outcome, single } from "../report/outcome.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type Exported, readModule } from "./doc_model.ts";
import {
  printParams,
  printSignature,
  printType,
  printTypeParams,
} from "./print_types.ts";

const FOLDER = "tests/surface";

/** Writes the surface of every module. */
export async function writeSurface(workspace: Workspace): Promise<void> {
  const folder = join(workspace.root, FOLDER);
  const kept = await readdir(folder).catch(() => []);
  for (const file of kept) {
    if (file.endsWith(".txt")) await rm(join(folder, file));
  }
  await mkdir(folder, { recursive: true });
  for (const [file, text] of await surfaces(workspace)) {
    await writeFile(join(folder, file), text);
  }
}

/** Compares the surface of every module with the file that is kept of it. */
export async function checkSurface(workspace: Workspace): Promise<Outcome> {
  const folder = join(workspace.root, FOLDER);
  const now = await surfaces(workspace);
  const wrong: string[] = [];
  for (const [file, text] of now) {
    const kept = await readFile(join(folder, file), "utf8").catch(() => "");
    if (kept !== text) wrong.push(`${file}: ${firstDifference(kept, text)}`);
  }
  for (const file of await readdir(folder)) {
    if (file.endsWith(".txt") && !now.has(file)) {
      wrong.push(`${file}: there is no such module`);
    }
  }
  return single(
    wrong.length === 0,
    `The public surface has changed. If that is meant, run the task 'docs'.\n${
      wrong.join("\n")
    }`,
  );
}

async function surfaces(workspace: Workspace): Promise<Map<string, string>> {
  const { exports } = await workspace.config();
  const texts = new Map<string, string>();
  for (const [name, path] of Object.entries(exports)) {
    const { symbols } = await readModule(workspace, path);
    const file = name === "." ? "mod.txt" : `${name.slice("./".length)}.txt`;
    texts.set(file, `${symbols.map(printSymbol).join("\n")}\n`);
  }
  return texts;
}

function firstDifference(before: string, after: string): string {
  const old = before.split("\n");
  const index = after.split("\n").findIndex((line, i) => line !== old[i]);
  return `line ${index + 1}: ${after.split("\n")[index] ?? "is gone"}`;
}

function printSymbol({ name, kind, def }: Exported): string {
  const typeParams = printTypeParams(def.typeParams);
  switch (kind) {
    case "typeAlias":
      return `type ${name}${typeParams} = ${printType(def.tsType)}`;
    case "function":
      return `function ${name}${
        printSignature({ ...def, params: def.params ?? [] })
      }`;
    case "variable":
      return `const ${name}: ${printType(def.tsType)}`;
    case "interface":
      return block(`interface ${name}${typeParams}${heritage(def.extends)}`, [
        ...members(def),
      ]);
    case "class":
      return block(`class ${name}${typeParams}${heritage(def.extends)}`, [
        ...(def.constructors ?? []).map(({ params }) =>
          `new (${printParams(params)})`
        ),
        ...members(def),
      ]);
    default:
      throw new Error(`Cannot print '${name}', which is a ${kind}`);
  }
}

function members({ properties = [], methods = [] }: Exported["def"]): string[] {
  return [
    ...properties
      .filter(({ accessibility }) => accessibility !== "private")
      .map(({ name, optional, readonly, isStatic, tsType }) =>
        `${isStatic ? "static " : ""}${readonly ? "readonly " : ""}${name}${
          optional ? "?" : ""
        }: ${printType(tsType)}`
      ),
    ...methods
      .filter(({ accessibility }) => accessibility !== "private")
      .map((method) => {
        const { name, kind, isStatic, functionDef } = method;
        const { params = [], returnType, typeParams } = functionDef ?? method;
        const signature = printSignature({
          params,
          ...(returnType && { returnType }),
          ...(typeParams && { typeParams }),
        });
        const prefix = `${isStatic ? "static " : ""}${
          kind === "getter" ? "get " : ""
        }`;
        return `${prefix}${name}${signature}`;
      }),
  ];
}

function heritage(parents: Exported["def"]["extends"]): string {
  if (!parents || parents.length === 0) return "";
  const names = typeof parents === "string"
    ? parents
    : parents.map(printType).join(", ");
  return ` extends ${names}`;
}

function block(head: string, lines: string[]): string {
  return [head, ...lines.map((line) => `  ${line}`)].join("\n");
}
