import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import { inject } from "vitest";
import { type Toolchain, toolchain } from "./toolchains.ts";

const managers = path.join(import.meta.dirname, "../../.cache/toolchains/managers/node_modules/.bin");

export interface Ran {
  readonly code: number | undefined;
  readonly said: string;
}

/** A monorepo of a user's, with the toolchain of one language in it. */
export interface Root {
  readonly folder: string;
  write(file: string, content: string): void;
  /** Runs lines of a shell, which end with the first that fails. */
  shell(lines: string, from?: string): Ran;
  /** Runs the packed tool. */
  emit(...args: string[]): Ran;
  remove(): void;
}

export function newRoot(language: Toolchain): Root {
  const folder = mkdtempSync(path.join(tmpdir(), "root-"));
  const run = (file: string, args: readonly string[], from = "."): Ran => {
    const env = toolchain(language);
    const { exitCode, all } = execaSync(file, args, {
      cwd: path.join(folder, from),
      env: { ...env, PATH: `${env.PATH}${path.delimiter}${managers}`, NO_COLOR: "1", TURBO_TELEMETRY_DISABLED: "1" },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      all: true,
    });
    return { code: exitCode, said: all };
  };
  execaSync("git", ["init", "--quiet"], { cwd: folder });
  return {
    folder,
    write(file, content) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), content);
    },
    shell: (lines, from) => run("sh", ["-ec", lines], from),
    emit: (...args) => run(process.execPath, [path.join(inject("packed"), "dist/cli.js"), ...args, "--yes"]),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** What a run tells to run at the root: what refreshes the lockfile, and what builds and tests from there. */
export function toldBy(said: string): { readonly refresh: string; readonly commands: string } {
  const next = said.split("\nNext:\n")[1] ?? "";
  const lines = (text: string) =>
    text
      .split("\n")
      .filter((line) => line.startsWith("  "))
      .map((line) => line.trim());
  const [inside = "", ...roots] = next.split("\nThe same again:")[0]?.split(/^From .*:$/m) ?? [];
  const refresh = lines(inside);
  return {
    refresh: refresh
      .slice(
        0,
        refresh.findIndex((line) => line.startsWith("cd ")),
      )
      .join("\n"),
    commands: roots.flatMap(lines).join("\n"),
  };
}
