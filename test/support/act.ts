import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";

const act = path.join(import.meta.dirname, "../../.cache/go-tools/act");

export interface JobRun {
  readonly passed: boolean;
  readonly said: string;
}

/**
 * Runs the workflow of a repository as its runner would, on this machine and without containers.
 * @param folder a git repository with one workflow that listens to `workflow_dispatch`
 * @param programs scripts that stand in for programs of the runner's, by name
 * @throws Error that says how to get act when it is missing
 */
export async function runWorkflow(
  folder: string,
  env: Readonly<Record<string, string>>,
  programs: Readonly<Record<string, string>>,
): Promise<JobRun> {
  if (!existsSync(act)) {
    throw new Error("act is missing. To get it: GOBIN=$PWD/.cache/go-tools go install github.com/nektos/act@v0.2.89");
  }
  const [home, bin] = [path.join(folder, "../home"), path.join(folder, "../bin")];
  for (const made of [home, bin]) mkdirSync(made, { recursive: true });
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}`);
    chmodSync(path.join(bin, name), 0o755);
  }
  const PATH = `${bin}${path.delimiter}${process.env.PATH}`;
  const passed = Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const { exitCode, all } = await execa(
    act,
    ["workflow_dispatch", "-P", "ubuntu-24.04=-self-hosted", "--env", `PATH=${PATH}`, ...passed],
    { cwd: folder, env: { PATH, HOME: home }, extendEnv: false, reject: false, all: true, timeout: 300_000 },
  );
  return { passed: exitCode === 0, said: all };
}
