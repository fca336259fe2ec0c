import { isBuilt } from "../compose/features.ts";
import { brief, explain } from "../decide/explain.ts";
import { type Answers, type QuestionId, questions, rowOf, said } from "../decide/questions.ts";
import { table } from "../decide/rules.ts";
import { decide } from "../decide/verdict.ts";
import { languageNames } from "../model/verdict.ts";
import { asked, offers } from "./picks.ts";
import { emission, planOf } from "./plan.ts";
import { whyNow } from "./reasons.ts";
import { back, type Option, type Screen, unsure } from "./screen.ts";
import type { Place, State, Surroundings } from "./state.ts";

/** What to show at a place. */
export function screenAt(place: Place, state: State, exists: Surroundings["exists"]): Screen {
  const { answers, choices } = state;
  const returning = state.before ? [{ id: back, means: "to what was asked before" }] : [];
  switch (place.kind) {
    case "folder":
      return {
        kind: "text",
        lines: [],
        message: "Which folder?",
        initial: state.folder ?? choices.name ?? "my-service",
      };
    case "question":
      return questionScreen(place.id, state, returning);
    case "contradiction":
      return {
        kind: "one",
        lines: [place.found.message, place.found.settle],
        message: "Which one is meant?",
        initial: undefined,
        options: [
          ...place.found.questions.map((id) => ({ id, means: `answer it again; it is ${answerText(answers, id)}` })),
          { id: "keep", means: "leave it as it is, and go on" },
          ...returning,
        ],
      };
    case "plan": {
      const plan = planOf(state, exists);
      return {
        kind: "several",
        lines: [...brief(answers, plan.verdict).split("\n").slice(0, 3), ...emission(plan)],
        message: "What else should it have? A pick is an answer, and decides again.",
        chosen: asked(answers),
        options: [
          ...offers(answers).map((offer) => ({
            id: offer.id,
            title: offer.about,
            means: `${offer.option}: ${offer.means}${isBuilt(offer, plan.language, exists) ? "" : " (not built yet)"}`,
          })),
          ...returning,
        ],
      };
    }
    case "resource":
      return {
        kind: "text",
        lines: ["Such as: invoice number:text amount:money due:date note:text?"],
        message: "What does it keep?",
        initial: choices.resource ?? "item name:text quantity:integer",
      };
    case "verdict":
      return verdictScreen(state, exists, []);
    case "why":
      return verdictScreen(state, exists, explain(answers, decide(answers, choices.language)).split("\n"));
    case "language": {
      const { ranking } = decide(answers);
      return {
        kind: "one",
        lines: ["The record will say that it is your decision, with the rules' verdict beside it."],
        message: "Which language?",
        initial: choices.language ?? ranking[0],
        options: [
          ...ranking.map((id, standing) => ({ id, title: languageNames[id], means: standings[standing] ?? "" })),
          ...returning,
        ],
      };
    }
    case "change":
      return {
        kind: "one",
        lines: [],
        message: "Which answer?",
        initial: undefined,
        options: [
          ...questions.map(({ id, asks }) => ({ id, means: `${asks} (${answerText(answers, id)})` })),
          { id: "resource", means: `What does it keep? (${choices.resource ?? "not answered"})` },
          { id: "folder", means: `Which folder? (${state.folder})` },
          ...returning,
        ],
      };
  }
}

const standings = ["what the rules say", "the runner-up", "the last by the rules"];

function questionScreen(id: QuestionId, { answers, passed }: State, returning: readonly Option[]): Screen {
  const question = rowOf(id);
  const common = {
    lines: [question.why, whyNow(id, answers, passed, table)],
    message: question.asks,
    options: [...question.options, { id: unsure, means: "leave it open" }, ...returning],
  };
  const now = said(answers, id);
  return "several" in question
    ? { ...common, kind: "several", chosen: now }
    : { ...common, kind: "one", initial: now[0] };
}

function verdictScreen(state: State, exists: Surroundings["exists"], explanation: readonly string[]): Screen {
  const plan = planOf(state, exists);
  const { verdict, language } = plan;
  const turned =
    state.turnedFrom !== undefined && state.turnedFrom !== verdict.language
      ? [
          `What you picked turned the verdict from ${languageNames[state.turnedFrom]} to ${languageNames[verdict.language]}.`,
        ]
      : [];
  const summary = [...brief(state.answers, verdict).split("\n"), ...turned, ...emission(plan)];
  return {
    kind: "one",
    lines: explanation.length > 0 ? explanation : summary,
    message: `Write ${state.folder} in ${languageNames[language]}?`,
    initial: "accept",
    options: [
      { id: "accept", means: "write it" },
      { id: "language", means: "choose another language" },
      { id: "change", means: "change an answer" },
      { id: "why", means: "see every rule behind the verdict" },
      ...(state.before ? [{ id: back, means: "to what was asked before" }] : []),
    ],
  };
}

function answerText(answers: Answers, id: QuestionId): string {
  return said(answers, id).join(", ") || "not answered";
}
