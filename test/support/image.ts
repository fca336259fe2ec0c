import { execFileSync, type SpawnOptions, spawn } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
} from "node:fs";
import path from "node:path";
import { type Instruction, ignores, type Stage, stagesOf } from "./dockerfile.ts";

/** What stands in for a base image: folders of this machine, and the variables that the image sets. */
export interface Base {
  readonly folders: readonly string[];
  /** Path in the image → another folder of this machine that is seen there. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  readonly environment: NodeJS.ProcessEnv;
}

/** What a Dockerfile makes of a stage. */
export interface Image extends Base {
  readonly root: string;
  readonly work: string;
  readonly user: number;
  readonly command: readonly string[];
  readonly health: readonly string[] | undefined;
  readonly volumes: readonly string[];
}

/**
 * Does what `docker build` would, without a container engine: copies and runs, stage by stage, each in a root of its own below `folder`.
 * It needs the right to mount. `caches` are folders of the first stage that live on elsewhere, as a builder's do.
 * @throws Error with the output of a RUN that fails
 */
export function buildImage(
  context: string,
  folder: string,
  base: (image: string) => Base,
  caches: Readonly<Record<string, string>> = {},
): Image {
  const sent = path.join(folder, "context");
  const ignored = ignores(readFileSync(path.join(context, ".dockerignore"), "utf8"));
  cpSync(context, sent, {
    recursive: true,
    preserveTimestamps: true,
    filter: (file) => lstatSync(file).isDirectory() || !ignored(path.relative(context, file)),
  });
  const roots = new Map([["", sent]]);
  const images = stagesOf(readFileSync(path.join(context, "Dockerfile"), "utf8")).map((stage, index) => {
    const root = path.join(folder, `stage-${index}`);
    mkdirSync(path.join(root, "tmp"), { recursive: true });
    if (index === 0) for (const [inside, outside] of Object.entries(caches)) link(outside, path.join(root, inside));
    if (stage.name !== "") roots.set(stage.name, root);
    return build(stage, root, base(stage.image), roots);
  });
  const image = images.at(-1);
  if (image === undefined) throw new Error("The Dockerfile has no stage.");
  return image;
}

/** Starts the image's command as its user, on a root that can only be read but for its volumes. */
export const runImage = (image: Image, environment: NodeJS.ProcessEnv) =>
  spawn(...sandbox(image, image.command, { ...image.environment, ...environment }, "read-only"));

/** @throws Error when the image's health check fails in such a container. */
export function checkHealth(image: Image, environment: NodeJS.ProcessEnv): void {
  const { health = ["false"] } = image;
  execFileSync(...sandbox(image, health, { ...image.environment, ...environment }, "read-only"));
}

/** Files of an image, those of its base apart. */
export function filesOf({ root }: Image): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

function build(stage: Stage, root: string, base: Base, roots: ReadonlyMap<string, string>): Image {
  const last = (keyword: string) => stage.instructions.findLast((instruction) => instruction.keyword === keyword);
  let image: Image = {
    root,
    work: "/",
    folders: base.folders,
    elsewhere: base.elsewhere ?? {},
    environment: base.environment,
    user: Number(last("USER")?.words[0]?.split(":", 1)[0] ?? 0),
    command: [...(last("ENTRYPOINT")?.words ?? []), ...(last("CMD")?.words ?? [])],
    health: last("HEALTHCHECK")?.words,
    volumes: last("VOLUME")?.words ?? [],
  };
  for (const instruction of stage.instructions) {
    const { keyword, flags, words } = instruction;
    const [first = ""] = words;
    if (keyword === "WORKDIR") {
      image = { ...image, work: first };
      mkdirSync(path.join(root, first), { recursive: true });
    } else if (keyword === "ENV") {
      const set = words.map((word) => word.split(/=(.*)/s, 2));
      image = { ...image, environment: { ...image.environment, ...Object.fromEntries(set) } };
    } else if (keyword === "COPY") {
      copy(instruction, roots.get(flags.from ?? "") ?? "", image);
    } else if (keyword === "RUN") {
      const asRoot = { ...image, user: 0 };
      execFileSync(...sandbox(asRoot, ["/bin/sh", "-c", first], image.environment, "writable"));
    }
  }
  return image;
}

/** A folder's contents go into the target; files go into it when it is a folder. */
function copy({ words, flags }: Instruction, from: string, { root, work }: Image): void {
  const [to = ""] = words.slice(-1);
  const target = path.join(root, path.resolve(work, to));
  const intoFolder = to.endsWith("/") || words.length > 2;
  for (const word of words.slice(0, -1)) {
    const made = path.join(from, word);
    // What a stage has not made is its base's, whose folders are this machine's.
    const source = flags.from === undefined || existsSync(made) ? made : path.resolve("/", word);
    const isFile = !lstatSync(source).isDirectory();
    const copied = isFile && intoFolder ? path.join(target, path.basename(word)) : target;
    mkdirSync(path.dirname(copied), { recursive: true });
    cpSync(source, copied, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    const [user, group] = (flags.chown ?? "").split(":").map(Number);
    if (user !== undefined && group !== undefined) chownSync(copied, user, group);
  }
}

/** Folders that a RUN must not write to, since they are this machine's. */
const foreign = ["/etc", "/opt", "/usr", "/var"];

/** The arguments that start a program in a root of its own; it takes the place of all that sets it up, so that signals reach it. */
function sandbox(
  { root, work, folders, elsewhere = {}, user, volumes }: Image,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  access: "writable" | "read-only",
): [string, string[], SpawnOptions & { stdio: ["ignore", "pipe", "pipe"] }] {
  const bind = (source: string, target: string, ...more: string[]) => {
    mkdirSync(target, { recursive: true });
    return [`mount --rbind ${quoted(source)} ${quoted(target)}`, ...more.map((each) => `${each} ${quoted(target)}`)];
  };
  const readOnly = "mount -o remount,bind,ro";
  const mounts = [
    ...bind(root, root),
    ...folders.flatMap((folder) => {
      const target = path.join(root, folder);
      if (!lstatSync(folder).isSymbolicLink() || path.dirname(folder) !== "/") {
        return bind(realpathSync(folder), target, ...(foreign.includes(folder) ? [readOnly] : []));
      }
      if (!lstatSync(target, { throwIfNoEntry: false })) symlinkSync(readlinkSync(folder), target);
      return [];
    }),
    ...Object.entries(elsewhere).flatMap(([inside, folder]) => bind(folder, path.join(root, inside), readOnly)),
    ...["/proc", "/dev"].flatMap((folder) => bind(folder, path.join(root, folder))),
    ...volumes.flatMap((volume) => bind(path.join(root, volume), path.join(root, volume))),
    ...(access === "read-only" ? [`${readOnly} ${quoted(root)}`] : []),
  ];
  const become = ["setpriv", "--clear-groups", "--no-new-privs"];
  const enter = ["unshare", `--root=${root}`, `--wd=${work}`, `--setuid=${user}`, `--setgid=${user}`, "--"];
  const script = `set -e\n${mounts.join("\n")}\nexec "$@"`;
  const args = ["--mount", "--propagation=private", "/bin/sh", "-c", script, "sh", ...become, ...enter, ...words];
  // The programs that set it up are found by the path of this machine.
  const env = { ...environment, PATH: [environment.PATH, process.env.PATH].filter(Boolean).join(":") };
  return ["unshare", args, { env, stdio: ["ignore", "pipe", "pipe"] }];
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function link(target: string, file: string): void {
  mkdirSync(target, { recursive: true });
  mkdirSync(path.dirname(file), { recursive: true });
  symlinkSync(target, file);
}
