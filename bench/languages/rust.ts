import { cpSync, statSync } from "node:fs";
import path from "node:path";
import type { Program } from "../program.ts";
import { cpuSeconds, shell } from "../shell.ts";
import type { Toolbox } from "../toolbox.ts";

export const rust: Toolbox = {
  artefactNames: ["binary", "crates"],
  bare: {
    build: "cargo build --quiet --release --locked",
    start: "cargo run --quiet --release --locked",
    manifest: "Cargo.toml",
  },
  // `cargo run` becomes the service, but its own work would count as the service's. The copy is safe from another bench.
  command(name, _start, { folder, env }) {
    const binary = path.join(folder, name);
    cpSync(path.join(env.CARGO_TARGET_DIR ?? path.join(folder, "target"), "release", name), binary);
    return [binary];
  },

  async artefact(program) {
    const [binary = ""] = program.command;
    return { bytes: statSync(binary).size, parts: await crates(program) };
  },

  coldBuild: ({ folder, env }, empty) =>
    cpuSeconds("cargo build --quiet --locked", { folder, env: { ...env, CARGO_TARGET_DIR: empty } }),
};

/** Those that are compiled on this machine, build scripts' and macros' included; the lockfile also lists other systems'. */
async function crates(program: Program): Promise<number> {
  const tree = await shell("cargo tree --locked --edges normal,build --prefix none --format '{p}'", program);
  const named = tree.split("\n").map((line) => line.split(" ", 2).join(" "));
  return new Set(named).size - 1;
}
