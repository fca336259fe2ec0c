import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { features } from "../src/compose/features.ts";
import { additions } from "../src/compose/lockfile.ts";
import type { Language } from "../src/model/verdict.ts";
import { treeOf, writeTree } from "../test/support/emit.ts";
import { toolchain } from "../test/support/toolchains.ts";
import { goModTemplate, lockMoves, pinsIn } from "./pins.ts";

/** What makes a language's lockfiles, and the files of its database's layer that come of it. */
const makers: Readonly<Record<Language, { readonly commands: readonly string[]; readonly files: readonly string[] }>> =
  {
    rust: { commands: ["cargo generate-lockfile"], files: ["Cargo.lock"] },
    go: { commands: ["go mod tidy"], files: ["go.sum", "go.mod"] },
    typescript: {
      commands: [
        "npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund",
      ],
      files: ["package-lock.json"],
    },
  };

const templates = path.join(import.meta.dirname, "../templates");

/** A template file that changed, and the packages in it that moved. */
export interface Relocked {
  readonly file: string;
  readonly moves: readonly string[];
}

/** Makes a language's lockfiles anew: one for each database, and what each feature with packages of its own adds to them. */
export async function relock(language: Language): Promise<Relocked[]> {
  const changed: Relocked[] = [];
  const note = (layer: string, file: string, made: string) => {
    const moves = keep(path.join(templates, language, layer), file, made);
    if (moves) changed.push({ file: `${language}/${layer}/${file}`, moves });
  };
  for (const database of databasesOf(language)) {
    const alone = await made(language, { database });
    for (const [file, text] of alone) note(`database-${database}`, file, text);
    for (const { id, when } of features) {
      for (const [file, text] of alone) {
        if (!existsSync(path.join(templates, language, `feature-${id}`, file))) continue;
        const more = (await made(language, { database, ...when })).get(file) ?? "";
        const added = additions(JSON.parse(text), JSON.parse(more));
        note(`feature-${id}`, file, `${JSON.stringify(added, null, 2)}\n`);
      }
    }
  }
  return changed;
}

/** Lockfiles of a repository, by their names. */
async function made(language: Language, answers: Readonly<Record<string, unknown>>): Promise<Map<string, string>> {
  const folder = mkdtempSync(path.join(tmpdir(), "pins-"));
  try {
    // About the templates' own specimen, so that what comes out is a template.
    writeTree(
      await treeOf({ language, ...answers, name: "depot-service", resource: "lab_specimen label:text" }),
      folder,
    );
    const { commands, files } = makers[language];
    if (language !== "go") rmSync(path.join(folder, files[0] ?? ""));
    for (const command of commands) {
      const [program = "", ...args] = command.split(" ");
      execFileSync(program, args, { cwd: folder, env: toolchain(language), stdio: ["ignore", "ignore", "inherit"] });
    }
    return new Map(files.map((file) => [file, readFileSync(path.join(folder, file), "utf8")]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function databasesOf(language: Language): string[] {
  return readdirSync(path.join(templates, language))
    .filter((layer) => layer.startsWith("database-"))
    .map((layer) => layer.replace("database-", ""));
}

/** What moved by it, where it is other than what the layer has. */
function keep(layer: string, file: string, made: string): string[] | undefined {
  const target = path.join(layer, file === "go.mod" ? "go.mod.hbs" : file);
  const before = readFileSync(target, "utf8");
  const pinned = new Set(pinsIn(readFileSync(path.join(layer, "../pins.yaml"), "utf8")).map(({ key }) => key));
  const after = file === "go.mod" ? goModTemplate(before, made, pinned) : made;
  if (before === after) return undefined;
  writeFileSync(target, after);
  return lockMoves(before, after);
}
