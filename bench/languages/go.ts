import { statSync } from "node:fs";
import path from "node:path";
import { cpuSeconds, shell } from "../shell.ts";
import type { Toolbox } from "../toolbox.ts";

export const go: Toolbox = {
  artefactNames: ["binary", "linked modules"],
  bare: { build: "go build -mod=readonly -ldflags=-s -o bin/bare .", start: "./bin/bare", manifest: "go.mod" },
  command: (_name, start) => start.split(" "),

  async artefact(program) {
    const [binary = ""] = program.command;
    const linked = await shell(`go version -m ${binary}`, program);
    return { bytes: statSync(path.join(program.folder, binary)).size, parts: linked.match(/^\tdep\t/gm)?.length ?? 0 };
  },

  coldBuild: ({ folder, env }, empty) => cpuSeconds("go build ./...", { folder, env: { ...env, GOCACHE: empty } }),
};
