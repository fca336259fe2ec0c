import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa, execaSync } from "execa";
import { inject } from "vitest";
import { type Toolchain, toolchain } from "./toolchains.ts";

const caches = path.join(import.meta.dirname, "../../.cache/hosts");

/** The hosts that the generators are tried in, by the folder that keeps their installation. */
const hosts = {
  "plop-4.0.5": ["plop@4.0.5"],
  "turbo-2.11.9": ["turbo@2.11.9", "@turbo/gen@2.11.9"],
  "nx-24.0.0": ["nx@24.0.0", "@nx/devkit@24.0.0"],
} as const;

export interface Workspace {
  readonly folder: string;
  write(file: string, content: string): void;
  commit(): void;
  /** Runs a program, of the workspace's own `node_modules` if it is there, from a folder in it; its output is without colour. */
  run(
    command: readonly [string, ...string[]],
    from?: string,
  ): Promise<{ readonly code: number | undefined; readonly said: string }>;
  remove(): void;
}

/**
 * A repository of a user's, with a host and the packed tool installed in it.
 * @throws Error that says how to get a host that is missing
 */
export function workspaceWith(host: keyof typeof hosts, language: Toolchain = "go"): Workspace {
  const modules = path.join(caches, host, "node_modules");
  if (!existsSync(modules)) {
    throw new Error(
      `${host} is missing. To get it: npm install --no-save --prefix .cache/hosts/${host} ${hosts[host].join(" ")}`,
    );
  }
  const folder = mkdtempSync(path.join(tmpdir(), "host-"));
  cpSync(modules, path.join(folder, "node_modules"), { recursive: true, verbatimSymlinks: true });
  cpSync(inject("packed"), path.join(folder, "node_modules/create-groundwork"), { recursive: true });
  execaSync("git", ["init", "--quiet"], { cwd: folder });
  const write = (file: string, content: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  };
  write(".gitignore", "node_modules\n.nx\n");
  return {
    folder,
    write,
    commit() {
      const git = (...args: string[]) =>
        execaSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: folder });
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message", "work");
    },
    async run([file, ...args], from = ".") {
      const { exitCode, all } = await execa(file, args, {
        cwd: path.join(folder, from),
        preferLocal: true,
        localDir: folder,
        env: { ...toolchain("go"), PATH: toolchain(language).PATH, ...quiet },
        extendEnv: false,
        reject: false,
        stdin: "ignore",
        all: true,
        timeout: 900_000,
      });
      return { code: exitCode, said: all };
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** No host may report home, keep a process behind, or draw. */
const quiet = {
  NO_COLOR: "1",
  FORCE_COLOR: "0",
  DO_NOT_TRACK: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  NX_DAEMON: "false",
  NX_NO_CLOUD: "true",
  NX_TUI: "false",
};
