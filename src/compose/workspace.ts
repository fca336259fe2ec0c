import type { Blueprint } from "../model/blueprint.ts";
import type { Layer } from "../model/layer.ts";
import type { Language } from "../model/verdict.ts";
import { type Membership, type PackageManager, packageManagers, type Workspace } from "../model/workspace.ts";
import { imageStart } from "./image.ts";

/** Whether a root has the file for all its members. */
export function isLeftOut(workspace: Workspace | undefined, path: string): boolean {
  return (workspace?.leavesOut ?? []).some((left) => (left.endsWith("/") ? path.startsWith(left) : path === left));
}

/** Whether a pipeline of the service's own can run in the repository around it. */
export function hasPipeline(language: Language, workspace: Workspace | undefined): boolean {
  const { place } = workspace ?? {};
  // Where another package manager has to be installed first, and how, the root's own pipeline knows.
  return place !== undefined && isPlain(place) && (language !== "typescript" || managerOf(workspace) === "npm");
}

/** Path filters are globs, so that other characters would mean something in them. */
const isPlain = (place: string) => /^\w[\w./-]*$/.test(place);

const workflow = ".github/workflows/ci.yml";
const workflowOf = (name: string) => `.github/workflows/${name}.yml`;

/** Where a file goes that GitHub reads at the root of a repository only, from the service; nothing for any other. */
export function placeAtRoot({ language, name, workspace }: Blueprint, path: string): string | undefined {
  if (path !== workflow || !isLeftOut(workspace, path) || !hasPipeline(language, workspace)) return undefined;
  return `${wayUp(workspace?.place ?? "")}${workflowOf(name)}`;
}

const wayUp = (place: string) => "../".repeat(place.split("/").length);

/** What a pipeline in a larger repository has to know. */
export interface PipelineView {
  readonly name: string;
  /** Globs of what it has to run for. */
  readonly watched: readonly string[];
  /** Where the lockfile is, and the folder that it builds in: from the root of the repository, and from the service. */
  readonly lockfile: string;
  readonly buildsIn: string;
  /** Where Cargo puts what it makes, from the root of the repository. */
  readonly targetFolder: string;
  readonly lockfileFromHere: string;
  /** Shell lines that start the image which was built, wait until it listens, and see it stop with 0. */
  readonly imageStart: readonly string[];
  /** The file that says which Node it is, from the root of the repository. */
  readonly nodeFile: string;
}

const lockfiles: Readonly<Record<Language, string>> = {
  rust: "Cargo.lock",
  go: "go.sum",
  typescript: "package-lock.json",
};

export function pipelineView(blueprint: Blueprint): PipelineView {
  const { language, name, workspace } = blueprint;
  const place = workspace?.place;
  if (place === undefined) {
    const here = {
      lockfile: lockfiles[language],
      buildsIn: ".",
      lockfileFromHere: lockfiles[language],
      targetFolder: "target/",
      imageStart: imageStart(blueprint),
    };
    return { name: "ci", watched: [], ...here, nodeFile: ".nvmrc" };
  }
  const sharing = { rust: ["cargo"], go: [], typescript: packageManagers }[language];
  const root = memberOf(workspace, ...(sharing as Membership["kind"][]));
  const base = root === undefined ? place : place.slice(0, place.length - root.path.length).replace(/\/$/, "");
  const from = (folder: string, file: string) => (folder === "" ? file : `${folder}/${file}`);
  const lockfile = from(base, lockfiles[language]);
  const goWork = memberOf(workspace, "go");
  const shared = {
    rust: [lockfile, from(base, "Cargo.toml")],
    go: goWork ? [from(place.slice(0, place.length - goWork.path.length).replace(/\/$/, ""), "go.work")] : [],
    typescript: [lockfile],
  }[language];
  return {
    name,
    watched: [`${place}/**`, workflowOf(name), ...shared.filter((file) => !file.startsWith(`${place}/`))],
    lockfile,
    buildsIn: base === "" ? "." : base,
    targetFolder: from(base, "target/"),
    imageStart: imageStart(blueprint),
    lockfileFromHere: root === undefined ? lockfiles[language] : `${root.root}/${lockfiles[language]}`,
    nodeFile: `${place}/${isLeftOut(workspace, ".nvmrc") ? "package.json" : ".nvmrc"}`,
  };
}

/** What a person has to know of a service in a larger repository, in sentences of Markdown. */
export function remarks(blueprint: Blueprint, layers: readonly Layer[]): string[] {
  const { choices, language, name, workspace } = blueprint;
  const { place } = workspace ?? {};
  const paths = layers.flatMap(({ files }) => [...files.keys()].map((path) => path.replace(/\.hbs$/, "")));
  const left = paths.filter((path) => isLeftOut(workspace, path) && placeAtRoot(blueprint, path) === undefined).sort();
  const runs = hasPipeline(language, workspace);
  const rootTest = rootCommands(workspace, name)[0]?.test;
  const forge = choices.ci === "none" ? undefined : choices.ci;
  return [
    ...(left.length > 0
      ? [`Left to the root, which has it for all its members or is the only place it is read at: ${left.join(", ")}.`]
      : []),
    ...(forge === "github" && runs
      ? [`Its workflow is ${workflowOf(name)} at the root, and runs for ${place} only.`]
      : []),
    ...(forge === "gitlab" && runs
      ? [
          `Its pipeline runs once the root's .gitlab-ci.yml has: \`${name}: { trigger: { include: ${place}/.gitlab-ci.yml, strategy: depend }, rules: [{ changes: ["${place}/**/*"] }] }\``,
        ]
      : []),
    ...(forge !== undefined && workspace !== undefined && !runs && left.length > 0
      ? [`No pipeline was written: let the root's own run ${rootTest ? `\`${rootTest}\`` : "the service's commands"}.`]
      : []),
  ];
}

export function memberOf(workspace: Workspace | undefined, ...kinds: Membership["kind"][]): Membership | undefined {
  return workspace?.memberOf.find(({ kind }) => kinds.includes(kind));
}

/** npm, unless the root has another. */
export function managerOf(workspace: Workspace | undefined): PackageManager {
  const member = memberOf(workspace, ...packageManagers);
  return packageManagers.find((manager) => manager === member?.kind) ?? "npm";
}

/** A command that refuses a lockfile that is not up to date. */
export const installsLocked: Readonly<Record<PackageManager, string>> = {
  npm: "npm ci",
  pnpm: "pnpm install --frozen-lockfile",
  yarn: "yarn install --frozen-lockfile",
  berry: "yarn install --immutable",
  bun: "bun install --frozen-lockfile",
};

/** How a script of package.json is run where it stands. */
export const runs: Readonly<Record<PackageManager, string>> = {
  npm: "npm run",
  pnpm: "pnpm run",
  yarn: "yarn run",
  berry: "yarn run",
  bun: "bun run",
};

/** The one command, at the root, that takes a new member into the shared lockfile; Go needs none. */
const refreshes: Readonly<Record<Membership["kind"], string | undefined>> = {
  cargo: "cargo update --workspace",
  go: undefined,
  npm: "npm install",
  pnpm: "pnpm install",
  yarn: "yarn install",
  berry: "yarn install",
  bun: "bun install",
};

export interface RootCommands {
  readonly root: string;
  readonly refresh: string | undefined;
  readonly build: string;
  readonly test: string;
}

/** What builds and tests the member from each of its roots, by the root's own commands. */
export function rootCommands(workspace: Workspace | undefined, name: string): RootCommands[] {
  return (workspace?.memberOf ?? []).map(({ kind, root, path, turbo }) => ({
    root,
    refresh: refreshes[kind],
    ...(turbo ? turboCommands(kind, name) : toolCommands(kind, name, path)),
  }));
}

function toolCommands(kind: Membership["kind"], name: string, path: string): { build: string; test: string } {
  if (kind === "cargo") return { build: `cargo build -p ${name}`, test: `cargo test -p ${name}` };
  const place = quoted(`./${path}`);
  if (kind === "go") return { build: `go build ${place}/...`, test: `go test ${place}/...` };
  if (kind === "npm") return { build: `npm run build -w ${quoted(path)}`, test: `npm test -w ${quoted(path)}` };
  const each = {
    pnpm: `pnpm --filter ${name} run`,
    yarn: `yarn workspace ${name} run`,
    bun: `bun run --filter ${name}`,
  };
  const run = kind === "berry" ? each.yarn : each[kind];
  return { build: `${run} build`, test: `${run} test` };
}

function turboCommands(kind: Membership["kind"], name: string): { build: string; test: string } {
  const run = { cargo: "", go: "", npm: "npx", pnpm: "pnpm exec", yarn: "yarn run", berry: "yarn run", bun: "bunx" }[
    kind
  ];
  return {
    build: `${run} turbo run build --filter=${name}`,
    test: `${run} turbo run test --filter=${name}`,
  };
}

const quoted = (text: string) => (/^[\w./@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** What Turborepo has to know of a service in another language, so that it caches rightly. */
export interface TurboView {
  readonly tasks: readonly TurboTask[];
}

interface TurboTask {
  readonly name: string;
  /** Files outside the package that the task reads: globs of Turborepo's. */
  readonly inputs: readonly string[];
  /** The file that it makes, or "". */
  readonly output: string;
  /** Variables that change what it does. */
  readonly env: readonly string[];
  /** Those that only lead its tools to what they need: Turborepo hides from a task what it is not told of. */
  readonly passThrough: string;
  readonly last: boolean;
}

export function turboView({ workspace, name, language, database }: Blueprint): TurboView {
  const turbo = workspace?.memberOf.find((member) => member.turbo);
  const own = memberOf(workspace, language === "rust" ? "cargo" : "go");
  const shared = language === "rust" ? ["Cargo.toml", "Cargo.lock"] : ["go.work", "**/go.mod"];
  const artefact = language === "rust" ? `target/release/${name}` : `bin/${name}`;
  const isShared = turbo !== undefined && own !== undefined;
  const at = (file: string) => (isShared ? ["$TURBO_ROOT$", ...wayDown(turbo, own), file].join("/") : file);
  const inputs = isShared ? shared.map(at) : [];
  const variables =
    language === "rust"
      ? { env: ["RUSTFLAGS", "RUSTUP_TOOLCHAIN"], passThrough: "CARGO_*" }
      : { env: ["GOARCH", "GOFLAGS", "GOOS"], passThrough: "GO*" };
  const names = ["format-check", "lint", "test", "build"];
  const tasks = names.map((task) => ({
    name: task,
    inputs,
    output: task === "build" ? (language === "rust" ? at(artefact) : artefact) : "",
    env: [...variables.env, ...(task === "test" && database === "postgres" ? ["TEST_DATABASE_URL"] : [])],
    passThrough: variables.passThrough,
    last: task === names.at(-1),
  }));
  return { tasks };
}

/** From one root of a member to another one below it. */
function wayDown(from: Membership, to: Membership): string[] {
  const parts = from.path.split("/");
  return parts.slice(0, parts.length - to.path.split("/").length);
}
