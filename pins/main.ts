import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Language, languages } from "../src/model/verdict.ts";
import { relock } from "./lockfiles.ts";
import { isNewer, moved, type Pin, pinsIn } from "./pins.ts";
import { newestFor } from "./registries.ts";

/**
 * `npm run pins`: moves every pinned version to the newest, makes the lockfiles anew, says what moved, and proves it with the slow tests.
 * `--check` only says what is stale, and ends with 3 when something is. docs/pins.md has the rest.
 */
const root = path.join(import.meta.dirname, "..");
const stale = 3;

const onlyCheck = process.argv.includes("--check");
const unknown = process.argv.slice(2).filter((word) => word !== "--check");
if (unknown.length > 0) {
  say(`"${unknown.join(" ")}" is not expected here: npm run pins, or npm run pins -- --check.`);
  process.exit(2);
}

const files = readdirSync(path.join(root, "templates"), { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "pins.yaml")
  .sort();
const found = files.flatMap((file) => pinsIn(read(file)).map((pin) => ({ file, pin, newest: newestFor(pin) })));

const moves = found.flatMap(({ file, pin, newest }) =>
  newest !== undefined && mayMove(pin) && isNewer(newest, pin.version) ? [{ file, pin, newest }] : [],
);
for (const { file, pin, newest } of found) say(`${file}: ${pin.key} ${pin.version}${fate(pin, newest)}`);

if (onlyCheck) {
  say(`${moves.length} of ${found.length} pins are stale.`);
  process.exitCode = moves.length > 0 ? stale : 0;
} else {
  for (const { file, pin, newest } of moves) {
    writeFileSync(path.join(root, "templates", file), moved(read(file), pin.key, newest));
  }
  const touched = new Set<Language>();
  for (const language of languages) {
    const changed = await relock(language);
    for (const { file, moves } of changed) say([`${file} is made anew`, ...moves].join("\n  "));
    const isMoved = moves.some(({ file }) => ["shared", language].includes(path.dirname(file)));
    if (isMoved || changed.length > 0) touched.add(language);
  }
  if (touched.size === 0) say("Nothing moved.");
  for (const language of touched) prove(language);
}

/** Runs the tests that build and call what is emitted in a language; a failure is this run's. */
function prove(language: Language): void {
  const { status } = spawnSync("npm", ["run", "test:build", "--", "-t", language], { cwd: root, stdio: "inherit" });
  if (status === 0) return;
  say(
    `The slow tests of ${language} fail with the moves above. Give what is to blame a "# hold: reason", and run again.`,
  );
  process.exitCode = 1;
}

function mayMove({ hold }: Pin): boolean {
  return hold === undefined || hold.within !== undefined;
}

function fate({ version, hold, datasource }: Pin, newest: string | undefined): string {
  if (newest === undefined) return `, not checked here (${datasource})`;
  const held = hold ? `, held${hold.within ? ` within ${hold.within}` : ""}: ${hold.reason}` : "";
  if (!isNewer(newest, version)) return held;
  return hold && hold.within === undefined ? ` (newest ${newest})${held}` : ` -> ${newest}${held}`;
}

function read(file: string): string {
  return readFileSync(path.join(root, "templates", file), "utf8");
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
