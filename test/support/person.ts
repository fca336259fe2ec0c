import { type Answers, type QuestionId, questions, said } from "../../src/decide/questions.ts";
import { keys, type Terminal } from "./terminal.ts";

const planMessage = "What else should it have?";
const verdictMessage = "Write ";

/** Someone at the keyboard, who reads what is asked and answers by arrows, space and enter. */
export interface Person {
  /** Answers whatever question stands there, until the plan or the verdict; returns the questions in the order asked. */
  answerAll(answers: Answers): Promise<QuestionId[]>;
  /** Answers one question when it comes. */
  answer(id: QuestionId, ...options: readonly string[]): Promise<void>;
  /** Takes the plan as it is, but for what stands at these places. */
  takePlan(...places: readonly number[]): Promise<void>;
  /** At the verdict: accept, language, change, why or back. */
  choose(option: (typeof verdictOptions)[number]): Promise<void>;
}

const verdictOptions = ["accept", "language", "change", "why", "back"] as const;

export function person(terminal: Terminal): Person {
  const say = async (message: string, typed: string) => {
    terminal.send(typed);
    await terminal.until(`✔ ${message}`);
  };
  const reply = (id: QuestionId, options: readonly string[]) => {
    const question = rowOf(id);
    const places = options.map((option) => placeOf(id, option));
    return say(question.asks, "several" in question ? several(places) : keys.down.repeat(places[0] ?? 0) + keys.enter);
  };
  return {
    async answer(id, ...options) {
      await terminal.until(asking(rowOf(id).asks));
      await reply(id, options);
    },
    async answerAll(answers) {
      const seen: QuestionId[] = [];
      const any = new RegExp(
        [...questions.map(({ asks }) => asks), planMessage, verdictMessage].map(asking).map(escaped).join("|"),
      );
      for (;;) {
        const shown = await terminal.see(any);
        const question = questions.find(({ asks }) => shown === asking(asks));
        if (!question) return seen;
        seen.push(question.id);
        await terminal.until(shown);
        const options = said(answers, question.id);
        await reply(question.id, options.length > 0 ? options : ["unsure"]);
      }
    },
    async takePlan(...picks) {
      await terminal.until(asking(planMessage));
      await say(planMessage, several(picks));
    },
    async choose(option) {
      await terminal.until(asking(verdictMessage));
      await say(verdictMessage, keys.down.repeat(verdictOptions.indexOf(option)) + keys.enter);
    },
  };
}

const asking = (message: string) => `? ${message}`;
const escaped = (text: string) => text.replaceAll(/[?.]/g, "\\$&");

function rowOf(id: QuestionId) {
  const row = questions.find((question) => question.id === id);
  if (!row) throw new Error(`There is no question ${id}.`);
  return row;
}

function placeOf(id: QuestionId, option: string): number {
  const options = [...rowOf(id).options.map((each): string => each.id), "unsure", "back"];
  return options.indexOf(option);
}

function several(places: readonly number[]): string {
  let at = 0;
  const moves = [...places]
    .sort((a, b) => a - b)
    .map((place) => {
      const move = keys.down.repeat(place - at) + keys.space;
      at = place;
      return move;
    });
  return moves.join("") + keys.enter;
}
