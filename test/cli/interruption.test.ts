import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { start } from "../support/cli.ts";
import { endedWhile, signalCodes, signals, stages } from "../support/interruption.ts";

let base: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), "interruption-"));
  folder = path.join(base, "work");
  mkdirSync(folder);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** test/build/interruption.test.ts has all the others. */
test.each([
  ...stages.map((stage) => [stage, "SIGINT", "all of the terminal"] as const),
  ...signals.map((signal) => ["commit", signal, "the process"] as const),
])("while git does %s, %s to %s leaves nothing, and no child", async (stage, signal, whom) => {
  const nothing = { code: signalCodes[signal], said: "", left: [], running: false };
  expect(await endedWhile(base, stage, signal, whom === "all of the terminal")).toEqual(nothing);
});

test("SIGINT while standard input is read", async () => {
  expect((await interruptedAfter(600)) ?? (await interruptedAfter(10_000))).toBe(130);
  expect(readdirSync(folder)).toEqual([]);
});

/** On a busy machine the signal may come before the program has started, and end Node itself. */
async function interruptedAfter(ms: number): Promise<number | undefined> {
  const run = start(folder, ["orders", "--yes", "--answers", "-"], { stdin: "open" });
  await sleep(ms);
  run.kill("SIGINT");
  return (await run).exitCode;
}
