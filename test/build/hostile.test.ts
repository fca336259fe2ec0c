import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execaSync } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Commands } from "../../src/model/manifest.ts";
import { Problem } from "../../src/problem.ts";
import { languages, treeOf, writeTree } from "../support/emit.ts";
import { serviceNames, texts, wellFormedResources } from "../support/hostile.ts";
import { toolchain } from "../support/toolchains.ts";

/** `FUZZ=20` builds twenty of each language, from another seed each time. */
const samples = Number(process.env.FUZZ || 3);
const seed = process.env.FUZZ ? undefined : 5;

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "hostile-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(languages)("%s", (language) => {
  test("a sample of hostile answers lints, tests and builds", { timeout: 600_000 * samples }, async () => {
    const given = fc.sample(fc.tuple(serviceNames, texts, wellFormedResources), {
      numRuns: 50 * samples,
      ...(seed !== undefined && { seed }),
    });
    let built = 0;
    for (const [index, [name, description, resource]] of given.entries()) {
      if (built === samples) break;
      const tree = await treeOf({ language, name, description, resource }).catch((error: unknown) => {
        if (error instanceof Problem) return undefined;
        throw error;
      });
      if (!tree) continue;
      built++;
      const folder = path.join(root, `${language}-${index}`);
      writeTree(tree, folder);
      const { commands } = JSON.parse(readFileSync(path.join(folder, ".groundwork.json"), "utf8")) as {
        commands: Commands;
      };
      for (const step of ["setup", "format-check", "lint", "test"] as const) {
        const { exitCode, all } = execaSync("sh", ["-c", commands[step]], {
          cwd: folder,
          env: toolchain(language),
          extendEnv: false,
          reject: false,
          all: true,
        });
        expect(exitCode, `${step} of ${name}, "${resource}":\n${all?.slice(-6000)}`).toBe(0);
      }
    }
    expect(built).toBe(samples);
  });
});
