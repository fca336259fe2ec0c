import { expect, test } from "vitest";
import { goModTemplate, isNewer, lockMoves, moved, newestOf, pinsIn } from "../../pins/pins.ts";

const text = `# What each service is built with.
# renovate: datasource=github-tags depName=rust packageName=rust-lang/rust
rust: "1.95.0"
# renovate: datasource=npm depName=@types/node
# hold within 24: the types follow the Node
"@types/node": "24.19.2"
# renovate: datasource=npm depName=pg
# hold: the next one drops our Node
pg: "8.23.1"
`;

test("a pin says its version, where it comes from, and why it is held", () => {
  expect(pinsIn(text)).toEqual([
    { key: "rust", version: "1.95.0", datasource: "github-tags", name: "rust-lang/rust" },
    {
      key: "@types/node",
      version: "24.19.2",
      datasource: "npm",
      name: "@types/node",
      hold: { reason: "the types follow the Node", within: "24" },
    },
    {
      key: "pg",
      version: "8.23.1",
      datasource: "npm",
      name: "pg",
      hold: { reason: "the next one drops our Node" },
    },
  ]);
});

test("a pin of which nothing says where it comes from is a fault", () => {
  expect(() => pinsIn('axum: "0.8.9"\n')).toThrow('Nothing says where "axum" comes from.');
});

test("moving a pin changes its version and nothing else", () => {
  expect(moved(text, "pg", "8.24.0")).toBe(text.replace("8.23.1", "8.24.0"));
  expect(moved(text, "@types/node", "24.20.0")).toBe(text.replace("24.19.2", "24.20.0"));
});

test.each([
  ["1.10.0", "1.9.9", true],
  ["v1.62.1", "v1.62.0", true],
  ["2.0", "1.9.9", true],
  ["1.9.9", "1.9.9", false],
  ["1.2", "1.2.0", false],
  ["0.9.0", "0.10.0", false],
])("%s is newer than %s: %s", (one, than, is) => {
  expect(isNewer(one, than)).toBe(is);
});

test("the newest is no prerelease, and keeps its first number where it has to", () => {
  const versions = ["24.19.1", "24.20.0", "25.0.1", "26.0.0-rc.1", ""];
  expect(newestOf(versions)).toBe("25.0.1");
  expect(newestOf(versions, "24")).toBe("24.20.0");
  expect(newestOf(["v2.0.0-beta", ""])).toBeUndefined();
});

test("a tidied go.mod becomes a template again, in which pins stay names", () => {
  const template = `go {{pins.go}}

require (
	golang.org/x/mod v0.42.0 // indirect
{{#each devDependencies}}
	{{name}} {{version}} // indirect
{{/each}}
	modernc.org/libc v1.80.1 // indirect
)

tool honnef.co/go/tools/cmd/staticcheck
`;
  const tidied = `go 1.27.0

require (
	golang.org/x/mod v0.43.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	honnef.co/go/tools v0.8.2 // indirect
	modernc.org/libc v1.80.1 // indirect
)
`;
  expect(goModTemplate(template, tidied, new Set(["honnef.co/go/tools"]))).toBe(
    template.replace("v0.42.0 // indirect\n", "v0.43.0 // indirect\n\tgolang.org/x/sync v0.24.0 // indirect\n"),
  );
});

test.each([
  [
    "a Cargo.lock",
    'name = "hashbrown"\nversion = "0.16.0"\n\nname = "hashbrown"\nversion = "0.17.1"\n',
    'name = "hashbrown"\nversion = "0.16.0"\n\nname = "hashbrown"\nversion = "0.17.2"\n',
    ["hashbrown 0.16.0 and 0.17.1 -> 0.16.0 and 0.17.2"],
  ],
  [
    "a package-lock.json",
    '    "node_modules/pino": {\n      "version": "10.4.0",\n',
    '    "node_modules/@a/b": {\n      "version": "1.0.0",\n',
    ["@a/b none -> 1.0.0", "pino 10.4.0 -> none"],
  ],
  [
    "a go.sum",
    "modernc.org/libc v1.80.1 h1:x\nmodernc.org/libc v1.80.1/go.mod h1:y\n",
    "modernc.org/libc v1.80.2 h1:x\n",
    ["modernc.org/libc v1.80.1 -> v1.80.2"],
  ],
])("what moved in %s is named", (_what, before, after, moves) => {
  expect(lockMoves(before, after)).toEqual(moves);
  expect(lockMoves(after, after)).toEqual([]);
});
