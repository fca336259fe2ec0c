import { describe, expect, test } from "vitest";
import type { Answers } from "../../src/decide/questions.ts";
import { record } from "../../src/decide/record.ts";
import { decide } from "../../src/decide/verdict.ts";
import { type Language, languageNames } from "../../src/model/verdict.ts";
import { partial, sampled } from "./profiles.ts";

const commands = {
  setup: "go mod download",
  "format-check": "gofmt -d .",
  lint: "go vet ./...",
  test: "go test ./...",
  build: "go build -o bin/billing ./cmd/billing",
  start: "./bin/billing",
};

function recordOf(answers: Answers, chosen?: Language, name = "billing"): string {
  const pieces = ["a ledger (stakes: money)"];
  return record({ answers, verdict: decide(answers, chosen), name, commands, pieces, missing: ["a metrics endpoint"] });
}

const gated: Answers = { stakes: ["money"], experience: ["none"], deadline: "weeks" };

test("says what was brought, and what was asked for and is not there", () => {
  expect(recordOf({})).toContain("brought with them: a ledger (stakes: money).");
  expect(recordOf({})).toContain("the answers ask for what is not built yet: a metrics endpoint.");
});

test("has the headings of MADR 4, in their order, and no date", () => {
  for (const answers of sampled(partial, 50)) {
    const text = recordOf(answers);
    expect(text.startsWith("---\nstatus: accepted\n---\n\n# Write billing in ")).toBe(true);
    expect(text.match(/^## .*$/gm)).toEqual([
      "## Context and Problem Statement",
      "## Considered Options",
      "## Decision Outcome",
      "## Pros and Cons of the Options",
      "## More Information",
    ]);
    expect(text).toContain("## Considered Options\n\n* Rust\n* Go\n* TypeScript\n");
    expect(text).toContain(`Chosen option: "${languageNames[decide(answers).language]}", because `);
    expect(text.endsWith("\n") && !text.endsWith("\n\n")).toBe(true);
    expect(text).not.toMatch(/undefined|because\s*$|\n{3}/m);
  }
});

test("holds every rule with its section, and what the answers brought", () => {
  const text = recordOf(gated);
  for (const { id, section } of decide(gated).rules) expect(text).toContain(`${section}; \`${id}\``);
  expect(text).toContain("a ledger (stakes: money)");
  expect(text).toContain("`money`: it moves, holds or bills money");
  expect(text).toContain("Not answered: `kind`, `load`, `hard_parts`, `priority`, `team`, `footprint`.");
});

test("says what was overridden, when to look again, and what would flip it", () => {
  const text = recordOf(gated);
  expect(text).toContain("(decisive, overridden; What I Actually Reach For; `handles-money`)");
  expect(text).toContain(
    "`handles-money`: overridden. Look again once the deadline has passed: with deadline=open the rules say Rust.",
  );
  expect(text).toContain("* `deadline=months`: Rust");
});

test("tells every sentence once among the pros and cons, at the language that it tells of", () => {
  for (const answers of sampled(partial, 50)) {
    const verdict = decide(answers);
    const [, section = ""] = recordOf(answers).split("## Pros and Cons of the Options");
    const [options = ""] = section.split("## More Information");
    for (const { id, because } of verdict.rules) {
      const told = options.split("\n").filter((line) => line.endsWith(`\`${id}\`)`));
      expect(told, id).toHaveLength(1);
      expect(told[0]).toContain(because.slice(1));
    }
  }
  const [, rust = ""] = recordOf(gated).split("### Rust");
  expect(rust.split("### Go")[0]).toMatch(/^\* Bad, because nobody here has run Rust/m);
});

test("says why it is no surer, and always when to look again", () => {
  expect(recordOf({ stakes: ["money"], experience: ["go"], deadline: "months" })).toContain(
    "nobody here has run Rust, and a few months are just what learning it takes",
  );
  for (const answers of sampled(partial, 20)) expect(recordOf(answers)).toMatch(/### When to look again\n\n\* /);
});

test("a need that was overridden is among the consequences", () => {
  expect(recordOf(gated)).toContain("* Bad, because a need for Rust is overridden. A wrong amount costs more");
});

test("names conflicts and what would settle them", () => {
  expect(recordOf({ kind: "api_gateway", hard_parts: ["untrusted_input"] })).toMatch(
    /### Conflicts, and what would settle them\n\n\* A gateway suits Go/,
  );
});

describe("an override", () => {
  const text = recordOf({ load: "io_bound" }, "rust");

  test("is the person's decision, with the rules' beside it", () => {
    expect(text).toContain("# Write billing in Rust");
    expect(text).toContain(
      'Chosen option: "Rust", because the people who own this service chose it. The rules say Go, because ',
    );
  });
  test("has the consequences of what was taken", () => {
    expect(text).toContain("* Bad, because a merit of Go is given up. Waiting on many connections at once");
    expect(text).toContain("leaving Rust later changes no client");
  });
});

test("confirms by commands that end", () => {
  expect(recordOf({})).toContain(
    `\`\`\`sh\n${[commands.setup, commands["format-check"], commands.lint, commands.test, commands.build].join("\n")}\n\`\`\``,
  );
});

test("escapes the name for Markdown", () => {
  expect(recordOf({}, undefined, "a_b*c")).toContain("# Write a\\_b\\*c in Go");
});
