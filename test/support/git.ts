import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const git = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();

/**
 * A PATH with a git that first runs a line of shell when it is called for one of its commands, and is the real one otherwise.
 * It makes a moment of a run as long as a test needs.
 */
export function pathWithGit(folder: string, command: string, line: string): string {
  const bin = path.join(folder, `git-${command}`);
  mkdirSync(bin, { recursive: true });
  const script = `#!/bin/sh\ncase " $* " in *" ${command} "*) ${line} ;; esac\nexec ${git} "$@"\n`;
  writeFileSync(path.join(bin, "git"), script, { mode: 0o755 });
  return `${bin}${path.delimiter}${process.env.PATH}`;
}
