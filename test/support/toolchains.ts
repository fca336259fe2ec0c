import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { isAtLeast } from "../../src/compose/toolchains.ts";

const root = path.join(import.meta.dirname, "../..");
const nodeFolder = path.join(root, ".cache/toolchains/node_modules/node/bin");
const caches = path.join(root, ".cache");

interface Tool {
  readonly name: string;
  readonly command: readonly string[];
  readonly least: string;
  readonly get: string;
}

const tools = {
  rust: {
    name: "Rust",
    command: ["cargo", "--version"],
    least: "1.95",
    get: "install rustup from your distribution or rustup.rs, then: rustup toolchain install 1.95.0",
  },
  go: {
    name: "Go",
    command: ["go", "version"],
    least: "1.21",
    get: "install Go 1.21 or newer from your distribution or go.dev; it fetches the version that go.mod asks for",
  },
  typescript: {
    name: "Node 24",
    command: [path.join(nodeFolder, "node"), "--version"],
    least: "24.0",
    get: "npm install --prefix .cache/toolchains node@24",
  },
} as const satisfies Record<string, Tool>;

export type Toolchain = keyof typeof tools;

/**
 * Another Node than the tests' own.
 * @throws Error that says how to get it
 */
export function nodeOf(major: 18 | 22 | 24): string {
  const folder = major === 24 ? "toolchains" : `toolchains/node-${major}`;
  const node = path.join(caches, folder, "node_modules/node/bin/node");
  if (!existsSync(node)) {
    throw new Error(
      `Node ${major} is missing. To get it: npm install --no-save --prefix .cache/${folder} node@${major}`,
    );
  }
  return node;
}

/**
 * The environment in which an emitted repository is built; all of them share one cache a language.
 * @throws Error that names a toolchain that is missing and how to get it
 */
export function toolchain(language: Toolchain): NodeJS.ProcessEnv {
  const tool: Tool = tools[language];
  const version = versionOf(tool);
  if (version === undefined || !isAtLeast(version, tool.least)) {
    throw new Error(
      `${tool.name} ${tool.least} or newer is missing (found: ${version ?? "none"}). To get it: ${tool.get}`,
    );
  }
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_ENV$|NODE_OPTIONS$)/.test(name)),
  );
  return {
    ...env,
    ...(language === "rust" && { CARGO_TARGET_DIR: env.CARGO_TARGET_DIR ?? path.join(caches, "cargo-target") }),
    ...(language === "go" && { GOTOOLCHAIN: "auto", GOFLAGS: "-buildvcs=false" }),
    ...(language === "typescript" && { PATH: `${nodeFolder}${path.delimiter}${env.PATH}` }),
  };
}

function versionOf({ command: [file = "", ...args] }: Tool): string | undefined {
  try {
    return /\d+\.\d+(\.\d+)?/.exec(execFileSync(file, args, { encoding: "utf8" }))?.[0];
  } catch {
    return undefined;
  }
}
