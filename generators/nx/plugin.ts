import { readFileSync } from "node:fs";
import path from "node:path";
import { memberOf } from "../../src/compose/workspace.ts";
import { type CommandName, type Manifest, manifestPath } from "../../src/model/manifest.ts";
import type { Language } from "../../src/model/verdict.ts";
import { packageManagers, type Workspace, type WorkspaceKind } from "../../src/model/workspace.ts";

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
export function projectOf({ answers, language, commands, workspace }: Manifest, root: string): Project {
  const name = typeof answers.name === "string" ? answers.name : path.posix.basename(root);
  const roots = (workspace?.memberOf ?? []).map((member) => ({
    kind: member.kind,
    folder: path.posix.join(root, member.root),
  }));
  // Nx neither hashes nor keeps what is above its own root.
  const cache = roots.every(({ folder }) => folder !== ".." && !folder.startsWith("../"));
  const inputs = [...everything, ...(cache ? roots.flatMap(shared) : [])];
  const artefact = artefacts[language](name);
  const cargo = roots.find(({ kind }) => kind === "cargo");
  const home = cargo ? inWorkspace(cargo.folder) : "{projectRoot}";
  const run = (command: CommandName) => ({ command: commands[command], options: { cwd: root } });
  const cached = { cache, inputs, outputs: [] };
  return {
    name,
    root,
    projectType: "application",
    targets: {
      ...(isInstalledAbove(language, workspace) ? {} : { setup: run("setup") }),
      format: { ...run("format-check"), ...cached },
      lint: { ...run("lint"), ...cached },
      test: { ...run("test"), ...cached, inputs: [...inputs, { env: "TEST_DATABASE_URL" }] },
      build: { ...run("build"), ...cached, outputs: cache && artefact ? [`${home}/${artefact}`] : [] },
      serve: { ...run("start"), continuous: true, dependsOn: ["build"] },
    },
  };
}

/** Whether its packages are those of a root: to install them there again would take Nx away while it runs. */
export function isInstalledAbove(language: Language, workspace: Workspace | undefined): boolean {
  return language === "typescript" && memberOf(workspace, ...packageManagers) !== undefined;
}

/** All of the folder that git does not ignore; what stands alone has its lockfile and toolchain file there, so nothing of the workspace's counts. */
const everything = ["{projectRoot}/**/*", { externalDependencies: [] }];

/** What a member takes from a root that it is in: the root's files, and the projects that Nx knows it to depend on. */
function shared({ kind, folder }: { readonly kind: WorkspaceKind; readonly folder: string }): string[] {
  return ["^default", ...rootFiles[kind].map((file) => `${inWorkspace(folder)}/${file}`)];
}

const packages = ["package.json", "biome.json", "biome.jsonc", ".nvmrc", ".node-version"];
const rootFiles: Readonly<Record<WorkspaceKind, readonly string[]>> = {
  cargo: ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "rust-toolchain", ".cargo/config.toml"],
  // Which versions are built is settled by all modules together; go.work.sum only vouches for them, and a build may write it.
  go: ["go.work", "**/go.mod"],
  npm: [...packages, "package-lock.json"],
  pnpm: [...packages, "pnpm-lock.yaml", "pnpm-workspace.yaml"],
  yarn: [...packages, "yarn.lock"],
  berry: [...packages, "yarn.lock", ".yarnrc.yml"],
  bun: [...packages, "bun.lock", "bun.lockb"],
};

const inWorkspace = (folder: string) => path.posix.join("{workspaceRoot}", folder);

/** What a build leaves for others, if anything: of a member of a Cargo workspace it is at the root. Compilers have caches of their own. */
const artefacts: Readonly<Record<Language, (name: string) => string | undefined>> = {
  rust: (name) => `target/release/${name}`,
  go: (name) => `bin/${name}`,
  typescript: () => undefined,
};
