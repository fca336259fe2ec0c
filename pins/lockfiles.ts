import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
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

/** Makes a language's lockfiles anew, one for each database. */
export async function relock(language: Language): Promise<Relocked[]> {
  const changed: Relocked[] = [];
  for (const database of databasesOf(language)) {
    const folder = mkdtempSync(path.join(tmpdir(), "pins-"));
    try {
      // About the templates' own specimen, so that what comes out is a template.
      writeTree(
        await treeOf({ language, database, name: "depot-service", resource: "lab_specimen label:text" }),
        folder,
      );
      const { commands, files } = makers[language];
      if (language !== "go") rmSync(path.join(folder, files[0] ?? ""));
      for (const command of commands) {
        const [program = "", ...args] = command.split(" ");
        execFileSync(program, args, { cwd: folder, env: toolchain(language), stdio: ["ignore", "ignore", "inherit"] });
      }
      for (const file of files) {
        const layer = path.join(templates, language, `database-${database}`);
        const moves = keep(layer, file, readFileSync(path.join(folder, file), "utf8"));
        if (moves) changed.push({ file: `${language}/database-${database}/${file}`, moves });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return changed;
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
