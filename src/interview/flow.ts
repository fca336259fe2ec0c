import { draw } from "../compose/draw.ts";
import { checkResources, checkServiceName } from "../compose/names.ts";
import { parseResources } from "../compose/resource.ts";
import { contradictions } from "../decide/contradictions.ts";
import { nextQuestion } from "../decide/next-question.ts";
import { answering, type QuestionId, questions, rowOf } from "../decide/questions.ts";
import { decide } from "../decide/verdict.ts";
import { languages } from "../model/verdict.ts";
import { Problem } from "../problem.ts";
import { picking, without } from "./picks.ts";
import { planOf } from "./plan.ts";
import { back, backText, type Reply, type Screen, unsure } from "./screen.ts";
import { screenAt } from "./screens.ts";
import type { Place, State, Surroundings } from "./state.ts";

/** What to show; nothing once the person has accepted. */
export function screenOf(state: State, { exists }: Surroundings): Screen | undefined {
  if (state.accepted) return undefined;
  const screen = recalling(screenAt(placeOf(state, exists), state, exists), state.recalled);
  return { ...screen, lines: [...screen.lines, ...(state.fault === undefined ? [] : [state.fault])] };
}

/** The state after a reply to the screen of this one. */
export function replied(state: State, reply: Reply, surroundings: Surroundings): State {
  const place = placeOf(state, surroundings.exists);
  const textual = place.kind === "folder" || place.kind === "resource";
  const leaves = textual ? reply === backText : [reply].flat().includes(back);
  if (leaves) return returned(state);
  const onward = { ...state, at: undefined, fault: undefined, recalled: undefined, before: state, reply };
  try {
    return taken(place, onward, reply, surroundings);
  } catch (error) {
    if (error instanceof Problem) return refused(state, `${error.message} ${error.hint}`);
    throw error;
  }
}

function returned({ before, reply, ...state }: State): State {
  return before ? { ...before, recalled: reply } : refused({ ...state, before, reply }, "This is the first question.");
}

/** Where the person came back, what was said stands ready to be said again. */
function recalling(screen: Screen, reply: Reply | undefined): Screen {
  if (reply === undefined) return screen;
  if (screen.kind === "several") return { ...screen, chosen: [reply].flat() };
  return { ...screen, initial: String(reply) };
}

/** The same state, saying why a reply could not be taken. */
export function refused(state: State, fault: string): State {
  return { ...state, fault };
}

/** Only what can still change the language is asked, then what the repository should have, then whether all is well. */
function placeOf({ at, ...state }: State, exists: Surroundings["exists"]): Place {
  if (at) return at;
  if (state.folder === undefined) return { kind: "folder" };
  const found = contradictions(state.answers).find((each) => !state.named.includes(each.questions.join()));
  if (found) return { kind: "contradiction", found };
  const id = state.choices.language === undefined ? nextQuestion(state.answers, state.passed) : undefined;
  if (id) return { kind: "question", id };
  if (!state.planned) return { kind: "plan" };
  const { emitted } = planOf(state, exists);
  if (state.choices.resource === undefined && emitted.some((feature) => feature.id === "resource")) {
    return { kind: "resource" };
  }
  return { kind: "verdict" };
}

/** @throws Problem when the reply cannot be taken. */
function taken(place: Place, state: State, reply: Reply, surroundings: Surroundings): State {
  const { answers, choices } = state;
  const chosen = [reply].flat();
  const [one = ""] = chosen;
  switch (place.kind) {
    case "folder":
      checkServiceName(choices.name ?? surroundings.nameOf(one), "go");
      return { ...state, folder: one };
    case "question":
      return answered(place.id, state, chosen);
    case "contradiction": {
      const named = [...state.named, place.found.questions.join()];
      const again = place.found.questions.find((id) => id === one);
      return { ...state, named, at: again && { kind: "question", id: again } };
    }
    case "plan": {
      const picked = picking(answers, chosen);
      if (!picked) throw new Problem("A service is of one kind.", "Pick one of them.");
      const dropped = questions
        .map(({ id }) => id)
        .filter((id) => answers[id] !== undefined && picked[id] === undefined);
      const was = decide(answers).language;
      const turnedFrom = decide(picked).language === was ? state.turnedFrom : was;
      return { ...state, answers: picked, planned: true, turnedFrom, passed: [...state.passed, ...dropped] };
    }
    case "resource":
      checkResources(parseResources(one), planOf(state, surroundings.exists).language, choices.database ?? "sqlite");
      return { ...state, choices: { ...choices, resource: one } };
    case "language": {
      const { language: _, ...others } = choices;
      const wanted = languages.find((language) => language === one);
      const overrides = wanted !== undefined && wanted !== decide(answers).language;
      return { ...state, choices: overrides ? { ...others, language: wanted } : others };
    }
    case "change": {
      const id = questions.find((question) => question.id === one)?.id;
      return { ...state, at: id ? { kind: "question", id } : { kind: one === "folder" ? "folder" : "resource" } };
    }
    case "verdict":
    case "why":
      if (one === "language" || one === "change" || one === "why") return { ...state, at: { kind: one } };
      draw(
        answers,
        { ...choices, name: choices.name ?? surroundings.nameOf(state.folder ?? "") },
        "",
        surroundings.exists,
      );
      return { ...state, accepted: true };
  }
}

function answered(id: QuestionId, state: State, chosen: readonly string[]): State {
  const known = chosen.filter((option) => option !== unsure);
  const [only = ""] = known;
  if (known.length < chosen.length || known.length === 0) {
    return { ...state, answers: without(state.answers, id), passed: [...state.passed, id] };
  }
  return { ...state, answers: answering(state.answers, id, "several" in rowOf(id) ? known : only) };
}
