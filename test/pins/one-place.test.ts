import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { pinsIn } from "../../pins/pins.ts";
import type { Tree } from "../../src/model/tree.ts";
import type { Language } from "../../src/model/verdict.ts";
import { combinations, spelled, treeOfCombination } from "../support/combinations.ts";
import { languages } from "../support/emit.ts";

const templates = path.join(import.meta.dirname, "../../templates");
const pinsOf = (language: string) => pinsIn(readFileSync(path.join(templates, language, "pins.yaml"), "utf8"));
const registries = ["crate", "npm", "go"];

const written = readdirSync(templates, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => path.relative(templates, path.join(parentPath, name)))
  .filter((file) => !/(^|\/)(pins\.yaml|Cargo\.lock|package-lock\.json|go\.sum)$/.test(file));

/** A file that names a version, how it does, and the pin that it has to agree with. */
interface Place {
  readonly file: string;
  readonly named: RegExp;
  readonly pin: string;
  /** A manifest may name the first number alone. */
  readonly major?: true;
}

const workflow = ".github/workflows/ci.yml";
const pipelines = [workflow, ".gitlab-ci.yml"];
const places: Readonly<Record<Language, readonly Place[]>> = {
  rust: [
    { file: "rust-toolchain.toml", named: /^channel = "(.+)"$/gm, pin: "rust" },
    { file: "Cargo.toml", named: /^rust-version = "(.+)"$/gm, pin: "rust" },
    { file: "Dockerfile", named: /^FROM rust:([\d.]+)/gm, pin: "rust" },
    { file: ".gitlab-ci.yml", named: /^ {2}image: rust:(.+)$/gm, pin: "rust" },
    ...pipelines.map((file) => ({ file, named: /cargo-audit@(\S+)/g, pin: "cargo-audit" })),
  ],
  go: [
    { file: "go.mod", named: /^go (.+)$/gm, pin: "go" },
    { file: "Dockerfile", named: /^FROM golang:([\d.]+)/gm, pin: "golang" },
    { file: workflow, named: /^ +go-version: "~(.+)"$/gm, pin: "golang" },
    { file: ".gitlab-ci.yml", named: /^ {2}image: golang:(.+)$/gm, pin: "golang" },
    ...pipelines.map((file) => ({ file, named: /govulncheck@(\S+)/g, pin: "govulncheck" })),
  ],
  typescript: [
    { file: ".nvmrc", named: /^(.+)$/gm, pin: "node" },
    { file: "package.json", named: /"node": ">=(.+)"/g, pin: "node", major: true },
    { file: "package.json", named: /"@types\/node": "(\d+)\./g, pin: "node", major: true },
    { file: "Dockerfile", named: /^FROM node:([\d.]+)/gm, pin: "node" },
    { file: ".gitlab-ci.yml", named: /^ {2}image: node:(.+)$/gm, pin: "node" },
  ],
};
const shared: readonly Place[] = [
  ...["compose.yaml", workflow].map((file) => ({ file, named: /^ +image: postgres:(.+)$/gm, pin: "postgres" })),
  { file: ".gitlab-ci.yml", named: /^ +- postgres:(.+)$/gm, pin: "postgres" },
  { file: ".gitlab-ci.yml", named: /docker:([^-\s]+)-(?:cli|dind)$/gm, pin: "docker" },
  { file: workflow, named: /runs-on: ubuntu-(.+)$/gm, pin: "ubuntu" },
  ...actions().map((pin) => ({ file: workflow, named: new RegExp(`uses: ${pin}@(.+)$`, "gm"), pin })),
];

function actions(): string[] {
  return pinsOf("shared").flatMap(({ key }) => (key.includes("/") ? [key] : []));
}

/** Where a repository names a version that is not the pinned one. */
function disagreements(language: Language, tree: Tree): string[] {
  const pins = [...pinsOf("shared"), ...pinsOf(language)];
  return [...places[language], ...shared].flatMap(({ file, named, pin, major }) => {
    const pinned = pins.find(({ key }) => key === pin)?.version ?? "";
    const wanted = major ? pinned.split(".", 1)[0] : pinned;
    const found = [...(tree.get(file)?.content ?? "").matchAll(named)].map(([, version]) => version);
    return found.filter((version) => version !== wanted).map((version) => `${file} says ${pin} ${version}`);
  });
}

const repositories = combinations.map((combination) => ({
  language: combination.language,
  name: spelled(combination),
  tree: treeOfCombination(combination),
}));

describe("manifests, images, workflows and GitLab's file name the versions that are pinned", () => {
  test.each(repositories)("$name", async ({ language, tree }) => {
    expect(disagreements(language, await tree)).toEqual([]);
  });

  test("each of these places is there, and is noticed when it says another", async () => {
    const unmet = new Set([...shared, ...languages.flatMap((language) => places[language])]);
    for (const { language, tree: drawn } of repositories) {
      const tree = await drawn;
      for (const place of [...places[language], ...shared]) {
        const { file, named, pin } = place;
        const { content = "" } = tree.get(file) ?? {};
        const other = content.replace(named, (whole, version: string) => whole.replace(version, "99"));
        if (other === content) continue;
        const edited = new Map([...tree, [file, { content: other, executable: false, policy: "owned" }] as const]);
        expect(disagreements(language, edited)).toContain(`${file} says ${pin} 99`);
        unmet.delete(place);
      }
    }
    expect([...unmet]).toEqual([]);
  });

  test.each(repositories)("all stages of an image are of one Debian: $name", async ({ tree }) => {
    const { content = "" } = (await tree).get("Dockerfile") ?? {};
    const releases = [...content.matchAll(/^FROM .*(?:-|debian)(trixie|bookworm|\d+)/gm)].map(([, release]) => release);
    expect(content).toMatch(/^FROM /m);
    expect(new Set(releases.map((release) => (release === "13" ? "trixie" : release))).size).toBeLessThanOrEqual(1);
  });
});

test("there are templates to look at", () => expect(written.length).toBeGreaterThan(60));

describe.each(languages)("%s", (language) => {
  const pinned = (key: string) =>
    [...pinsOf("shared"), ...pinsOf(language)].find((pin) => pin.key === key)?.version ?? "";

  test.each([...new Set(places[language].map(({ pin }) => pin))])(
    "the version of %s stands in pins.yaml only",
    (key) => {
      const minor = pinned(key).split(".").slice(0, 2).join(".");
      const literal = new RegExp(`(?<![\\d.])${minor.replaceAll(".", "\\.")}(?![\\d])`);
      const files = written.filter((file) => file.startsWith("shared/") || file.startsWith(`${language}/`));
      const telling = files.filter((file) => file.endsWith(".hbs") || !/\.(rs|go|ts|json|sql)$/.test(file));
      expect(telling.filter((file) => literal.test(readFileSync(path.join(templates, file), "utf8")))).toEqual([]);
    },
  );

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
});
