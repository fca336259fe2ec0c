import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Commands } from "../../src/model/manifest.ts";
import { breaks, service } from "../contract/breaks.ts";
import { type Bench, outcomeOf } from "../support/breaking.ts";
import { languages, treeOf, writeTree } from "../support/emit.ts";
import { toolchain } from "../support/toolchains.ts";

/** Cargo builds all copies in one target folder, so there can be only one. */
const benchesFor = { typescript: 2, go: 2, rust: 1 } as const;

/** A release that is built for every break takes longer than to run it. */
const unoptimised = {
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "256",
  CARGO_PROFILE_RELEASE_INCREMENTAL: "true",
  CARGO_PROFILE_RELEASE_LTO: "off",
  CARGO_PROFILE_RELEASE_OPT_LEVEL: "0",
};

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "breaks-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(languages)("%s", (language) => {
  const rows = Object.entries(breaks[language]).flatMap(([file, ways]) =>
    ways.map(([point, name, find, replace]) => ({ point, name, file, find, replace })),
  );
  const idle: Bench[] = [];
  const waiting: ((bench: Bench) => void)[] = [];

  beforeAll(async () => {
    const environment: NodeJS.ProcessEnv = { ...toolchain(language), ...(language === "rust" && unoptimised) };
    const [first = "", ...others] = Array.from({ length: benchesFor[language] }, (_, at) =>
      path.join(root, `${language}-${at}`),
    );
    writeTree(await treeOf({ language, ...service }), first);
    const { setup, build, start } = manifestOf(first);
    for (const command of [setup, build]) {
      await execa("sh", ["-c", command], { cwd: first, env: environment, extendEnv: false });
    }
    for (const other of others) cpSync(first, other, { recursive: true, verbatimSymlinks: true });
    const described = {
      ...environment,
      CONTRACT_COMMAND: start,
      CONTRACT_RESOURCE: service.resource,
      ...(language === "typescript" && { CONTRACT_PATH: environment.PATH?.split(path.delimiter, 1)[0] }),
    };
    // A break leaves names unused, which the type check refuses and Node does not mind.
    const again = language === "typescript" ? "true" : build;
    for (const folder of [first, ...others]) idle.push({ folder, build: again, environment: described });
  });

  test.concurrent.each(rows.map((row) => [row.point, row.name, row] as const))(
    "%s notices that %s",
    async (_point, _name, broken) => {
      const bench = idle.pop() ?? (await new Promise<Bench>((resolve) => waiting.push(resolve)));
      try {
        const { passed, failed } = await outcomeOf(broken, bench);
        expect(passed, "the broken service must still answer something").not.toEqual([]);
        expect(failed).not.toEqual([]);
      } finally {
        const next = waiting.shift();
        if (next) next(bench);
        else idle.push(bench);
      }
    },
  );
});

function manifestOf(folder: string): Commands {
  return (JSON.parse(readFileSync(path.join(folder, ".groundwork.json"), "utf8")) as { commands: Commands }).commands;
}
