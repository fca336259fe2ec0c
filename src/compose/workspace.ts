import type { Blueprint } from "../model/blueprint.ts";
import { type Membership, type PackageManager, packageManagers, type Workspace } from "../model/workspace.ts";

/** Whether a root has the file for all its members. */
export function isLeftOut(workspace: Workspace | undefined, path: string): boolean {
  return (workspace?.leavesOut ?? []).some((left) => (left.endsWith("/") ? path.startsWith(left) : path === left));
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
  /** The variable that changes what it does, or "". */
  readonly env: string;
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
  const names = ["format-check", "lint", "test", "build"];
  const tasks = names.map((task) => ({
    name: task,
    inputs,
    output: task === "build" ? (language === "rust" ? at(artefact) : artefact) : "",
    env: task === "test" && database === "postgres" ? "TEST_DATABASE_URL" : "",
    last: task === names.at(-1),
  }));
  return { tasks };
}

/** From one root of a member to another one below it. */
function wayDown(from: Membership, to: Membership): string[] {
  const parts = from.path.split("/");
  return parts.slice(0, parts.length - to.path.split("/").length);
}
