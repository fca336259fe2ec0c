import { readAnswers, type Said } from "../answers.ts";
import { parseResources, resourceText } from "../compose/resource.ts";
import { questions } from "../decide/questions.ts";
import { choices } from "../model/choices.ts";
import type { Resource } from "../model/resource.ts";
import { nearest } from "../nearest.ts";
import { Problem } from "../problem.ts";

/** What is woven into code of the user's own, or is another service. */
const fixed: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  name: ["The name is woven into code of your own.", "Rename by hand, or emit a new repository beside this one."],
  module: [
    "The module path is woven into code of your own.",
    "Rename by hand, or emit a new repository beside this one.",
  ],
  language: [
    "The language of a repository stays as it is.",
    "Emit a new repository beside this one: npx create-groundwork FOLDER --language …",
  ],
};

/**
 * The answers after `database=postgres`, `stakes+=money`, `stakes-=money` and the like, one after the other.
 * @param emitted resources that the repository has
 * @throws Problem for what cannot be read, or cannot be changed any more
 */
export function amend(said: Said, amendments: readonly string[], emitted: readonly Resource[]): Said {
  const data: Record<string, unknown> = { ...said.answers, ...said.choices };
  let resources = emitted;
  for (const amendment of amendments) {
    const { key, operator, value } = read(amendment);
    const pinned = Object.hasOwn(fixed, key) ? fixed[key] : undefined;
    if (pinned) {
      if (operator === "=" && data[key] === value) continue;
      throw new Problem(...pinned);
    }
    if (key === "resource") {
      resources = resourcesAfter(resources, operator, value);
      data.resource = resources.map(resourceText).join("; ");
    } else data[key] = after(key, operator, value, data[key]);
  }
  return readAnswers(Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)));
}

type Operator = "=" | "+=" | "-=";

function read(amendment: string): { readonly key: string; readonly operator: Operator; readonly value: string } {
  const [, written = "", operator, rest = ""] = /^([A-Za-z_-]+?)(\+=|-=|=)(.*)$/s.exec(amendment) ?? [];
  const key = written.replaceAll("-", "_");
  const value = rest.trim();
  if (operator === undefined || value === "") {
    throw new Problem(
      `"${amendment}" is no change.`,
      "Write KEY=VALUE, or KEY+=VALUE and KEY-=VALUE for a list; KEY=unsure takes an answer back.",
    );
  }
  const keys: readonly string[] = [...questions, ...choices].map(({ id }) => id);
  if (!keys.includes(key)) {
    throw new Problem(
      `"${written}" is not a question.`,
      `${nearest(key, keys)}npx create-groundwork schema prints what there is.`,
    );
  }
  return { key, operator: operator as Operator, value };
}

function after(key: string, operator: Operator, value: string, before: unknown): unknown {
  const question = questions.find(({ id }) => id === key);
  if (operator === "=") return value === "unsure" ? undefined : value;
  if (!question || !("several" in question)) {
    throw new Problem(`${key} is no list.`, `Write ${key}=${value}.`);
  }
  const had = [before ?? []].flat().filter((option) => option !== "none" || value === "none");
  const given = value.split(",").map((option) => option.trim());
  // The options are checked here too: one that is not known would be taken off a list without effect.
  readAnswers({ [key]: given });
  const has =
    operator === "+="
      ? [...had, ...given]
      : [before ?? []].flat().filter((option) => !given.includes(option as string));
  return has.length > 0 ? has : undefined;
}

function resourcesAfter(before: readonly Resource[], operator: Operator, value: string): readonly Resource[] {
  if (operator === "-=") {
    const names = value.split(/[;,]/).map((name) => name.trim());
    const unknown = names.find((name) => !before.some((resource) => resource.name === name));
    if (unknown !== undefined && !/^[a-z][a-z0-9_]{0,29}$/.test(unknown)) {
      throw new Problem(`"${unknown}" names no resource.`, "Write the name alone, such as resource-=invoice.");
    }
    const left = before.filter(({ name }) => !names.includes(name));
    if (left.length === 0) throw new Problem("A service keeps at least one resource.", "Add another one first.");
    return left;
  }
  const given = parseResources(value);
  for (const resource of given) refuseChanged(before, resource);
  const added = given.filter(({ name }) => !before.some((resource) => resource.name === name));
  const kept =
    operator === "+=" ? before : before.filter(({ name }) => given.some((resource) => resource.name === name));
  return [...kept, ...added];
}

/** @throws Problem for fields other than those that its table has. */
function refuseChanged(before: readonly Resource[], resource: Resource): void {
  const there = before.find(({ name }) => name === resource.name);
  if (there && resourceText(there) !== resourceText(resource)) {
    throw new Problem(
      `The resource "${resource.name}" is there with other fields: ${resourceText(there)}.`,
      "Write a migration of your own, and change its code by hand; or give the new resource another name.",
    );
  }
}
