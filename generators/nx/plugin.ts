import { readFileSync } from "node:fs";
import path from "node:path";
import { type CommandName, type Manifest, manifestPath } from "../../src/model/manifest.ts";
import type { Language } from "../../src/model/verdict.ts";

interface Target {
  readonly command: string;
  readonly options: { readonly cwd: string };
  readonly [more: string]: unknown;
}

interface Project {
  readonly name: string;
  readonly root: string;
  readonly projectType: "application";
  readonly targets: Readonly<Record<string, Target>>;
}

type Node = readonly [file: string, result: { readonly projects: Readonly<Record<string, Project>> }];

/** Every folder with a manifest is a project; its targets are the manifest's commands. */
export const createNodes = [
  `**/${manifestPath}`,
  async (files: readonly string[], _options: unknown, { workspaceRoot }: { readonly workspaceRoot: string }) =>
    files.map((file): Node => {
      const root = path.posix.dirname(file);
      return [file, { projects: { [root]: projectOf(readManifest(path.join(workspaceRoot, file)), root) } }];
    }),
] as const;

function readManifest(file: string): Manifest {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} is no manifest of create-groundwork: ${error instanceof Error ? error.message : error}`);
  }
}

/** The project that a manifest describes; `root` is the folder's path from the workspace. */
export function projectOf({ answers, language, commands }: Manifest, root: string): Project {
  const name = typeof answers.name === "string" ? answers.name : path.posix.basename(root);
  const run = (command: CommandName) => ({ command: commands[command], options: { cwd: root } });
  const cached = { cache: true, inputs: everything, outputs: [] };
  return {
    name,
    root,
    projectType: "application",
    targets: {
      setup: run("setup"),
      format: { ...run("format-check"), ...cached },
      lint: { ...run("lint"), ...cached },
      test: { ...run("test"), ...cached, inputs: [...everything, { env: "DATABASE_URL" }] },
      build: { ...run("build"), ...cached, outputs: artefacts[language as Language](name) },
      serve: { ...run("start"), continuous: true, dependsOn: ["build"] },
    },
  };
}

/** All of the folder that git does not ignore; its own lockfile and toolchain file are in it, so nothing of the workspace's counts. */
const everything = ["{projectRoot}/**/*", { externalDependencies: [] }];

/** What a build leaves for others; compilers have caches of their own. */
const artefacts: Readonly<Record<Language, (name: string) => readonly string[]>> = {
  rust: (name) => [`{projectRoot}/target/release/${name}`],
  go: (name) => [`{projectRoot}/bin/${name}`],
  typescript: () => [],
};
