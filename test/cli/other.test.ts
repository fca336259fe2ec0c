import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { gate, nonRules, rules } from "../../src/decide/rules.ts";
import { answersSchema } from "../../src/schema.ts";
import { groundwork } from "../support/cli.ts";

test("--version", async () => {
  expect(await groundwork(tmpdir(), ["--version"])).toEqual({ code: 0, stdout: manifest.version, stderr: "" });
});

test.each([["--help"], ["new", "--help"], ["decide", "--help"], ["rules", "--help"]])(
  "help fits a screen: %s %s",
  async (...args) => {
    const { code, stdout } = await groundwork(tmpdir(), args.filter(Boolean));
    expect(code).toBe(0);
    expect(stdout.split("\n").length).toBeLessThanOrEqual(30);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
  },
);

test("schema prints the schema of an answers file", async () => {
  const { code, stdout } = await groundwork(tmpdir(), ["schema"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(answersSchema());
});

test("rules prints every rule with its section, and the same as data", async () => {
  const [text, data] = await Promise.all([groundwork(tmpdir(), ["rules"]), groundwork(tmpdir(), ["rules", "--json"])]);
  expect([text.code, data.code]).toEqual([0, 0]);
  const table = JSON.parse(data.stdout);
  expect(table.rules.map(({ id }: { id: string }) => id)).toEqual(rules.map(({ id }) => id));
  expect(table.claims).toHaveLength(44);
  for (const { id, section } of [...rules, gate])
    expect(text.stdout).toMatch(new RegExp(`^  ${id}: .*\n.*\\(${section};`, "m"));
  for (const { because } of nonRules) expect(text.stdout).toContain(because);
});

test("decide prints a verdict with the keys of the agreed JSON", async () => {
  const { code, stdout } = await groundwork(tmpdir(), ["decide", "--json", "--stakes", "money"]);
  expect(code).toBe(0);
  const verdict = JSON.parse(stdout);
  expect(Object.keys(verdict)).toEqual([
    "language",
    "confidence",
    "ranking",
    "rules",
    "conflicts",
    "flips",
    "open",
    "notConsidered",
  ]);
  expect(verdict.language).toBe("rust");
});

test("decide says why in words", async () => {
  const { code, stdout } = await groundwork(tmpdir(), ["decide", "--stakes", "money"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Rust/);
});

test("a contradiction is named, and not repaired", async () => {
  const { code, stdout, stderr } = await groundwork(tmpdir(), [
    "decide",
    "--json",
    "--deadline",
    "weeks",
    "--priority",
    "invest",
  ]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/weeks/);
  expect(JSON.parse(stdout).conflicts).not.toEqual([]);
});
