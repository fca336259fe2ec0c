import path from "node:path";
import { readAnswers } from "../../src/answers.ts";
import { parseFlags } from "../../src/cli/flags.ts";
import { scaffold } from "../../src/scaffold.ts";

/** `npm run render -- go /tmp/out --resource "item name:text" --name x`: a repository from the working tree, for work on templates. */
const flags = ["resource", "name", "database"].map((name) => ({ name, about: name, value: "TEXT" }));
const { words, values } = parseFlags(process.argv.slice(2), flags, {});
const [language, folder = ""] = words;
const { answers, choices } = readAnswers({ language, ...Object.fromEntries(values) });
const target = path.resolve(folder);
await scaffold({
  answers,
  choices: { ...choices, name: choices.name ?? "depot-service" },
  target,
  dryRun: false,
  git: false,
  force: true,
});
