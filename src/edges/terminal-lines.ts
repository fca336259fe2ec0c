import { createInterface } from "node:readline";
import { back, backText, type Option, type Reply, type Screen, unsure } from "../interview/screen.ts";
import { Interrupted } from "../problem.ts";
import type { Asker } from "./terminal.ts";

/** Numbered lines, nothing ever redrawn: the terminal itself edits the line and stops on Ctrl-C. */
export function openLines(): Asker {
  const reader = createInterface({ input: process.stdin, terminal: false });
  const typed = reader[Symbol.asyncIterator]();
  const ask = async (screen: Screen): Promise<Reply> => {
    process.stderr.write(`\n${page(screen).join("\n")}\n> `);
    for (;;) {
      const { done, value } = await typed.next();
      if (done) throw new Interrupted("stopped");
      const reply = read(screen, value.trim());
      if (reply !== undefined) return reply;
      process.stderr.write(`"${value.trim()}" is not among them; type numbers from the list.\n> `);
    }
  };
  return { ask, close: () => reader.close() };
}

function page(screen: Screen): string[] {
  const head = [...screen.lines, screen.message];
  if (screen.kind === "text") return [...head, `Enter takes "${screen.initial}"; ${backText} goes back.`];
  const options = screen.options.map(
    (option, place) => `${place + 1}. ${option.title ?? option.id}: ${option.means}${mark(screen, option)}`,
  );
  return [...head, ...options, hint(screen)];
}

function mark(screen: Screen, { id }: Option): string {
  if (screen.kind === "several" && screen.chosen.includes(id)) return " [chosen]";
  return screen.kind === "one" && screen.initial === id ? " [now]" : "";
}

function hint(screen: Screen): string {
  if (screen.kind === "several") {
    const now = screen.chosen.length > 0 ? "what is chosen" : "nothing";
    return `Type one number or several, such as 1,3. Enter takes ${now}; 0 is none of them.`;
  }
  return defaultOf(screen) === undefined ? "Type one number." : `Type one number. Enter takes ${defaultOf(screen)}.`;
}

/** What an empty line means in a list of one. */
function defaultOf(screen: Screen): string | undefined {
  if (screen.kind !== "one") return undefined;
  return screen.initial ?? screen.options.find(({ id }) => id === unsure)?.id;
}

/** Numbers or ids; undefined when it is neither. */
function read(screen: Screen, line: string): Reply | undefined {
  if (screen.kind === "text") return line || screen.initial;
  if (line === "") return screen.kind === "several" ? screen.chosen : defaultOf(screen);
  if (line === backText) return back;
  if (line === "0" && screen.kind === "several") return [];
  const chosen = line
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((word) => screen.options.find(({ id }, place) => id === word || String(place + 1) === word)?.id);
  const known = chosen.filter((id) => id !== undefined);
  if (known.length < chosen.length || (screen.kind === "one" && known.length !== 1)) return undefined;
  return screen.kind === "one" ? known[0] : [...new Set(known)];
}
