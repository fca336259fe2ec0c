import type { PromptObject } from "prompts";
import { back, backText, type Option, type Reply, type Screen } from "../interview/screen.ts";
import { Interrupted } from "../problem.ts";
import type { Asker } from "./terminal.ts";
import { wrapped } from "./wrap.ts";

const showCursor = "\u001b[?25h";

/** One prompt at a time, drawn and redrawn by `prompts` on stderr. */
export function openPrompts(): Asker {
  const restore = () => process.stderr.write(showCursor);
  process.once("exit", restore);
  return { ask, close: () => process.off("exit", restore) };
}

async function ask(screen: Screen): Promise<Reply> {
  const prompts = await loadPrompts();
  const { columns = 80, rows = 24 } = process.stderr;
  const above = ["", ...screen.lines.flatMap((line) => wrapped(line, columns, 2))];
  process.stderr.write(`${above.join("\n")}\n`);
  let key: string | undefined;
  const remember = (_text: unknown, pressed: { readonly name?: string } | undefined) => {
    key = pressed?.name;
  };
  process.stdin.on("keypress", remember);
  try {
    const reply = await prompts({
      ...asPrompt(screen, rows),
      name: "value",
      stdout: process.stderr,
    } as PromptObject<"value">);
    if ("value" in reply) return reply.value as Reply;
  } finally {
    process.stdin.off("keypress", remember);
  }
  if (key === "escape") return screen.kind === "text" ? backText : back;
  throw new Interrupted("stopped");
}

/** `prompts` has no ear for NO_COLOR, and reads the name that it does know once, when it is loaded. */
async function loadPrompts() {
  if (process.env.NO_COLOR) process.env.NODE_DISABLE_COLORS = "1";
  return (await import("prompts")).default;
}

function asPrompt(screen: Screen, rows: number): Omit<PromptObject<"value">, "name"> {
  if (screen.kind === "text") {
    return { type: "text", message: `${screen.message} (${backText} goes back)`, initial: screen.initial };
  }
  const { message, options } = screen;
  const common = { message, onRender: titling(options), optionsPerPage: Math.max(4, rows - 6) };
  return screen.kind === "one"
    ? {
        ...common,
        type: "select",
        hint: "arrows and enter",
        initial: Math.max(
          0,
          options.findIndex(({ id }) => id === screen.initial),
        ),
        choices: options.map(asChoice),
      }
    : {
        ...common,
        type: "multiselect",
        hint: "space picks, enter goes on",
        instructions: false,
        choices: options.map((option) => ({ ...asChoice(option), selected: screen.chosen.includes(option.id) })),
      };
}

const asChoice = ({ id, means }: Option) => ({ title: id, value: id, description: means });

/** What `prompts` gives to `onRender` as `this`: a select keeps its choices in `choices`, a multiselect in `value`. */
interface Drawn {
  readonly done?: boolean;
  readonly choices?: Choice[];
  readonly value: Choice[];
}

interface Choice {
  title: string;
  readonly value: string;
  description: string | undefined;
}

/** Every option stands with its definition where the window has room; else only the one under the cursor. An answer echoes short. */
function titling(options: readonly Option[]) {
  return function (this: Drawn): void {
    const { columns = 80, rows = 24 } = process.stderr;
    const long = options.map(({ id, title, means }) =>
      wrapped(`${title ?? id}: ${means}`, columns - marks, marks).join("\n"),
    );
    const room = headRows + long.join("\n").split("\n").length < rows;
    for (const [place, { id, title, means }] of options.entries()) {
      const choice = (this.choices ?? this.value)[place];
      if (!choice) continue;
      choice.title = (room && !this.done && long[place]) || (title ?? id);
      choice.description = room ? undefined : means;
    }
  };
}

/** Columns that `prompts` draws before a title, and rows of the question above the list. */
const marks = 4;
const headRows = 4;
