import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { pinsIn } from "../../pins/pins.ts";
import { layerExists } from "../../src/edges/templates.ts";
import type { Language } from "../../src/model/verdict.ts";
import { languages, treeOf } from "../support/emit.ts";

const templates = path.join(import.meta.dirname, "../../templates");
const pinsOf = (language: string) => pinsIn(readFileSync(path.join(templates, language, "pins.yaml"), "utf8"));
const forges = ["github", "gitlab"];
const registries = ["crate", "npm", "go"];

const written = readdirSync(templates, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => path.relative(templates, path.join(parentPath, name)))
  .filter((file) => !/(^|\/)(pins\.yaml|Cargo\.lock|package-lock\.json|go\.sum)$/.test(file));

/** The pins of each toolchain, and how a manifest, an image or a step of CI names them; the first group is a version. */
const toolchains: Readonly<Record<Language, Readonly<Record<string, readonly RegExp[]>>>> = {
  rust: { rust: [/^rust-version = "(.+)"$/gm, /^channel = "(.+)"$/gm, /\brust:(\d[\d.]*)/g] },
  go: { go: [/^go (\d[\d.]*)$/gm], golang: [/\bgolang:(\d[\d.]*)/g, /\bgo-version: "?(\d[\d.]*)/g] },
  typescript: { node: [/^(\d+\.\d+\.\d+)\n$/g, /\bnode:(\d[\d.]*)/g, /\bnode-version: "?(\d[\d.]*)/g] },
};

test("there are templates to look at", () => expect(written.length).toBeGreaterThan(60));

describe.each(languages)("%s", (language) => {
  const pinned = (key: string) => pinsOf(language).find((pin) => pin.key === key)?.version ?? "";

  test.each(Object.keys(toolchains[language]))("the version of %s stands in pins.yaml only", (key) => {
    const minor = pinned(key).split(".").slice(0, 2).join(".");
    const literal = new RegExp(`(?<![\\d.])${minor.replaceAll(".", "\\.")}(?![\\d])`);
    const files = written.filter((file) => file.startsWith("shared/") || file.startsWith(`${language}/`));
    const telling = files.filter((file) => file.endsWith(".hbs") || !/\.(rs|go|ts|json|sql)$/.test(file));
    expect(telling.filter((file) => literal.test(readFileSync(path.join(templates, file), "utf8")))).toEqual([]);
  });

  test("no manifest names the version of a package beside it", () => {
    const packages = pinsOf(language).filter(({ datasource }) => registries.includes(datasource));
    const lines = written
      .filter((file) => file.startsWith(`${language}/`) && file.endsWith(".hbs"))
      .flatMap((file) => readFileSync(path.join(templates, file), "utf8").split("\n"));
    const literal = lines.filter((line) =>
      packages.some(({ key, version }) => line.includes(key) && line.includes(version)),
    );
    expect(literal).toEqual([]);
  });

  test.each(["none", ...forges.filter((ci) => layerExists(`${language}/ci-${ci}`) || layerExists(`shared/ci-${ci}`))])(
    "manifest, image and CI (%s) name the toolchain that is pinned",
    async (ci) => {
      const tree = await treeOf({ language, ci, resource: "item name:text" });
      const telling = [...tree].filter(([file]) => !/(^|\/)(docs|src|internal|cmd|tests)\//.test(file));
      for (const [key, patterns] of Object.entries(toolchains[language])) {
        const named = telling.flatMap(([, { content }]) =>
          patterns.flatMap((pattern) => [...content.matchAll(pattern)].map(([, version]) => version)),
        );
        expect(named.length).toBeGreaterThan(0);
        // An image may be named by the first of its numbers alone.
        for (const version of named) expect(`${pinned(key)}.`.startsWith(`${version}.`), version).toBe(true);
      }
    },
  );
});
