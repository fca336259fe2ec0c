import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { everyType, keywords, languages, treeOf } from "../support/emit.ts";

const hostile = `It's "50%" <b>&amp;</b> \`rm\` {{name}} \${x} #{y} \\n | * _ [a](b) // */ --> '''`;

describe.each(languages)("%s", (language) => {
  test("no specimen is left over", async () => {
    const tree = await treeOf({ language, name: "stock", resource: everyType });
    for (const [path, { content }] of tree) expect(`${path}\n${content}`).not.toMatch(/specimen|depot[-_]service/i);
  });

  test("text of the user's is data wherever it lands", async () => {
    const tree = await treeOf({ language, description: hostile });
    for (const [path, { content }] of tree) {
      if (path.endsWith(".json")) expect(() => JSON.parse(content), path).not.toThrow();
      if (path.endsWith(".toml") || path === "Cargo.lock") expect(() => parseToml(content), path).not.toThrow();
    }
    expect(JSON.parse(tree.get("openapi.json")?.content ?? "").info.description).toBe(hostile);
    const cargo = tree.get("Cargo.toml");
    if (cargo) expect(parseToml(cargo.content)).toMatchObject({ package: { description: hostile } });
    const npm = tree.get("package.json");
    if (npm) expect(JSON.parse(npm.content).description).toBe(hostile);
  });

  test("two resources stand side by side", async () => {
    const tree = await treeOf({ language, resource: "zebra name:text; apple weight:integer" });
    const paths = Object.keys(JSON.parse(tree.get("openapi.json")?.content ?? "").paths);
    expect(paths).toEqual(expect.arrayContaining(["/v1/apples", "/v1/apples/{id}", "/v1/zebras", "/v1/zebras/{id}"]));
    const migrations = [...tree.keys()].filter((path) => path.endsWith(".sql")).map((path) => path.split("/").at(-1));
    expect(migrations).toEqual(["0001_zebras.sql", "0002_apples.sql"]);
  });

  test("a repository is small: at most 40 files, at most 8 of them prose or meta", async () => {
    const paths = [...(await treeOf({ language, resource: keywords })).keys()];
    expect(paths.length).toBeLessThanOrEqual(40);
    const prose = paths.filter((path) => /\.md$|^\.(groundwork|env|editorconfig|gitignore|gitattributes)/.test(path));
    expect(prose.length).toBeLessThanOrEqual(8);
  });

  test("every file ends with one newline and has no trailing space", async () => {
    for (const [path, { content }] of await treeOf({ language, resource: everyType })) {
      expect(content.endsWith("\n") && !content.endsWith("\n\n"), path).toBe(true);
      if (!/lock|\.sum$/.test(path)) expect(content, path).not.toMatch(/[ \t]+$/m);
    }
  });

  test("the manifest knows every file and its policy", async () => {
    const tree = await treeOf({ language });
    const manifest = JSON.parse(tree.get(".groundwork.json")?.content ?? "");
    expect(Object.keys(manifest.files)).toEqual([...tree.keys()].filter((path) => path !== ".groundwork.json"));
    expect(manifest).toMatchObject({ language, pending: [], answers: { language } });
  });
});
