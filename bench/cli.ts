import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { languages } from "../src/model/verdict.ts";
import { spreadOf } from "./statistics.ts";

/**
 * `npm run bench:cli`: what a run of the packed program costs beside create-vite and bare Node, in one go and in turns,
 * so that a busy machine is as hard on one as on the other.
 */
const rounds = Number(process.argv[2] ?? 15);
const peer = "create-vite@9.3";

const root = path.join(import.meta.dirname, "..");
const scratch = mkdtempSync(path.join(tmpdir(), "bench-cli-"));
const node = process.execPath;

/** Only a parent learns what a whole process took, and Node does not tell its children's. */
const WAIT = `
import json, os, subprocess, sys
commands, folder, rounds = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for turn in range(rounds):
    for place, command in enumerate(commands):
        cwd = os.path.join(folder, f"{place}-{turn}")
        os.mkdir(cwd)
        child = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        if status != 0:
            sys.exit(f"{command} ended with {status}")
        print(json.dumps([place, 1000 * (usage.ru_utime + usage.ru_stime), usage.ru_maxrss / 1024]))
`;

try {
  const program = unpacked();
  const vite = installed();
  const ours = (...args: string[]) => [node, program, ...args];
  const emitting = languages.map((language): Row => {
    const command = ours("out", "--yes", "--no-git", "--language", language);
    return { name: `new --yes --no-git --language ${language}`, command, against: peer, most: 1 };
  });
  const rows: readonly Row[] = [
    { name: "node -e 0", command: [node, "-e", "0"] },
    { name: peer, command: [node, vite, "out", "--template", "react-ts", "--no-interactive"] },
    { name: "--version", command: ours("--version"), against: "node -e 0", most: 1.2 },
    ...emitting,
  ];
  process.stdout.write(table(rows, measured(rows)));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

interface Row {
  readonly name: string;
  readonly command: readonly string[];
  /** Another row, and how many times its CPU time this one may take. */
  readonly against?: string;
  readonly most?: number;
}

interface Cost {
  readonly cpu: number;
  readonly memory: number;
}

function measured(rows: readonly Row[]): Cost[] {
  const commands = JSON.stringify(rows.map(({ command }) => command));
  const output = execFileSync("python3", ["-c", WAIT, commands, scratch, String(rounds)], { encoding: "utf8" });
  const samples = output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as [number, number, number]);
  return rows.map((_, place) => {
    const own = samples.filter(([at]) => at === place);
    return { cpu: spreadOf(own.map(([, cpu]) => cpu)).median, memory: Math.max(...own.map(([, , memory]) => memory)) };
  });
}

function table(rows: readonly Row[], costs: readonly Cost[]): string {
  const lines = rows.map(({ name, against, most }, place) => {
    const { cpu = 0, memory = 0 } = costs[place] ?? {};
    const base = costs[rows.findIndex((row) => row.name === against)]?.cpu;
    const ratio = base === undefined ? "" : `${(cpu / base).toFixed(2)} × ${against} (at most ${most})`;
    return `| ${name} | ${cpu.toFixed(1)} | ${memory.toFixed(1)} | ${ratio} |`;
  });
  const head = ["| command | CPU ms, median | peak MiB | ratio |", "| --- | ---: | ---: | --- |"];
  return `${[...head, ...lines].join("\n")}\n\n${rounds} rounds in turns, Node ${process.versions.node}.\n`;
}

function unpacked(): string {
  npm(["pack", "--pack-destination", scratch], root);
  const tarball = path.join(scratch, readdirSync(scratch).find((name) => name.endsWith(".tgz")) ?? "");
  process.stdout.write(`The package is ${(statSync(tarball).size / 1000).toFixed(0)} kB packed (at most 800).\n\n`);
  execFileSync("tar", ["-xzf", tarball, "-C", scratch]);
  return path.join(scratch, "package/dist/cli.js");
}

function installed(): string {
  npm(["install", "--no-save", "--prefix", path.join(scratch, "peer"), peer], scratch);
  return path.join(scratch, "peer/node_modules/create-vite/index.js");
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}
