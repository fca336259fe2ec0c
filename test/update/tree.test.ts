import { createHash } from "node:crypto";
import fc from "fast-check";
import { applyEdits, modify } from "jsonc-parser";
import { beforeAll, describe, expect, test } from "vitest";
import { readAnswers } from "../../src/answers.ts";
import { parses } from "../../src/edges/parses.ts";
import { layerExists } from "../../src/edges/templates.ts";
import { type Manifest, manifestPath } from "../../src/model/manifest.ts";
import type { Tree } from "../../src/model/tree.ts";
import { drawn } from "../../src/scaffold.ts";
import { type MergedTree, mergeTrees, type OwnFile } from "../../src/update/tree.ts";
import { languages } from "../support/emit.ts";

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const labels = { mine: "yours", old: "before", new: "after" };

interface Pair {
  readonly name: string;
  readonly old: Tree;
  readonly fresh: Tree;
  readonly moves: boolean;
}

const item = "item name:text quantity:integer";
const both = `${item}; invoice number:text amount:money due:date?`;
/** Changes of answers whose trees are merged here; the first of each is what was there. */
const changes: readonly (readonly [Record<string, string>, Record<string, string>])[] = [
  [{ resource: item }, { resource: both }],
  [{ resource: both }, { resource: item }],
  [{ resource: item }, { resource: item, stakes: "money,core_service", description: "It keeps what there is." }],
  [
    { resource: both, database: "sqlite" },
    { resource: both, database: "postgres" },
  ],
];

const pairs: Pair[] = [];
beforeAll(async () => {
  for (const language of languages) {
    for (const [before, after] of changes) {
      if (after.database && !layerExists(`${language}/database-${after.database}`)) continue;
      const [old, fresh] = await Promise.all([before, after].map((given) => treeOf({ language, ...given })));
      if (!old || !fresh) throw new Error("no trees");
      pairs.push({ name: `${language} ${JSON.stringify(after)}`, old, fresh, moves: after.database === "postgres" });
    }
  }
});

async function treeOf(given: Record<string, unknown>): Promise<Tree> {
  const { answers, choices } = readAnswers({ name: "orders", ...given });
  return (await drawn({ answers, choices: { ...choices, name: "orders" } })).tree;
}

const manifestOf = (tree: Tree): Manifest => JSON.parse(tree.get(manifestPath)?.content ?? "");

function merge({ old, fresh, moves }: Omit<Pair, "name">, mine: ReadonlyMap<string, OwnFile>): MergedTree {
  return mergeTrees(
    { old, fresh, mine },
    { labels, recorded: manifestOf(old).files, replacesMigrations: moves, hash, parses },
  );
}

/** What is there after a merge. */
function result(mine: ReadonlyMap<string, OwnFile>, { writes, removes }: MergedTree): Map<string, OwnFile> {
  const there = new Map(mine);
  for (const [path, file] of writes) there.set(path, file);
  for (const path of removes) there.delete(path);
  return there;
}

const asIs = (tree: Tree): Map<string, OwnFile> => new Map([...tree].filter(([path]) => path !== manifestPath));

/** Of files that are written once the user's stays, as in any repository that has lived. */
const comparable = (files: ReadonlyMap<string, OwnFile>) =>
  Object.fromEntries(
    [...files]
      .filter(([path]) => path !== manifestPath && !path.startsWith("docs/decisions/"))
      .map(([path, { content }]) => [path, content])
      .sort(),
  );

type Edit = {
  readonly file: number;
  readonly at: number;
  readonly kind: "line" | "cut" | "delete" | "crlf" | "replace";
};

const edit: fc.Arbitrary<Edit> = fc.record({
  file: fc.nat(),
  at: fc.nat(),
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant("line" as const) },
    { weight: 3, arbitrary: fc.constant("replace" as const) },
    { weight: 2, arbitrary: fc.constant("cut" as const) },
    { weight: 1, arbitrary: fc.constantFrom("delete" as const, "crlf" as const) },
  ),
});

/** The user's own lines, by file: words that nothing of ours has. */
type Own = Map<string, string[]>;

function edited(tree: Tree, edits: readonly Edit[]): { readonly mine: Map<string, OwnFile>; readonly own: Own } {
  const mine = asIs(tree);
  const own: Own = new Map();
  // Once for all: an edit of a deleted file is none.
  const paths = [...mine.keys()];
  for (const [index, { file, at, kind }] of edits.entries()) {
    const path = paths[file % paths.length] ?? "";
    const found = mine.get(path);
    if (!found?.content) continue;
    const word = `own${index}word`;
    const put = (content: string) => mine.set(path, { ...found, content });
    const say = () => own.set(path, [...(own.get(path) ?? []), word]);
    if (kind === "delete") {
      mine.delete(path);
      own.delete(path);
    } else if (kind === "crlf") put(found.content.replaceAll(/\r?\n/g, "\r\n"));
    else if (isData(path)) {
      put(withKey(path, found.content, word));
      say();
    } else {
      const lines = found.content.split("\n");
      const place = at % lines.length;
      if (kind === "line") lines.splice(place, 0, word);
      if (kind === "replace") {
        if (/own\d+word/.test(lines[place] ?? "")) continue;
        lines.splice(place, 1, word);
      }
      if (kind === "cut") {
        const cut = lines.splice(place, 1)[0] ?? "";
        own.set(
          path,
          (own.get(path) ?? []).filter((each) => !cut.includes(each)),
        );
      } else say();
      put(lines.join("\n"));
    }
  }
  return { mine, own };
}

const isData = (path: string) => /\.(json|toml|ya?ml)$|go\.mod$/.test(path);

/** A key of the user's own, as a person would write it. */
function withKey(path: string, content: string, word: string): string {
  const ends = content.includes("\r\n") ? "\r\n" : "\n";
  if (path.endsWith(".json")) {
    return applyEdits(
      content,
      modify(content, [word], 1, { formattingOptions: { eol: ends, insertSpaces: true, tabSize: 2 } }),
    );
  }
  if (path.endsWith("go.mod")) return `${content}require example.com/${word} v1.0.0${ends}`;
  if (path === "Cargo.toml")
    return content.replace(`[dependencies]${ends}`, `[dependencies]${ends}${word} = "1"${ends}`);
  return `# ${word}${ends}${content}`;
}

describe("merging what was emitted, what is emitted now and what the user has", () => {
  test("without edits it is a fresh emission, byte for byte", () => {
    for (const pair of pairs) {
      const mine = asIs(pair.old);
      const there = result(mine, merge(pair, mine));
      const expected = comparable(pair.fresh);
      // An emitted migration is never removed.
      const left = [...pair.old.keys()].filter((path) => path.endsWith(".sql") && !pair.fresh.has(path));
      for (const path of left) expected[path] = pair.old.get(path)?.content;
      expect(Object.fromEntries(Object.entries(comparable(there)).sort()), pair.name).toEqual(
        Object.fromEntries(Object.entries(expected).sort()),
      );
    }
  });

  test("a lockfile whose manifest the user has edited is to be refreshed, also where nobody has touched it", () => {
    const lockfile = /(Cargo\.lock|go\.sum|package-lock\.json)$/;
    for (const pair of pairs.filter(({ moves }) => moves)) {
      const mine = asIs(pair.old);
      expect(merge(pair, mine).stale, pair.name).toEqual([]);
      const manifest = ["Cargo.toml", "go.mod", "package.json"].find((path) => mine.has(path)) ?? "";
      const found = mine.get(manifest) as OwnFile;
      mine.set(manifest, { ...found, content: found.content?.replace(/\n/, "\n\n") });
      const { stale, writes } = merge(pair, mine);
      expect(
        stale.filter((path) => lockfile.test(path)),
        pair.name,
      ).toHaveLength(1);
      for (const path of stale) expect(writes.has(path), path).toBe(true);
    }
  });

  test("no line of the user's is lost, what parsed still parses, and a second run does nothing", {
    timeout: 300_000,
  }, () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(edit, { minLength: 1, maxLength: 12 }), (choice, edits) => {
        const pair = pairs[choice % pairs.length];
        if (!pair) throw new Error("no pair");
        const { mine, own } = edited(pair.old, edits);
        const parsed = new Set(
          [...mine].filter(([path, { content = "" }]) => parses(path, content)).map(([path]) => path),
        );
        // The user's own migrations and edits of ours are refused before a database is moved.
        const moves = pair.moves && ![...own.keys()].some((path) => path.endsWith(".sql"));
        const merged = merge({ ...pair, moves }, mine);
        const there = result(mine, merged);
        for (const [path, words] of own) {
          for (const word of words) expect(there.get(path)?.content, `${pair.name}: ${path}`).toContain(word);
        }
        for (const [path, { content = "" }] of there) {
          if (parsed.has(path) || !mine.has(path))
            expect(parses(path, content), `${pair.name}: ${path}\n${content}`).toBe(true);
        }
        for (const path of pair.old.keys()) {
          if (path !== manifestPath && !mine.has(path)) expect(there.has(path), `${path} has come back`).toBe(false);
        }
        const again = merge({ old: pair.fresh, fresh: pair.fresh, moves: false }, there);
        expect([...again.writes.keys(), ...again.removes, ...again.conflicts]).toEqual([]);
      }),
      { numRuns: Number(process.env.MERGES ?? 2_000) },
    );
  });
});
