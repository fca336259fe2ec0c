import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { answersSchema } from "../../src/schema.ts";
import { groundwork } from "../support/cli.ts";

test("--version", async () => {
  expect(await groundwork(tmpdir(), ["--version"])).toEqual({ code: 0, stdout: manifest.version, stderr: "" });
});

test.each([["--help"], ["new", "--help"], ["decide", "--help"]])("help fits a screen: %s %s", async (...args) => {
  const { code, stdout } = await groundwork(tmpdir(), args.filter(Boolean));
  expect(code).toBe(0);
  expect(stdout.split("\n").length).toBeLessThanOrEqual(30);
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
});

test("schema prints the schema of an answers file", async () => {
  const { code, stdout } = await groundwork(tmpdir(), ["schema"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(answersSchema());
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
