import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Said } from "../../src/answers.ts";
import { contradictions } from "../../src/decide/contradictions.ts";
import { judge } from "../../src/decide/judge.ts";
import { type Answers, answering, questionIds, questions, said } from "../../src/decide/questions.ts";
import { table } from "../../src/decide/rules.ts";
import { replied, screenOf } from "../../src/interview/flow.ts";
import { back, backText, type Reply, type Screen, unsure } from "../../src/interview/screen.ts";
import { type State, type Surroundings, start } from "../../src/interview/state.ts";
import { complete, sampled } from "../decide/profiles.ts";

const surroundings: Surroundings = {
  exists: (layer) => layer.endsWith("feature-shedding") || layer.endsWith("database-sqlite"),
  nameOf: (folder) => folder,
};
const nothing: Said = { answers: {}, choices: {} };

const shown = (state: State): Screen => {
  const screen = screenOf(state, surroundings);
  if (!screen) throw new Error("The interview is over.");
  return screen;
};
const reply = (state: State, ...replies: readonly Reply[]): State =>
  replies.reduce((so, each) => replied(so, each, surroundings), state);
const ids = (screen: Screen) => (screen.kind === "text" ? [] : screen.options.map(({ id }) => id));
const questionOf = (screen: Screen) => questions.find(({ asks }) => asks === screen.message)?.id;

/** Answers every question as the profile says, until something else is shown. */
function answerAll(state: State, profile: Answers): State {
  for (let so = state; ; ) {
    const id = questionOf(shown(so));
    if (id === undefined) return so;
    so = reply(so, profile[id] ?? unsure);
  }
}

/** Past the plan, with nothing picked beyond what was said. */
function goOn(state: State): State {
  const screen = shown(state);
  if (screen.kind === "several") return goOn(reply(state, screen.chosen));
  return screen.kind === "text" ? goOn(reply(state, screen.initial)) : state;
}

const gated: Answers = { stakes: ["money"], experience: ["none"], deadline: "weeks" };
const finished = (answers: Answers) => goOn(start({ answers, choices: { resource: "item name:text" } }, "billing"));

test("it asks for the folder first, and refuses what cannot name a service, saying why", () => {
  const first = start(nothing, undefined);
  expect(shown(first)).toMatchObject({ kind: "text", message: "Which folder?", initial: "my-service" });
  const wrong = reply(first, "My App");
  expect(shown(wrong).lines.join(" ")).toContain('such as "my-app"');
  expect(questionOf(shown(reply(wrong, "my-app")))).toBe("experience");
});

test("every question has its options with definitions, unsure, and back from the second on", () => {
  const first = start(nothing, "billing");
  const screen = shown(first);
  expect(ids(screen)).toEqual(["rust", "go", "typescript", "none", unsure]);
  const second = shown(reply(first, ["go"]));
  expect(ids(second).slice(-2)).toEqual([unsure, back]);
  expect(second.kind !== "text" && second.options.every(({ means }) => means.length > 5)).toBe(true);
});

test("it asks no more than nine questions, and ends on the language of the full profile", () => {
  for (const profile of sampled(complete, 25)) {
    const state = answerAll(start(nothing, "billing"), profile);
    expect(judge(state.answers, table).language).toBe(judge(profile, table).language);
    const { answers } = contradictions(state.answers).length > 0 ? answerAll(reply(state, "keep"), profile) : state;
    for (const id of questionIds) if (answers[id] !== undefined) expect(answers[id]).toEqual(profile[id]);
  }
});

test("an unsure answer leaves the question open, and is not asked again", () => {
  let state = start(nothing, "billing");
  const seen: (string | undefined)[] = [];
  while (questionOf(shown(state))) {
    seen.push(questionOf(shown(state)));
    state = reply(state, seen.length % 2 === 0 ? unsure : []);
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(state.answers).toEqual({});
  expect(shown(state).kind).toBe("several");
});

test("back is exact: whatever was replied, it leads to the same screen as before", () => {
  const pick = fc.array(fc.nat(20), { maxLength: 14 });
  fc.assert(
    fc.property(pick, (choices) => {
      let state = start(nothing, "billing");
      for (const choice of choices) {
        const screen = screenOf(state, surroundings);
        if (!screen) break;
        const options = ids(screen).filter((id) => id !== back);
        const answer = screen.kind === "text" ? screen.initial : (options[choice % options.length] ?? "");
        const next = reply(state, screen.kind === "several" ? [answer] : answer);
        const nextScreen = screenOf(next, surroundings);
        if (nextScreen && next.fault === undefined) {
          const returned = reply(next, nextScreen.kind === "text" ? backText : back);
          expect({ ...returned, recalled: undefined }).toEqual({ ...state, recalled: undefined });
        }
        state = next;
      }
    }),
    { numRuns: 30 },
  );
});

test("what was said before going back stands ready to be said again", () => {
  const returned = reply(start(nothing, "billing"), ["rust", "go"], [back]);
  expect(shown(returned)).toMatchObject({ chosen: ["rust", "go"] });
  expect(shown(reply(returned, ["go"], back))).toMatchObject({ chosen: ["go"] });
});

test("nothing lies before the first question", () => {
  const first = start(nothing, "billing");
  expect(reply(first, back)).toEqual({ ...first, fault: "This is the first question." });
});

describe("a contradiction", () => {
  const torn = start({ answers: { deadline: "weeks", priority: "invest" }, choices: {} }, "billing");

  test("is named at once, with both questions to answer again", () => {
    const screen = shown(torn);
    expect(screen.lines.join(" ")).toContain("contradict each other");
    expect(ids(screen)).toEqual(["deadline", "priority", "keep"]);
  });
  test("may be kept, and is not asked about again", () => {
    const kept = reply(torn, "keep");
    expect(kept.answers).toEqual(torn.answers);
    expect(questionOf(shown(kept))).toBe("experience");
  });
  test("may be mended, which asks that question again", () => {
    const again = reply(torn, "priority");
    expect(questionOf(shown(again))).toBe("priority");
    expect(shown(again)).toMatchObject({ initial: "invest" });
    expect(reply(again, "balanced").answers).toEqual({ deadline: "weeks", priority: "balanced" });
  });
  test("also where none is said beside others", () => {
    const both = reply(start(nothing, "billing"), ["go", "none"]);
    expect(ids(shown(both))).toEqual(["experience", "keep", back]);
    expect(reply(both, "experience", ["go"]).answers).toEqual({ experience: ["go"] });
  });
});

describe("the plan", () => {
  const planned = start({ answers: { stakes: ["none"], team: "many" }, choices: { language: "go" } }, "billing");

  test("offers what answers would add, with what was said picked already", () => {
    const screen = shown(planned);
    expect(screen).toMatchObject({ kind: "several", chosen: ["team"] });
    expect(ids(screen)).toEqual(expect.arrayContaining(["ledger", "shedding", "metrics", "import", "small-image"]));
  });
  test("names what is not built yet", () => {
    const screen = shown(planned);
    const means = (id: string) => (screen.kind === "text" ? "" : screen.options.find((each) => each.id === id)?.means);
    expect(means("ledger")).toContain("(not built yet)");
    expect(means("shedding")).not.toContain("not built");
    expect(screen.lines.join(" ")).toContain("Asked for and not built yet: files for many contributors.");
  });
  test("a pick is an answer, and taking one back is too", () => {
    expect(reply(planned, ["team", "ledger", "import"]).answers).toEqual({
      stakes: ["money"],
      hard_parts: ["untrusted_input"],
      team: "many",
    });
    expect(reply(planned, []).answers).toEqual({ stakes: ["none"] });
    expect(reply(planned, ["team"]).answers).toEqual(planned.answers);
  });
  test("a service is of one kind", () => {
    expect(shown(reply(planned, ["gateway", "pipeline"])).lines.join(" ")).toContain("of one kind");
    expect(reply(planned, ["gateway"]).answers.kind).toBe("api_gateway");
  });
  test("a pick decides again: what can now change the language is asked, and the end says that it turned", () => {
    const calm: Answers = { ...sampled(complete, 1)[0], kind: "crud_api", stakes: ["none"], hard_parts: ["none"] };
    const answers: Answers = {
      ...calm,
      load: "io_bound",
      experience: ["go"],
      deadline: "open",
      priority: "balanced",
      team: "small",
    };
    const before = start({ answers, choices: { resource: "item name:text" } }, "billing");
    expect(judge(answers, table).language).toBe("go");
    const screen = shown(reply(before, ["ledger"]));
    expect(screen.message).toBe("Write billing in Rust?");
    expect(screen.lines).toContain("What you picked turned the verdict from Go to Rust.");
  });
});

describe("the end", () => {
  test("shows verdict and plan, and what can be done", () => {
    const screen = shown(finished(gated));
    expect(screen.lines.join(" ")).toMatch(
      /^Go, leaning: .*For Go: .*Overridden: .*not built yet: a double-entry ledger\.$/,
    );
    expect(ids(screen)).toEqual(["accept", "language", "change", "why", back]);
  });
  test("accepting ends it", () => {
    expect(screenOf(reply(finished(gated), "accept"), surroundings)).toBeUndefined();
  });
  test("another language is the person's decision, and the rules' own takes it back", () => {
    const other = reply(finished(gated), "language", "rust");
    expect(other.choices.language).toBe("rust");
    expect(shown(other).lines[0]).toMatch(/^Rust, as you chose\. The rules say Go/);
    expect(reply(other, "language", "go").choices.language).toBeUndefined();
  });
  test("an answer can be changed, and decides again", () => {
    const changed = reply(finished(gated), "change", "deadline", "open");
    expect(changed.answers.deadline).toBe("open");
    expect(judge(changed.answers, table).language).toBe("rust");
    expect(said(reply(finished(gated), "change", "stakes", unsure).answers, "stakes")).toEqual([]);
  });
  test("folder and resource can be changed, and are checked", () => {
    expect(reply(finished(gated), "change", "folder", "orders").folder).toBe("orders");
    expect(shown(reply(finished(gated), "change", "resource", "item name:txt")).lines.join(" ")).toContain('"text"');
  });
  test("why shows every rule", () => {
    const text = shown(reply(finished(gated), "why")).lines.join("\n");
    for (const id of ["no-time-to-learn", "rust-to-learn", "handles-money"]) expect(text).toContain(`[${id}]`);
  });
  test("what the language cannot have is refused before anything is written", () => {
    const state = start(
      { answers: gated, choices: { module: "example.com/x", resource: "item name:text" } },
      "billing",
    );
    const other = reply(goOn(state), "language", "rust", "accept");
    expect(other.accepted).toBe(false);
    expect(shown(other).lines.join(" ")).toContain("--module");
  });
});

test("a language by flag asks no question about the language", () => {
  const state = start({ answers: {}, choices: { language: "rust" } }, "billing");
  expect(shown(state).kind).toBe("several");
});

test("answering as asked changes only what was asked", () => {
  const state = start(nothing, "billing");
  expect(reply(state, ["go"]).answers).toEqual(answering({}, "experience", ["go"]));
});
