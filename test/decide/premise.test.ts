import { expect, test } from "vitest";
import { holds, type Premise } from "../../src/decide/premise.ts";
import type { Answers } from "../../src/decide/questions.ts";

test.each<[string, Premise, Answers, boolean]>([
  ["a blank premise holds", {}, {}, true],
  ["one option", { team: "many" }, { team: "many" }, true],
  ["another option", { team: "many" }, { team: "solo" }, false],
  ["one of a list", { kind: ["crud_api", "internal_tool"] }, { kind: "internal_tool" }, true],
  ["one among several said", { stakes: "money" }, { stakes: ["core_service", "money"] }, true],
  ["unanswered", { stakes: "money" }, {}, false],
  ["without, said otherwise", { experience: { without: "rust" } }, { experience: ["go"] }, true],
  ["without, said", { experience: { without: "rust" } }, { experience: ["go", "rust"] }, false],
  ["without, unanswered", { experience: { without: "rust" } }, {}, false],
  ["without, an empty list", { experience: { without: "rust" } }, { experience: [] }, false],
  ["only", { experience: { only: "rust" } }, { experience: ["rust"] }, true],
  ["only, with others", { experience: { only: "rust" } }, { experience: ["rust", "go"] }, false],
  ["only, unanswered", { experience: { only: "rust" } }, {}, false],
  ["every condition must hold", { load: "cpu_bound", footprint: "tight" }, { load: "cpu_bound" }, false],
])("%s", (_what, premise, answers, expected) => expect(holds(premise, answers)).toBe(expected));
