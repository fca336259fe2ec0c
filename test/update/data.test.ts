import { describe, expect, test } from "vitest";
import { mergeFile } from "../../src/update/file.ts";

const labels = { mine: "yours", old: "before", new: "after" };
const merge = (path: string, old: string, mine: string, fresh: string) =>
  mergeFile(path, "data", { old, mine, fresh }, labels, () => true);

const cargo = (dependencies: string) =>
  `# The package.\n[package]\nname = "x"\n\n[dependencies]\n${dependencies}\n[profile.dev]\ndebug = 1\n`;

describe("by key", () => {
  test("a dependency of the user's meets one of ours, with comments and order kept", () => {
    const merged = merge(
      "Cargo.toml",
      cargo('axum = "0.8.9"\nsqlx = { version = "0.9.0", features = ["sqlite"] }\n'),
      cargo(
        '# for prices\nrust_decimal = "1"\naxum = "0.8.9"\nsqlx = { version = "0.9.0", features = ["sqlite"] }\nzmij = "1"\n',
      ),
      cargo('axum = "0.8.10"\nsqlx = { version = "0.9.0", features = ["postgres"] }\ntokio = "1"\n'),
    );
    expect(merged.conflict).toBe("");
    expect(merged.text).toContain('# for prices\nrust_decimal = "1"\naxum = "0.8.10"\n');
    expect(merged.text).toContain('sqlx = { version = "0.9.0", features = ["postgres"] }');
    expect(merged.text).toContain('zmij = "1"');
    expect(merged.text).toContain('tokio = "1"');
    expect(merged.text).toContain("# The package.");
  });

  test("one value that both changed stays the user's, and waits for a person", () => {
    const merged = merge(
      "package.json",
      '{\n  "scripts": {\n    "test": "a"\n  }\n}\n',
      '{\n  "scripts": {\n    "test": "mine"\n  }\n}\n',
      '{\n  "scripts": {\n    "test": "ours"\n  }\n}\n',
    );
    expect(merged.text).toContain('"test": "mine"');
    expect(merged.conflict).toBe('scripts.test: yours is "mine", ours is now "ours"; yours is kept');
  });

  test("lists are merged as sets", () => {
    const list = (...names: string[]) => `{ "features": ${JSON.stringify(names)} }\n`;
    const merged = merge("a.json", list("a", "b"), list("a", "b", "mine"), list("b", "c"));
    expect(JSON.parse(merged.text)).toEqual({ features: ["b", "mine", "c"] });
    expect(merged.conflict).toBe("");
  });

  test("JSON with comments keeps them", () => {
    const merged = merge(
      "tsconfig.json",
      '{\n  "a": 1,\n  "b": 1\n}\n',
      '{\n  // mine\n  "a": 1,\n  "c": 3,\n  "b": 1\n}\n',
      '{\n  "a": 2,\n  "b": 1\n}\n',
    );
    expect(merged.text).toBe('{\n  // mine\n  "a": 2,\n  "c": 3,\n  "b": 1\n}\n');
  });

  test("a file of the user's that does not parse is left", () => {
    const merged = merge("a.json", '{"a": 1}', "{nonsense", '{"a": 2}');
    expect(merged).toEqual({ text: "{nonsense", conflict: expect.stringContaining("does not parse") });
  });
});

describe("go.mod", () => {
  const mod = (...lines: string[]) => `module example.com/x\n\ngo 1.27.0\n\n${lines.join("\n")}\n`;

  test("the user's requirements meet ours", () => {
    const merged = merge(
      "go.mod",
      mod("require modernc.org/sqlite v1.61.0", "", "require (", "\tmodernc.org/libc v1.80.1 // indirect", ")"),
      mod(
        "require modernc.org/sqlite v1.61.0",
        "",
        "require github.com/mine/thing v1.0.0 // why",
        "",
        "require (",
        "\tmodernc.org/libc v1.80.1 // indirect",
        ")",
        "",
        "replace example.com/y => ../y",
      ),
      mod(
        "require github.com/jackc/pgx/v5 v5.12.0",
        "",
        "require (",
        "\tgithub.com/jackc/puddle v1.0.0 // indirect",
        ")",
      ),
    );
    expect(merged.conflict).toBe("");
    expect(merged.text).not.toContain("modernc");
    for (const line of [
      "require github.com/mine/thing v1.0.0 // why",
      "require github.com/jackc/pgx/v5 v5.12.0",
      "replace example.com/y => ../y",
    ])
      expect(merged.text.split("\n")).toContain(line);
  });

  test("a newer Go and the user's own version of a module both stand", () => {
    const merged = merge(
      "go.mod",
      "module x\n\ngo 1.27.0\n\nrequire a.b/c v1.0.0\n",
      "module x\n\ngo 1.27.0\n\nrequire a.b/c v1.1.0\n",
      "module x\n\ngo 1.27.4\n\nrequire a.b/c v1.0.0\n",
    );
    expect(merged.text).toBe("module x\n\ngo 1.27.4\n\nrequire a.b/c v1.1.0\n");
  });
});
