import { camelize, pluralize } from "inflection";
import type { Forms } from "./view.ts";

/** The words of a name in every form that code, paths and prose need. */
export function formsOf(snake: string): Forms {
  const snakes = pluralOf(snake);
  return {
    ...casesOf("", snake),
    ...casesOf("s", snakes),
    wordsPlural: snakes.replaceAll("_", " "),
    WordsPlural: sentence(snakes),
    Words: sentence(snake),
  } as Forms;
}

/** Names are few and asked for again, and finding a plural tries a hundred expressions. */
const plurals = new Map<string, string>();

function pluralOf(snake: string): string {
  const plural = plurals.get(snake) ?? pluralised(snake);
  plurals.set(snake, plural);
  return plural;
}

/** An uncountable noun takes `_items`, so that a collection never shares its member's name. */
function pluralised(snake: string): string {
  const words = snake.split("_");
  const last = words.at(-1) ?? snake;
  const plural = pluralize(last);
  return plural === last ? `${snake}_items` : [...words.slice(0, -1), plural].join("_");
}

function casesOf(suffix: "" | "s", snake: string): Record<string, string> {
  const words = snake.split("_").filter((word) => word !== "");
  return {
    [`snake${suffix}`]: snake,
    [`camel${suffix}`]: camelOf(snake),
    [`pascal${suffix}`]: pascalOf(snake),
    [`kebab${suffix}`]: words.join("-"),
    [`flat${suffix}`]: words.join(""),
    [`shout${suffix}`]: snake.toUpperCase(),
    ...(suffix === "" && { words: words.join(" ") }),
  };
}

export const camelOf = (snake: string) => camelize(trimmed(snake), true);
export const pascalOf = (snake: string) => camelize(trimmed(snake));

/** `a__b_` and `a_b` have the same words. */
const trimmed = (snake: string) => snake.replaceAll(/_+/g, "_").replace(/_$/, "");

function sentence(snake: string): string {
  const words = snake.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
