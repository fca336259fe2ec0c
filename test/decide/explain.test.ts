import { describe, expect, test } from "vitest";
import { brief, explain, flipped } from "../../src/decide/explain.ts";
import { turnsAlone } from "../../src/decide/next-question.ts";
import type { Answers } from "../../src/decide/questions.ts";
import { table } from "../../src/decide/rules.ts";
import { concernsRust, leading, sidesOf } from "../../src/decide/sides.ts";
import { decide } from "../../src/decide/verdict.ts";
import { languageNames, languages } from "../../src/model/verdict.ts";
import { partial, sampled } from "./profiles.ts";

const gated: Answers = { stakes: ["money"], experience: ["none"], deadline: "weeks" };
const torn: Answers = { kind: "api_gateway", hard_parts: ["untrusted_input"] };
const threshold: Answers = { stakes: ["money"], experience: ["go"], deadline: "months" };

test("the brief explanation has five lines, whatever the verdict", () => {
  for (const answers of sampled(partial, 60)) {
    const lines = brief(answers, decide(answers)).split("\n");
    expect(lines).toHaveLength(5);
    for (const line of lines) expect(line).toMatch(/^\S.*[.)]$/);
  }
});

test("it leads with the verdict, and says what to know next", () => {
  expect(brief(gated, decide(gated)).split("\n")[0]).toMatch(/^Go, leaning: /);
  expect(brief(gated, decide(gated))).toContain("with deadline=open the rules say Rust");
  expect(brief(torn, decide(torn))).toContain("Conflict: A gateway suits Go");
  expect(brief({ stakes: ["money"] }, decide({ stakes: ["money"] }))).toMatch(/What would flip it: .*deadline=weeks/);
  expect(brief({ kind: "infra_tooling" }, decide({ kind: "infra_tooling" }))).toContain(
    "Not answered, and able to change it, alone or together: experience",
  );
});

test("an override is told as the person's, beside the verdict", () => {
  const [line] = brief(torn, decide(torn, "rust")).split("\n");
  expect(line).toMatch(/^Rust, as you chose\. The rules say Go, close: /);
});

describe("the long explanation", () => {
  test("names every rule with its section, once", () => {
    for (const answers of sampled(partial, 60)) {
      const verdict = decide(answers);
      const text = explain(answers, verdict);
      const shown = verdict.rules.filter(
        ({ id }) =>
          verdict.language !== "rust" || !["go-is-known", "typescript-is-known", "one-small-artefact"].includes(id),
      );
      for (const { id, because, section } of shown)
        expect(text.split(`${because} (${section}) [${id}]`)).toHaveLength(2);
    }
  });

  test("has the parts that apply, and no others", () => {
    const titles = (answers: Answers) =>
      explain(answers, decide(answers))
        .split("\n\n")
        .slice(1, -1)
        .map((part) => part.split("\n")[0]);
    expect(titles(gated)).toEqual(["For Go", "Overridden", "What would flip it", "Not considered"]);
    expect(titles(torn)).toEqual([
      "For Go",
      "Against Go",
      "Conflicts",
      "What would flip it",
      "Not answered, and able to change it, alone or together",
      "Not considered",
    ]);
  });

  test("says why a few months are not clear, that all are good, and whose figures they are", () => {
    const text = explain(threshold, decide(threshold));
    expect(text).toContain("a few months are just what learning it takes");
    expect(text).toContain("Rust, Go and TypeScript are all good choices");
    expect(text).toContain("that author's experience");
    expect(explain(torn, decide(torn))).not.toContain("just what learning it takes");
  });
});

test("a verdict that is not clear says what keeps it from being so, and a clear one does not", () => {
  for (const answers of sampled(partial, 100)) {
    const verdict = decide(answers);
    const [, why] = explain(answers, verdict).split("\n");
    expect(why?.startsWith("It is ")).toBe(verdict.confidence !== "clear");
    if (verdict.confidence !== "clear")
      expect(why).toMatch(new RegExp(`^It is ${verdict.confidence} here because .+\\.$`));
    expect(why?.includes("could turn it")).toBe(
      verdict.confidence === "close" && verdict.open.some((id) => turnsAlone(id, answers, table)),
    );
  }
});

test("a flip reads as --what-if takes it", () => {
  expect(flipped({ change: { deadline: "open", experience: ["rust", "go"] }, language: "rust" })).toBe(
    "deadline=open and experience=rust,go: Rust",
  );
});

describe("what a verdict rests on", () => {
  test("tells of Rust first, and then of what lies between Go and TypeScript", () => {
    const ids = (answers: Answers) => leading(decide(answers).language, decide(answers)).map(({ id }) => id);
    expect(ids({ kind: "crud_api", experience: ["go"] })).toEqual(["plain-kind", "go-is-known"]);
    expect(ids({ kind: "crud_api", experience: ["typescript"] })).toEqual(["rust-to-learn", "typescript-is-known"]);
    expect(ids({ stakes: ["money"], experience: ["rust"] })).toEqual(["handles-money"]);
    for (const answers of sampled(partial, 60)) {
      const verdict = decide(answers);
      const rules = leading(verdict.language, verdict);
      expect(rules.length).toBeGreaterThan(0);
      expect(rules.map((rule) => concernsRust(rule))).toEqual(rules.length === 2 ? [true, false] : [true]);
    }
  });
});

describe("the sides of a language", () => {
  test("every counted rule speaks for or against, or only between the other two", () => {
    for (const answers of sampled(partial, 60)) {
      const verdict = decide(answers);
      for (const language of languages) {
        const { good, bad } = sidesOf(language, verdict);
        expect(good.filter((rule) => bad.includes(rule))).toEqual([]);
        if (language !== "rust")
          expect(good.length + bad.length).toBe(verdict.rules.filter(({ status }) => status === "counted").length);
      }
      expect(sidesOf(verdict.language, verdict).good.length).toBeGreaterThan(0);
    }
  });

  test("what keeps Rust out speaks for TypeScript as well, behind its own rules", () => {
    const verdict = decide({ experience: ["typescript"], priority: "ship_fast" });
    expect(sidesOf("typescript", verdict).good.map(({ id }) => id)).toEqual([
      "typescript-is-known",
      "rust-to-learn",
      "ships-fast",
    ]);
    expect(sidesOf("typescript", verdict).bad.map(({ id }) => id)).toEqual(["go-by-default"]);
    expect(languageNames[verdict.language]).toBe("TypeScript");
  });
});
