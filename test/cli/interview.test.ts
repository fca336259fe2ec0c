import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Answers } from "../../src/decide/questions.ts";
import { decide } from "../../src/decide/verdict.ts";
import { person } from "../support/person.ts";
import { keys, open, type Terminal } from "../support/terminal.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "interview-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const resource = ["--resource", "invoice number:text amount:money"];
const given = ["billing", "--no-git", ...resource];
const record = () => readFileSync(path.join(folder, "billing/docs/decisions/0001-language.md"), "utf8");
const manifest = () => JSON.parse(readFileSync(path.join(folder, "billing/.groundwork.json"), "utf8"));

const clear: Answers = {
  kind: "data_processing",
  stakes: ["money"],
  load: "cpu_bound",
  hard_parts: ["stateful"],
  experience: ["rust"],
  deadline: "open",
  priority: "invest",
  team: "small",
  footprint: "normal",
};
const close: Answers = { kind: "api_gateway", hard_parts: ["untrusted_input"] };
const gated: Answers = { stakes: ["money"], experience: ["none"], deadline: "weeks" };

/** From the first question to a repository, by the keyboard alone. */
async function interviewed(answers: Answers, ...picks: readonly number[]): Promise<Terminal> {
  const terminal = open(folder, given);
  const someone = person(terminal);
  const seen = await someone.answerAll(answers);
  expect(new Set(seen).size).toBe(seen.length);
  await someone.takePlan(...picks);
  await someone.choose("accept");
  expect(await terminal.ended()).toEqual({ code: 0, restored: true });
  return terminal;
}

test("a clear case: few questions, a reasoned verdict, a repository", async () => {
  const terminal = await interviewed(clear);
  const text = terminal.screen.text();
  expect(text).toContain("Rust, clear: no single change of one answer would turn it.");
  expect(text.match(/^✔ /gm)?.length).toBeLessThanOrEqual(9 + 2);
  expect(existsSync(path.join(folder, "billing/Cargo.toml"))).toBe(true);
  expect(record()).toContain("This is clear: ");
});

test("the last words are broken between words, and the command that replays them is not", async () => {
  const terminal = open(folder, [...given, "--yes"], { columns: 72 });
  expect((await terminal.ended()).code).toBe(0);
  const rows = terminal.screen.text().split("\n");
  expect(rows.slice(0, rows.indexOf("Next:")).filter((row) => row.length >= 72)).toEqual([]);
  expect(terminal.drawn()).toMatch(/\n {2}npx create-groundwork@.*--name billing\r?\n/);
});

test("a close case says so, with what would settle it", async () => {
  const text = (await interviewed(close)).screen.text();
  expect(text).toContain(", close: ");
  expect(text).toContain("Conflict: A gateway suits Go");
  expect(record()).toContain("A gateway suits Go, and parsing what strangers send suits Rust");
});

test("a gated case shows what was overridden, and when to look again", async () => {
  // Neither money nor anything else could open the gate, so that it is not asked about; the ledger says it.
  const text = (await interviewed(gated, 5)).screen.text().replaceAll(/\s+/g, " ");
  expect(text).toContain("Overridden: A wrong amount costs more");
  expect(text).toContain("with deadline=open the rules say Rust");
  expect(record()).toContain("`handles-money`");
});

test("every question says why it is asked now, and defines its options", async () => {
  const terminal = open(folder, given);
  await terminal.until("Why now: it can bring in rust-is-home for Rust");
  await terminal.until("rust: people who will build this have shipped and operated a Rust service");
  terminal.send(keys.interrupt);
  await terminal.ended();
});

test("going back leads to the same question, and the new answer counts", async () => {
  const terminal = open(folder, given);
  const someone = person(terminal);
  await someone.answer("experience", "rust");
  await someone.answer("stakes", "back");
  await someone.answer("experience", "go");
  await someone.answerAll({ stakes: ["money"], deadline: "open" });
  await someone.takePlan();
  await someone.choose("accept");
  expect((await terminal.ended()).code).toBe(0);
  // The second time rust stood picked already, so that picking go came on top.
  expect(manifest().answers.experience).toEqual(["rust", "go"]);
});

test("escape goes back as well", async () => {
  const terminal = open(folder, given);
  const someone = person(terminal);
  await someone.answer("experience", "rust");
  await terminal.until("? Does any of this hold?");
  terminal.send(keys.escape);
  await terminal.until("? Which of these has the team run");
  terminal.send(keys.interrupt);
  expect(await terminal.ended()).toEqual({ code: 130, restored: true });
});

test("a contradiction is named and asked about once", async () => {
  const terminal = open(folder, [...given, "--deadline", "weeks", "--priority", "invest"]);
  const someone = person(terminal);
  await terminal.until(/A date within weeks and time to invest contradict.*\? Which one is meant\?/);
  terminal.send(keys.down.repeat(2) + keys.enter);
  await someone.answerAll({ experience: ["go"] });
  await someone.takePlan();
  await someone.choose("accept");
  expect((await terminal.ended()).code).toBe(0);
  expect(terminal.screen.text().match(/Which one is meant\?/g)).toHaveLength(1);
  expect(manifest().answers).toMatchObject({ deadline: "weeks", priority: "invest" });
});

test("an override is the person's own, and the record says so", async () => {
  const terminal = open(folder, given);
  const someone = person(terminal);
  await someone.answerAll(gated);
  await someone.takePlan();
  await someone.choose("language");
  await terminal.until("? Which language?");
  terminal.send(keys.down.repeat(decide(gated).ranking.indexOf("rust")) + keys.enter);
  await terminal.until("Rust, as you chose.");
  await someone.choose("accept");
  expect((await terminal.ended()).code).toBe(0);
  expect(record()).toContain(
    'Chosen option: "Rust", because the people who own this service chose it. The rules say Go',
  );
});

test("an answer can be changed at the end, and every rule be seen", async () => {
  const terminal = open(folder, given);
  const someone = person(terminal);
  await someone.answerAll(gated);
  await someone.takePlan();
  await someone.choose("why");
  await terminal.until(/\[no-time-to-learn\].*\[rust-to-learn\]/);
  await someone.choose("change");
  await terminal.until("? Which answer?");
  terminal.send(keys.down.repeat(5) + keys.enter);
  await terminal.until("? When must it serve real users?");
  terminal.send(keys.down.repeat(2) + keys.enter);
  await terminal.until("✔ When must it serve real users?");
  await someone.answerAll(gated);
  await someone.choose("accept");
  expect((await terminal.ended()).code).toBe(0);
  expect(manifest()).toMatchObject({ language: "rust", answers: { deadline: "open" } });
});

describe("Ctrl-C ends with 130, restores the terminal and leaves nothing", () => {
  const toVerdict = async (terminal: Terminal) => {
    const someone = person(terminal);
    await someone.answerAll(gated);
    await someone.takePlan();
    return someone;
  };
  const stages: Readonly<Record<string, (terminal: Terminal) => Promise<unknown>>> = {
    question: (terminal) => terminal.until("? Which of these has"),
    "later question": async (terminal) => {
      await person(terminal).answer("experience", "rust");
      await terminal.until("? Does any of this hold?");
    },
    contradiction: async (terminal) => {
      await person(terminal).answer("experience", "go", "none");
      await terminal.until("? Which one is meant?");
    },
    plan: (terminal) => person(terminal).answerAll(gated),
    verdict: async (terminal) => {
      await toVerdict(terminal);
      await terminal.until("? Write billing");
    },
    why: async (terminal) => {
      await (await toVerdict(terminal)).choose("why");
      await terminal.until(/Not considered.*\? Write billing/);
    },
    language: async (terminal) => {
      await (await toVerdict(terminal)).choose("language");
      await terminal.until("? Which language?");
    },
    change: async (terminal) => {
      await (await toVerdict(terminal)).choose("change");
      await terminal.until("? Which answer?");
    },
  };

  test.each(Object.keys(stages))("at the %s", async (stage) => {
    const terminal = open(folder, given);
    await stages[stage]?.(terminal);
    terminal.send(keys.interrupt);
    expect(await terminal.ended()).toEqual({ code: 130, restored: true });
    expect(terminal.screen.cursor).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(["folder", "resource"])("at the %s", async (text) => {
    const terminal = open(folder, text === "folder" ? ["--no-git"] : ["billing", "--language", "go"]);
    if (text === "resource") await person(terminal).takePlan();
    await terminal.until(text === "folder" ? "? Which folder?" : "? What does it keep?");
    terminal.send(`half${keys.interrupt}`);
    expect(await terminal.ended()).toEqual({ code: 130, restored: true });
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([keys.interrupt, keys.end])("in plain lines, by key %j", async (key) => {
    const terminal = open(folder, [...given, "--plain"]);
    await terminal.until("Which of these has");
    terminal.send(key);
    expect(await terminal.ended()).toEqual({ code: 130, restored: true });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe.each([40, 200])("in a window of %i columns", (columns) => {
  test("moving about leaves no rest of what was drawn before", async () => {
    const terminal = open(folder, given, { columns, rows: 30 });
    await person(terminal).answer("experience", "rust");
    await terminal.until("? Does any of this hold?");
    for (const key of [keys.down, keys.down, keys.space, keys.up, keys.space, keys.down, keys.down]) terminal.send(key);
    terminal.send(keys.enter);
    await terminal.until("✔ Does any of this hold?");
    await terminal.until("? What else");
    terminal.send(keys.interrupt);
    await terminal.ended();
    const text = terminal.screen.text();
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(text.match(/Does any of this hold\?/g)).toHaveLength(1);
    expect(text).not.toContain("a failure is a nuisance");
  });
});

test("a definition is shown in a window too low for all of them", async () => {
  const terminal = open(folder, given, { columns: 40, rows: 12 });
  await terminal.until("rust people who will build this have shipped and operated a Rust service");
  terminal.send(keys.down);
  await terminal.until(/shipped and operated a Go service/);
  terminal.send(keys.interrupt);
  await terminal.ended();
});

test("a resize between questions is drawn at the new width", async () => {
  const terminal = open(folder, given, { columns: 120 });
  await terminal.until("Why now");
  terminal.resize(50, 40);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await person(terminal).answer("experience", "rust");
  await terminal.until("? Does any of this hold?");
  terminal.send(keys.down + keys.down);
  await terminal.until("core_service");
  terminal.send(keys.interrupt);
  await terminal.ended();
  const [, later = ""] = terminal.screen.text().split("What a failure would cost");
  expect(Math.max(...later.split("\n").map((line) => line.length))).toBeLessThanOrEqual(50);
});

describe("plain lines", () => {
  test.each([
    ["--plain", [...given, "--plain"], {}],
    ["TERM=dumb", given, { TERM: "dumb" }],
  ])("%s: numbered, never redrawn, and the same repository", async (_what, args, env) => {
    const terminal = open(folder, args, { env });
    await terminal.until(/1\. rust: people.*4\. none: none of the three/);
    terminal.send("banana\n");
    await terminal.until('"banana" is not among them');
    terminal.send("4\n");
    await terminal.until("When must it serve");
    terminal.send("<\n");
    await terminal.until(/4\. none: none of the three \[chosen\]/);
    terminal.send("\n");
    await terminal.until("When must it serve");
    terminal.send("1\n");
    await terminal.until(/What else should it have\?.*a double-entry ledger: money: /);
    terminal.send("\n");
    await terminal.until(/Write billing in Go\?.*Enter takes accept\./);
    terminal.send("\n");
    expect(await terminal.ended()).toEqual({ code: 0, restored: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is steered by must not be there
    expect(terminal.drawn()).not.toMatch(/\u001b/);
    expect(manifest()).toMatchObject({ language: "go", answers: { experience: ["none"], deadline: "weeks" } });
  });
});

test("NO_COLOR takes the colours, and nothing else", async () => {
  const terminal = open(folder, given, { env: { NO_COLOR: "1" } });
  await terminal.until("? Which of these has");
  terminal.send(keys.interrupt);
  expect((await terminal.ended()).code).toBe(130);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are such sequences
  expect(terminal.drawn()).not.toMatch(/\u001b\[[0-9;]*m/);
});

test.each([
  ["CI", given, { CI: "1" }],
  ["--yes", [...given, "--yes"], {}],
])("%s asks nothing, also at a terminal", async (_what, args, env) => {
  const terminal = open(folder, args, { env });
  expect((await terminal.ended()).code).toBe(0);
  expect(terminal.screen.text()).not.toContain("?");
});

test("a folder that is full is refused at its own question", async () => {
  mkdirSync(path.join(folder, "full/part"), { recursive: true });
  const terminal = open(folder, ["--no-git"]);
  await terminal.until("? Which folder?");
  terminal.send(`full${keys.enter}`);
  await terminal.until(/is not empty\. .*\? Which folder\?/);
  terminal.send(keys.interrupt);
  expect((await terminal.ended()).code).toBe(130);
});

test("a full folder on the command line is refused before anything is asked", async () => {
  mkdirSync(path.join(folder, "full/part"), { recursive: true });
  const terminal = open(folder, ["full"]);
  expect((await terminal.ended()).code).toBe(2);
  expect(terminal.screen.text()).toContain("is not empty");
});
