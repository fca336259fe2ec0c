import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
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
    expect(stdout.split("\n").length).toBeLessThanOrEqual(34);
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

describe("--what-if", () => {
  const gated = ["decide", "--stakes", "money", "--experience", "none", "--deadline", "weeks"];

  test("shows the verdict before and after, rule by rule", async () => {
    const { code, stdout } = await groundwork(tmpdir(), [...gated, "--what-if", "deadline=open"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^With deadline=open\n {2}before: Go, leaning\n {2}after: {2}Rust, /);
    expect(stdout).toMatch(/^\* handles-money +Rust, decisive +overridden +counted$/m);
    expect(stdout).toMatch(/^\* no-time-to-learn +Go, decisive +counted +-$/m);
    expect(stdout).toMatch(/^ {2}rust-to-learn +Go, strong +counted +counted$/m);
  });

  test("as data, with two verdicts of the agreed keys", async () => {
    const args = [...gated, "--json", "--what-if", "deadline=open", "--what-if", "stakes=unsure"];
    const { change, before, after, rules: compared } = JSON.parse((await groundwork(tmpdir(), args)).stdout);
    expect(change).toEqual({ deadline: "open", stakes: "unsure" });
    expect([before.language, after.language]).toEqual(["go", "go"]);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(compared).toContainEqual(
      expect.objectContaining({ id: "handles-money", before: "overridden", after: "absent" }),
    );
  });

  test.each([
    ["dedline=open", 'Did you mean "deadline"?'],
    ["deadline", "such as --what-if deadline=open"],
    ["language=go", "Write a question"],
    ["deadline=soon", "is not an option"],
  ])("refuses %s", async (change, says) => {
    const { code, stderr } = await groundwork(tmpdir(), [...gated, "--what-if", change]);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });
});
