import { readAnswers, type Said } from "./answers.ts";
import { resourceText } from "./compose/resource.ts";
import { editSteps } from "./compose/steps.ts";
import { record } from "./decide/record.ts";
import { decide } from "./decide/verdict.ts";
import { rewrite } from "./edges/perform.ts";
import { findRepository, namesIn, readFiles } from "./edges/repository.ts";
import { refreshed } from "./edges/workspace/at-root.ts";
import type { Blueprint } from "./model/blueprint.ts";
import { type Manifest, manifestPath, manifestText, type Pending } from "./model/manifest.ts";
import type { ChangeStep } from "./model/step.ts";
import type { Tree, TreeFile } from "./model/tree.ts";
import { languageNames } from "./model/verdict.ts";
import type { Edit } from "./model/workspace.ts";
import { Problem } from "./problem.ts";
import { type Drawn, drawn, sha256 } from "./scaffold.ts";
import { amend } from "./update/amend.ts";
import { readManifest } from "./update/manifest.ts";
import { unify } from "./update/text.ts";
import { type MergedTree, mergeTrees } from "./update/tree.ts";
import { version } from "./version.ts";

export interface ChangeOrder {
  /** Absolute path of the repository, or of a folder inside it. */
  readonly folder: string;
  /** `database=postgres`, `stakes+=money`, `resource+=invoice number:text` … one after the other; none for an update. */
  readonly amendments: readonly string[];
  /** To this version, from the one that drew the repository. */
  readonly update?: boolean;
  /** Plans only, and also in a tree that is not committed. */
  readonly dryRun: boolean;
  /** Also in a tree that is not committed. */
  readonly force: boolean;
}

export interface ChangeOutcome {
  /** Absolute path of the repository. */
  readonly folder: string;
  readonly from: string;
  readonly to: string;
  /** What was done, or in a dry run what would be; empty when there is nothing to do. */
  readonly steps: readonly ChangeStep[];
  /** What the steps write, for a host that writes by itself after a dry run. */
  readonly writes: Tree;
  /** The same of files outside, at the root of a larger repository. */
  readonly edits: readonly Edit[];
  /** Files that wait for a person; `resolve` takes them off the manifest's list. */
  readonly conflicts: readonly Pending[];
  /** No longer ours, and left because they were edited. */
  readonly kept: readonly string[];
  /** Commands that refresh the lockfiles that the user has touched. */
  readonly refresh: readonly string[];
  /** What else a person should know, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Every later change is one operation: draw what was emitted, draw what would be emitted now, and merge both with what
 * the user has. A second run does nothing.
 * @throws Problem when the repository, its manifest or an amendment is unusable; nothing is changed then
 */
export async function change(order: ChangeOrder): Promise<ChangeOutcome> {
  const { folder, manifest } = openRepository(order.folder);
  refusePending(manifest);
  if (!order.update) refuseOtherVersion(manifest);
  if (!order.dryRun && !order.force) await refuseDirt(folder);
  const places = placesIn(folder, manifest);
  const before = readAnswers(manifest.answers);
  const old = await emitted(manifest, places);
  const said = order.amendments.length > 0 ? amend(before, order.amendments, old.resources) : before;
  const fresh = await drawnWith(said, old.resources, manifest, places);
  const movesDatabase = (before.choices.database ?? "sqlite") !== fresh.blueprint.database;
  if (movesDatabase) refuseOwnMigrations(folder, manifest, places);
  const merged = mergeTrees(
    { old: old.tree, fresh: fresh.tree, mine: readFiles(folder, new Set([...old.tree.keys(), ...fresh.tree.keys()])) },
    {
      labels: labelsOf(manifest, order),
      recorded: manifest.files,
      replacesMigrations: movesDatabase,
      hash: sha256,
      parses: (await import("./edges/parses.ts")).parses,
    },
  );
  const keeping = keepingRecord(before, said, fresh, manifest, places, order.update === true);
  const writes = new Map([...merged.writes, ...keeping]);
  const root = refreshed(folder, manifest.workspace, fresh.atRoot, manifest.atRoot ?? {}, sha256);
  const next = manifestText(advanced(manifest, fresh.tree, merged, movesDatabase, root.kept));
  if (next !== manifestText(manifest)) {
    writes.set(manifestPath, { content: next, executable: false, policy: "owned" });
  }
  if (!order.dryRun && writes.size + merged.removes.length > 0) {
    await rewrite(folder, writes, merged.removes, root.edits);
  }
  return {
    folder,
    from: manifest.version,
    to: version,
    steps: [...stepsOf(writes, merged.removes), ...editSteps(root.edits)],
    writes,
    edits: root.edits,
    conflicts: merged.conflicts,
    kept: merged.kept,
    refresh: merged.stale.map(refreshOf),
    notes: [
      ...notesOf(before, said, fresh.blueprint, keeping.size > 0, movesDatabase),
      ...remarksOf(before, said, fresh),
      ...root.kept.map((path) => `${path} is no longer what was written there, and stays as it is.`),
      ...Object.keys(manifest.atRoot ?? {}).flatMap((path) =>
        fresh.atRoot.has(path) ? [] : [`${path} is no longer needed: remove it.`],
      ),
      ...writtenOnce(old.tree, fresh.tree).map(
        (path) => `${path} is written once: it would now say something else, and stays.`,
      ),
    ],
  };
}

export interface Repository {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** @throws Problem when there is none, or its manifest is unusable */
export function openRepository(from: string): Repository {
  const { folder, manifest } = findRepository(from);
  return { folder, manifest: readManifest(manifest, version) };
}

/** What this version draws from a manifest of its own: what was emitted, whatever has become of it since. */
export function redrawn(manifest: Manifest): Promise<Drawn> {
  const { answers, choices } = readAnswers(manifest.answers);
  return drawn({ answers, choices: named(choices) }, { ...manifest, lastMigration: 0 });
}

/** @throws Problem when a manifest has lost the name that everything hangs on */
function named(choices: Said["choices"]): Said["choices"] & { readonly name: string } {
  if (choices.name === undefined) {
    throw new Problem(`${manifestPath} does not say what the service is called.`, "Take it back from version control.");
  }
  return { ...choices, name: choices.name };
}

interface Places {
  /** Folder → the names in it. */
  readonly migrations: ReadonlyMap<string, readonly string[]>;
  readonly decisions: readonly string[];
}

const decisionFolder = "docs/decisions";
const migrationPattern = /^(.*)\/([^/]+\.sql)$/;

/** Where numbers are given out: what is there, of ours and of the user's. */
function placesIn(folder: string, { files }: Manifest): Places {
  const ours = Object.entries(files).flatMap(([path, { policy }]) =>
    policy === "once" ? [migrationPattern.exec(path)?.[1] ?? ""] : [],
  );
  const folders = [...new Set(ours)].filter((each) => each !== "");
  return {
    migrations: new Map(folders.map((each) => [each, namesIn(folder, each)])),
    decisions: namesIn(folder, decisionFolder),
  };
}

const highest = (names: readonly string[]) =>
  Math.max(0, ...names.map((name) => Number(/^\d{1,9}/.exec(name)?.[0] ?? 0)));

interface Emitted {
  readonly tree: Tree;
  /** Those that the repository has, given or by default. */
  readonly resources: Blueprint["resources"];
}

/** What was emitted last, held against the hashes that were recorded then. */
async function emitted(manifest: Manifest, places: Places): Promise<Emitted> {
  const here = await drawnWith(readAnswers(manifest.answers), [], manifest, places);
  const tree =
    manifest.version === version
      ? here.tree
      : await (await import("./edges/earlier.ts")).drawnBy(manifest.version, manifestText(manifest));
  refuseUnlike(tree, manifest);
  return { tree, resources: here.blueprint.resources.filter(({ name }) => Object.hasOwn(manifest.migrations, name)) };
}

function refuseUnlike(tree: Tree, manifest: Manifest): void {
  const drawnPaths = [...tree.keys()].filter((path) => path !== manifestPath);
  const unlike = [...new Set([...drawnPaths, ...Object.keys(manifest.files)])].find((path) => {
    const [file, recorded] = [tree.get(path), Object.hasOwn(manifest.files, path) ? manifest.files[path] : undefined];
    if (!file || !recorded) return true;
    return recorded.policy !== "once" && sha256(file.content) !== recorded.hash;
  });
  if (unlike !== undefined) {
    throw new Problem(
      `${manifestPath} does not fit what create-groundwork ${manifest.version} draws from it: ${unlike} differs.`,
      "Take the manifest back from version control as groundwork wrote it. Nothing is changed.",
    );
  }
}

/** A resource that is there stays, also when the answers alone would no longer bring one. */
async function drawnWith(
  said: Said,
  resources: Blueprint["resources"],
  manifest: Manifest,
  places: Places,
): Promise<Drawn> {
  const lastMigration = Math.max(0, ...[...places.migrations.values()].map(highest));
  const pinned = { ...manifest, lastMigration };
  const choices = named(said.choices);
  const plain = await drawn({ answers: said.answers, choices }, pinned);
  if (resources.length === 0 || plain.blueprint.features.some(({ id }) => id === "resource")) return plain;
  return drawn(
    { answers: said.answers, choices: { ...choices, resource: resources.map(resourceText).join("; ") } },
    pinned,
  );
}

function refusePending({ pending }: Manifest): void {
  if (pending.length > 0) {
    throw new Problem(
      `Conflicts of an earlier change are pending: ${pending.map(({ path }) => path).join(", ")}.`,
      `Mend them, and run npx create-groundwork@${version} resolve.`,
    );
  }
}

function refuseOtherVersion(manifest: Manifest): void {
  if (manifest.version !== version) {
    throw new Problem(
      `This repository was drawn by create-groundwork ${manifest.version}, and this is ${version}.`,
      `Run npx create-groundwork@${version} update first, or use npx create-groundwork@${manifest.version}.`,
    );
  }
}

/**
 * @param otherwise what a person can do who wants the change all the same
 * @throws Problem when what is there could not be told from what a change would write
 */
export async function refuseDirt(folder: string, otherwise = "add --force"): Promise<void> {
  const state = await (await import("./edges/commands.ts")).worktree(folder);
  if (state === "dirty") {
    throw new Problem(
      `There are changes in ${folder} that are not committed.`,
      `Commit them, or ${otherwise} to merge into them.`,
    );
  }
  if (state === "unversioned") {
    throw new Problem(
      `${folder} is in no git repository, so that nothing could be undone.`,
      `Put it under version control, or ${otherwise}.`,
    );
  }
}

/** @throws Problem that names migrations of the user's own: they are written for the database that there is */
function refuseOwnMigrations(folder: string, { files }: Manifest, { migrations }: Places): void {
  const paths = [...migrations].flatMap(([place, names]) =>
    names.filter((name) => name.endsWith(".sql")).map((name) => `${place}/${name}`),
  );
  const own = [...readFiles(folder, paths)].filter(([path, { content }]) => {
    const recorded = Object.hasOwn(files, path) ? files[path]?.hash : undefined;
    return content === undefined || sha256(unify(content)) !== recorded;
  });
  if (own.length > 0) {
    throw new Problem(
      `The database stays as it is: there are migrations of your own, ${own.map(([path]) => path).join(", ")}.`,
      "Emit a new repository on the other database beside this one, and bring your migrations and data over by hand.",
    );
  }
}

function labelsOf({ version: from }: Manifest, { update }: ChangeOrder) {
  const [was, is] = update ? [from, version] : ["before", "after"];
  return { mine: "yours", old: `create-groundwork ${was}`, new: `create-groundwork ${is}` };
}

/** The manifest of what is there now: of once files it keeps what was emitted when they came. */
function advanced(
  manifest: Manifest,
  fresh: Tree,
  merged: MergedTree,
  movesDatabase: boolean,
  keptAtRoot: readonly string[],
): Manifest {
  const { pending: _none, ...drawnNow } = JSON.parse(fresh.get(manifestPath)?.content ?? "") as Manifest;
  const files = Object.entries(drawnNow.files).map(([path, file]): [string, Manifest["files"][string]] => {
    const before = Object.hasOwn(manifest.files, path) ? manifest.files[path] : undefined;
    const stays = file.policy === "once" && !(movesDatabase && migrationPattern.test(path));
    return [path, before && stays ? before : file];
  });
  const recorded = Object.fromEntries(keptAtRoot.map((path) => [path, manifest.atRoot?.[path] ?? ""]));
  return {
    ...drawnNow,
    migrations: { ...manifest.migrations, ...drawnNow.migrations },
    ...(drawnNow.atRoot && { atRoot: { ...drawnNow.atRoot, ...recorded } }),
    files: Object.fromEntries(files),
    ...(merged.deleted.length > 0 ? { deleted: merged.deleted } : {}),
    pending: merged.conflicts,
  };
}

/** A decision record of its own when the rules have come to say another language; the first one is never rewritten. */
function keepingRecord(
  before: Said,
  said: Said,
  { blueprint, commands }: Drawn,
  { language }: Manifest,
  { decisions }: Places,
  updates: boolean,
): Map<string, TreeFile> {
  const { verdict, answers, name, features, missing } = blueprint;
  const says = verdict.language;
  const isNew = updates ? said.choices.language === undefined : decide(before.answers).language !== says;
  const ending = `-keep-${language}-not-${says}.md`;
  if (says === language || !isNew || decisions.some((each) => each.endsWith(ending))) return new Map();
  const content = record({
    answers,
    verdict,
    name,
    commands,
    pieces: features.map(({ about }) => about),
    missing: missing.map(({ about }) => about),
    kept: true,
  });
  const number = String(highest(decisions) + 1).padStart(4, "0");
  return new Map([[`${decisionFolder}/${number}${ending}`, { content, executable: false, policy: "once" }]]);
}

function stepsOf(writes: Tree, removes: readonly string[]): ChangeStep[] {
  const encoder = new TextEncoder();
  return [
    ...[...writes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, { content }]): ChangeStep => ({ kind: "write", path, bytes: encoder.encode(content).length })),
    ...removes.map((path): ChangeStep => ({ kind: "remove", path })),
  ];
}

/** What a person has to see to: migrations and records tell of the past, and are right as they are. */
function writtenOnce(old: Tree, fresh: Tree): string[] {
  return [...fresh].flatMap(([path, { policy, content }]) => {
    const was = old.get(path)?.content;
    const tellsOfThePast = migrationPattern.test(path) || path.startsWith(`${decisionFolder}/`);
    return policy === "once" && !tellsOfThePast && was !== undefined && was !== content ? [path] : [];
  });
}

/** The one command that brings a lockfile up to its manifest, and changes as little else as can be. */
function refreshOf(lockfile: string): string {
  const folder = lockfile.split("/").slice(0, -1).join("/");
  if (lockfile.endsWith("Cargo.lock")) return "cargo update --workspace";
  if (lockfile.endsWith("go.sum")) return folder === "" ? "go mod tidy" : `go -C ${folder} mod tidy`;
  return "npm install --package-lock-only";
}

/** Of the repository around it there is something to say when what goes there was asked for. */
const remarksOf = (before: Said, said: Said, { findings }: Drawn) =>
  before.choices.ci === said.choices.ci ? [] : findings;

function notesOf(
  before: Said,
  said: Said,
  { verdict, language, database, missing }: Blueprint,
  recorded: boolean,
  movesDatabase: boolean,
): string[] {
  const differs = verdict.language !== language && decide(before.answers).language !== verdict.language;
  return [
    ...(recorded || differs
      ? [`The rules now say ${languageNames[verdict.language]}; the service stays in ${languageNames[language]}.`]
      : []),
    ...(movesDatabase
      ? [`The migrations are now those for ${database}; data of the database before is not brought over.`]
      : []),
    ...(missing.length > 0 && said !== before
      ? [`Not built yet, though your answers ask for it: ${missing.map(({ about }) => about).join(", ")}.`]
      : []),
  ];
}
