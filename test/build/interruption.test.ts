import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { start } from "../support/cli.ts";
import { endedWhile, isRunning, signalCodes, signals, stages } from "../support/interruption.ts";

let base: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), "interruption-"));
  folder = path.join(base, "work");
  mkdirSync(folder);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe.each(stages)("while git does %s", (stage) => {
  test.each(
    signals.flatMap((signal) => [
      [signal, "the process", false] as const,
      [signal, "all of the terminal", true] as const,
    ]),
  )("%s to %s leaves nothing, and no child", async (signal, _whom, all) => {
    const nothing = { code: signalCodes[signal], said: "", left: [], running: false };
    expect(await endedWhile(base, stage, signal, all)).toEqual(nothing);
  });
});

/** A run is met at every thirtieth of its length, until three in a row have come to their end before the signal. */
const step = 1 / 30;
const mostPoints = 150;

describe.each([
  ["a new folder", ["orders", "--yes"], false],
  ["an empty folder", ["orders", "--yes"], true],
  ["without git", ["orders", "--yes", "--no-git"], false],
] as const)("all or nothing, %s", (what, args, exists) => {
  test.each(["SIGINT", "SIGTERM"] as const)("%s at any time", async (signal) => {
    const began = performance.now();
    expect((await start(folder, args)).exitCode).toBe(0);
    const whole = performance.now() - began;
    rmSync(path.join(folder, "orders"), { recursive: true });

    const outcomes = new Map<string, number>();
    for (let point = 0, inTime = 0; inTime < 3 && point < mostPoints; point++) {
      if (exists) mkdirSync(path.join(folder, "orders"));
      const run = start(folder, args);
      await sleep(whole * step * point);
      // It may have ended by then.
      if (isRunning(run.pid ?? 0)) process.kill(point % 2 ? -(run.pid ?? 0) : (run.pid ?? 0), signal);
      const { exitCode, signal: endedBy, stderr } = await run;
      const left = readdirSync(folder, { recursive: true, encoding: "utf8" });
      const emitted = left.includes(path.join("orders", ".groundwork.json"));
      // Before Node has set up the program and after it has said its last word, the system itself ends it.
      const ended = stderr.includes("The same again:") ? 0 : signalCodes[signal];
      const code = exitCode ?? (endedBy === signal ? ended : undefined);
      expect([0, signalCodes[signal]], stderr).toContain(code);
      expect(left.filter((name) => /groundwork-/.test(name))).toEqual([]);
      expect(emitted, stderr).toBe(code === 0);
      expect(isRunning(-(run.pid ?? 0))).toBe(false);
      inTime = code === 0 ? inTime + 1 : 0;
      if (emitted) expectWhole(path.join(folder, "orders"), !args.some((arg) => arg === "--no-git"));
      else expect(left).toEqual(exists ? ["orders"] : []);
      const outcome = `${code}, ${emitted ? "all" : "nothing"} left`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      rmSync(path.join(folder, "orders"), { recursive: true, force: true });
    }
    process.stdout.write(
      `${what}, ${signal}: ${[...outcomes].map(([outcome, times]) => `${outcome} × ${times}`).join("; ")}\n`,
    );
    expect([...outcomes.keys()].sort()).toEqual(["0, all left", `${signalCodes[signal]}, nothing left`]);
  });
});

function expectWhole(repository: string, git: boolean): void {
  expect(existsSync(path.join(repository, "openapi.json"))).toBe(true);
  if (git) expect(execaSync("git", ["status", "--porcelain"], { cwd: repository }).stdout).toBe("");
}
