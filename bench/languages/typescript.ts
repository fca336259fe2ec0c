import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Program } from "../program.ts";
import { cpuSeconds, shell } from "../shell.ts";
import type { Toolbox } from "../toolbox.ts";

export const typescript: Toolbox = {
  artefactNames: ["node_modules", "packages"],
  bare: { build: "npm ci", start: "node main.ts", manifest: "package.json" },
  command: (_name, start) => start.split(" "),

  async artefact(program) {
    const folder = copyManifests(program, path.join(program.folder, "../production", program.name));
    await shell("npm ci --omit=dev", { folder, env: program.env });
    const modules = path.join(folder, "node_modules");
    const { packages } = JSON.parse(readFileSync(path.join(modules, ".package-lock.json"), "utf8"));
    return { bytes: bytesBelow(modules), parts: Object.keys(packages).length };
  },

  coldBuild: (program, empty) => cpuSeconds("npm ci", { folder: copyManifests(program, empty), env: program.env }),
};

function copyManifests(program: Program, folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) {
    cpSync(path.join(program.folder, file), path.join(folder, file));
  }
  return folder;
}

function bytesBelow(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
}
