import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { groundwork } from "../support/cli.ts";

let root: string;
let emitted: string;
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "change-"));
  emitted = path.join(root, "emitted");
  const args = [emitted, "--yes", "--name", "billing", "--language", "rust", "--resource", "item name:text"];
  const { code, stderr } = await groundwork(root, args);
  expect(code, stderr).toBe(0);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(root, "repository-"));
  cpSync(emitted, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => groundwork(folder, args);
const read = (file: string) => readFileSync(path.join(folder, file), "utf8");
const write = (file: string, text: string) => {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
};
const manifest = () => JSON.parse(read(".groundwork.json"));
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@example.com", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
const commit = () => git("add", "--all") + git("commit", "--quiet", "--message", "By hand");
const everything = () =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes(".git"))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(folder, file), readFileSync(file, "utf8")])
      .sort(),
  );

describe("add resource", () => {
  test("gives what a fresh emission of both gives, and a second run does nothing", async () => {
    const { code, stderr, stdout } = await run("add", "resource", "invoice number:text amount:money");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^write {2}migrations\/0002_invoices\.sql \(\d+ bytes\)$/m);
    const fresh = path.join(root, "both");
    const resource = "item name:text; invoice number:text amount:money";
    await groundwork(root, [fresh, "--yes", "--name", "billing", "--language", "rust", "--resource", resource]);
    for (const [file, text] of Object.entries(everything())) {
      expect(text, file).toBe(readFileSync(path.join(fresh, file), "utf8"));
    }
    commit();
    const again = await run("add", "resource", "invoice number:text amount:money");
    expect([again.code, again.stdout, again.stderr]).toEqual([0, "", "There is nothing to do."]);
    expect(git("status", "--porcelain")).toBe("");
  });

  test("numbers its migration behind the user's own", async () => {
    write("migrations/0007_mine.sql", "SELECT 1;\n");
    commit();
    expect((await run("add", "resource", "invoice number:text")).code).toBe(0);
    expect(read("migrations/0008_invoices.sql")).toContain("invoices");
    expect(manifest().migrations).toEqual({ item: 1, invoice: 8 });
    commit();
    expect((await run("change", "description=Another line")).code).toBe(0);
    expect(readdirSync(path.join(folder, "migrations"))).toEqual([
      "0001_items.sql",
      "0007_mine.sql",
      "0008_invoices.sql",
    ]);
  });

  test("works from a folder inside the repository", async () => {
    const { code } = await groundwork(path.join(folder, "src"), ["add", "resource", "invoice number:text"]);
    expect(code).toBe(0);
    expect(manifest().migrations).toEqual({ item: 1, invoice: 2 });
  });

  test("refuses other fields for one that is there", async () => {
    const { code, stderr } = await run("add", "resource", "item name:text price:money");
    expect(code).toBe(2);
    expect(stderr).toContain("Write a migration of your own");
  });
});

describe("change", () => {
  test("moves a repository to another database, and brings the user's own lines along", async () => {
    write("README.md", read("README.md").replace("\n", "\n\nMy own line.\n"));
    write("Cargo.toml", read("Cargo.toml").replace("[dependencies]\n", '[dependencies]\n# Mine.\nanyhow = "1"\n'));
    commit();
    const { code, stderr } = await run("change", "database=postgres");
    expect(code, stderr).toBe(0);
    expect(read("README.md")).toContain("My own line.");
    expect(read("README.md")).toContain("PostgreSQL");
    expect(read("Cargo.toml")).toContain('# Mine.\nanyhow = "1"\n');
    expect(read("migrations/0001_items.sql")).toContain("timestamptz");
    expect(stderr).toContain("not brought over");
  });

  test("refuses it with migrations of the user's own, naming them", async () => {
    write("migrations/0002_mine.sql", "SELECT 1;\n");
    appendFileSync(path.join(folder, "migrations/0001_items.sql"), "-- mine\n");
    commit();
    const before = everything();
    const { code, stderr } = await run("change", "database=postgres");
    expect(code).toBe(2);
    expect(stderr).toContain("migrations/0001_items.sql, migrations/0002_mine.sql");
    expect(everything()).toEqual(before);
  });

  test("says when the rules now want another language, and records it once beside the first record", async () => {
    const other = path.join(root, "go");
    await groundwork(root, [other, "--yes", "--name", "orders"]);
    const here = (...args: string[]) => groundwork(other, [...args, "--force"]);
    const first = readFileSync(path.join(other, "docs/decisions/0001-language.md"), "utf8");
    const { code, stderr } = await here("change", "stakes+=money", "experience=rust");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("The rules now say Rust; the service stays in Go.");
    expect(readFileSync(path.join(other, "docs/decisions/0001-language.md"), "utf8")).toBe(first);
    const second = readFileSync(path.join(other, "docs/decisions/0002-keep-go-not-rust.md"), "utf8");
    expect(second).toContain("# Keep orders in Go");
    expect(second).toContain("The rules now say Rust");
    expect((await here("change", "stakes+=money", "experience=rust")).stdout).toBe("");
    expect((await here("change", "team=small")).code).toBe(0);
    expect(readdirSync(path.join(other, "docs/decisions")).length).toBe(2);
    expect((await groundwork(other, ["check"])).code).toBe(0);
  });

  test("takes lists up, down and back", async () => {
    await run("change", "stakes+=money,core_service", "--force");
    expect(manifest().answers.stakes).toEqual(["money", "core_service"]);
    await run("change", "stakes-=money", "--force");
    expect(manifest().answers.stakes).toEqual(["core_service"]);
    await run("change", "stakes=unsure", "--force");
    expect(manifest().answers).not.toHaveProperty("stakes");
  });

  test("a file that the user removed stays so, and one that is no longer selected goes when it is untouched", async () => {
    await run("add", "resource", "invoice number:text", "--force");
    rmSync(path.join(folder, "AGENTS.md"));
    appendFileSync(path.join(folder, "src/resources/invoices.rs"), "// mine\n");
    commit();
    const { code, stderr, stdout } = await run("change", "resource-=invoice");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^remove src\/resources\/invoices\/store\.rs$/m);
    expect(stderr).toContain("src/resources/invoices.rs");
    expect(read("src/resources/invoices.rs")).toContain("// mine");
    expect(read("migrations/0002_invoices.sql")).toContain("invoices");
    expect(everything()).not.toHaveProperty("AGENTS.md");
    expect(manifest().deleted).toEqual(["AGENTS.md"]);
    expect((await run("check")).code).toBe(0);
  });

  test("marks a conflict, keeps it pending, and refuses more until it is resolved", async () => {
    const [title = ""] = read("README.md").split("\n");
    write("README.md", read("README.md").replace("The billing service.", "Bills are ours."));
    commit();
    const first = await run("change", "description=It bills.");
    expect(first.code).toBe(4);
    expect(first.stderr).toContain("README.md: both changed one place");
    expect(read("README.md")).toContain(title);
    expect(read("README.md")).toMatch(/<<<<<<< yours\nBills are ours\.\n\|{7} create-groundwork before\n/);
    expect(git("ls-files", "--unmerged")).toBe("");
    expect(manifest().pending).toEqual([
      { path: "README.md", base: expect.stringMatching(/^[0-9a-f]{64}$/), reason: expect.any(String) },
    ]);
    commit();
    expect((await run("change", "team=solo")).code).toBe(2);
    expect((await run("check")).code).toBe(3);
    expect((await run("resolve")).code).toBe(4);
    expect((await run("resolve", "README.md")).code).toBe(2);
    write("README.md", read("README.md").replace(/<{7} yours\n(.*\n)\|{7}[\s\S]*?>{7} .*\n/, "$1"));
    expect((await run("resolve")).code).toBe(0);
    expect(manifest().pending).toEqual([]);
    expect((await run("check")).code).toBe(0);
  });

  test("a lockfile of the user's is left, and the command that refreshes it is printed", async () => {
    appendFileSync(path.join(folder, "Cargo.lock"), "\n");
    commit();
    const { code, stderr } = await run("change", "database=postgres");
    expect(code).toBe(0);
    expect(stderr).toContain("cargo update --workspace");
  });

  test("a dry run lists the same and changes nothing, also where something is not committed", async () => {
    write("mine.txt", "mine\n");
    const before = everything();
    const planned = await run("add", "resource", "invoice number:text", "--dry-run");
    expect(planned.code).toBe(0);
    expect(everything()).toEqual(before);
    expect((await run("add", "resource", "invoice number:text", "--force")).stdout).toBe(planned.stdout);
  });

  test("adds what a choice brings, and says what is written once", async () => {
    expect((await run("change", "license=mit", "--force")).code).toBe(0);
    const before = read("LICENSE");
    const { code, stderr } = await run("change", "license=apache-2.0", "--force");
    expect(code).toBe(0);
    expect(stderr).toContain("LICENSE is written once");
    expect(read("LICENSE")).toBe(before);
  });

  test("as data", async () => {
    const { stdout } = await run("add", "resource", "invoice number:text", "--json");
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ conflicts: [], kept: [], refresh: [], notes: [], dryRun: false });
    expect(report.steps).toContainEqual({
      kind: "write",
      path: "migrations/0002_invoices.sql",
      bytes: expect.any(Number),
    });
    expect(report).not.toHaveProperty("writes");
  });
});

describe("is refused, and nothing is changed", () => {
  const broken = (change: (data: Record<string, unknown>) => void) => () => {
    const data = manifest();
    change(data);
    write(".groundwork.json", JSON.stringify(data));
  };

  test.each<[string, () => void, string, ...string[]]>([
    ["a tree that is not committed", () => appendFileSync(path.join(folder, "README.md"), "x"), "not committed"],
    [
      "a folder without version control",
      () => rmSync(path.join(folder, ".git"), { recursive: true }),
      "no git repository",
    ],
    ["no manifest", () => rmSync(path.join(folder, ".groundwork.json")), "There is no .groundwork.json"],
    ["a manifest that is no JSON", () => write(".groundwork.json", "{"), "is not JSON"],
    ["a list for a manifest", () => write(".groundwork.json", "[]"), "is not an object"],
    [
      "a manifest of a newer version",
      broken((data) => {
        data.version = "99.0.0";
      }),
      "npx create-groundwork@99.0.0",
    ],
    [
      "a manifest of an older version",
      broken((data) => {
        data.version = "0.0.1";
      }),
      "update first",
    ],
    [
      "a range for a version",
      broken((data) => {
        data.version = "^0.1.0";
      }),
      "has the version",
    ],
    [
      "an address for a version",
      broken((data) => {
        data.version = "https://example.com/x.tgz";
      }),
      "has the version",
    ],
    [
      "a path out of the folder",
      broken((data) => {
        data.files = { "../x": { policy: "owned", hash: "0".repeat(64) } };
      }),
      "not inside",
    ],
    [
      "an absolute path",
      broken((data) => {
        data.files = { "/etc/x": { policy: "owned", hash: "0".repeat(64) } };
      }),
      "not inside",
    ],
    [
      "a path into .git",
      broken((data) => {
        data.files = { ".git/hooks/x": { policy: "owned", hash: "0".repeat(64) } };
      }),
      "not inside",
    ],
    [
      "an unknown policy",
      broken((data) => {
        data.files = { x: { policy: "mine", hash: "0".repeat(64) } };
      }),
      "policy that is not known",
    ],
    [
      "a key of a prototype",
      () => write(".groundwork.json", read(".groundwork.json").replace("{", '{ "__proto__": {},')),
      "__proto__",
    ],
    [
      "hashes of something else",
      broken((data) => {
        Object.assign(data.files as object, { "README.md": { policy: "merged", hash: "0".repeat(64) } });
      }),
      "README.md differs",
    ],
    [
      "a link in the way",
      () => {
        rmSync(path.join(folder, "src"), { recursive: true });
        symlinkSync(tmpdir(), path.join(folder, "src"));
      },
      "is a link",
    ],
    ["an unknown key", () => {}, 'Did you mean "database"?', "change", "databse=postgres"],
    ["an unknown option", () => {}, "is not an option", "change", "database=oracle"],
    ["a word that is no change", () => {}, "is no change", "change", "postgres"],
    ["no change", () => {}, "nothing to change", "change"],
    ["a list where there is none", () => {}, "is no list", "change", "team+=solo"],
    ["another language", () => {}, "new repository beside", "change", "language=go"],
    ["another name", () => {}, "woven into code", "change", "name=other"],
    ["what cannot be added", () => {}, 'Did you mean "resource"?', "add", "resorce", "x y:text"],
    ["nothing to add", () => {}, "add resource", "add", "resource"],
    ["a path that waits for nothing", () => {}, "waits for nothing", "resolve", "README.md"],
  ])("%s", async (what, make, says, ...args) => {
    make();
    const before = everything();
    const forced =
      /^(a list for|a manifest|a range|an address|a path (out|into)|an absolute|an unknown policy|a key|hashes|a link)/.test(
        what,
      );
    const given = args.length > 0 ? args : ["change", "team=solo", ...(forced ? ["--force"] : [])];
    const { code, stderr } = await run(...given);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(says);
    expect(everything()).toEqual(before);
  });
});

describe("check", () => {
  test("names what has drifted, and by what", async () => {
    expect((await run("check")).code).toBe(0);
    appendFileSync(path.join(folder, "src/resources.rs"), "// mine\n");
    rmSync(path.join(folder, "build.rs"));
    appendFileSync(path.join(folder, "README.md"), "mine\n");
    const { code, stdout, stderr } = await run("check");
    expect(code).toBe(3);
    expect(stdout).toMatch(/^missing build\.rs: /m);
    expect(stdout).toMatch(/^edited {2}src\/resources\.rs: /m);
    expect(stdout).not.toContain("README.md");
    expect(stderr).toContain("resolve PATH");
    expect((await run("resolve", "build.rs")).code).toBe(0);
    const { findings } = JSON.parse((await run("check", "--json")).stdout);
    expect(findings.map(({ path: file }: { path: string }) => file)).toEqual(["src/resources.rs"]);
  });

  test("line ends of a checkout on Windows are no edit", async () => {
    write("src/resources.rs", read("src/resources.rs").replaceAll("\n", "\r\n"));
    expect((await run("check")).code).toBe(0);
  });

  test("an older version is a finding with --current alone", async () => {
    const data = manifest();
    write(".groundwork.json", JSON.stringify({ ...data, version: "0.0.1" }));
    expect((await run("check")).code).toBe(0);
    const { code, stdout, stderr } = await run("check", "--current");
    expect(code).toBe(3);
    expect(stdout).toContain("older");
    expect(stderr).toMatch(/npx create-groundwork@[\d.]+ update/);
  });
});
