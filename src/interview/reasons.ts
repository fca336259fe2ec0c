import { holds, meets, questionsOf } from "../decide/premise.ts";
import { type Answers, type QuestionId, said } from "../decide/questions.ts";
import type { Rule, Table } from "../decide/rules.ts";
import { type Language, languageNames, languages } from "../model/verdict.ts";

/**
 * Which rules the answer to a question can still bring in, as a line.
 * @param passed questions that were asked and left open, so that no rule can come of them
 */
export function whyNow(id: QuestionId, answers: Answers, passed: readonly QuestionId[], table: Table): string {
  const { rules, gate } = table;
  const shut = holds(gate.when, answers);
  const reachable = ({ when }: Pick<Rule, "when">) =>
    when[id] !== undefined &&
    questionsOf(when).every((other) => other === id || meetable(other, when, answers, passed));
  const parts = languages.map((language) => {
    const ids = rules
      .filter((rule) => rule.favours === language && reachable(rule))
      .filter(() => !(shut && language === "rust"))
      .map((rule) => rule.id);
    return part(language, ids);
  });
  const closing = reachable(gate) ? [`${gate.id} against Rust, whatever else holds`] : [];
  return `Why now: it can bring in ${[...parts.flat(), ...closing].join("; ")}.`;
}

function meetable(id: QuestionId, when: Rule["when"], answers: Answers, passed: readonly QuestionId[]): boolean {
  const options = said(answers, id);
  return options.length === 0 ? !passed.includes(id) : meets(when[id], options);
}

function part(language: Language, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [`${ids.join(", ")} for ${languageNames[language]}`];
}
