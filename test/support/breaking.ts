import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";

/** One way to break a service: the text that is replaced, and the point of the contract that must then fail. */
export interface Break {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly point: string;
}

/** A built service, how to build it again, and the environment that the suite runs it in. */
export interface Bench {
  readonly folder: string;
  readonly build: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface Outcome {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

const root = path.join(import.meta.dirname, "../..");
const suite = path.join(root, "test/contract");

/** The point's tests over a service that is broken in one place, and whole again afterwards. */
export async function outcomeOf({ file, find, replace, point }: Break, bench: Bench): Promise<Outcome> {
  const broken = path.join(bench.folder, file);
  const whole = readFileSync(broken, "utf8");
  if (whole.split(find).length !== 2) throw new Error(`${file} must have this text once to be broken there: ${find}`);
  writeFileSync(
    broken,
    whole.replace(find, () => replace),
  );
  try {
    await execa("sh", ["-c", bench.build], { cwd: bench.folder, env: bench.environment, extendEnv: false });
    return await runPoint(point, bench);
  } finally {
    writeFileSync(broken, whole);
  }
}

/** Run along with every point: a service that does not even start proves nothing. */
const ALIVE = "H[12] GET ";

/** The suite as a process of its own, with the tests of one point and of the service's being alive. */
async function runPoint(point: string, { folder, environment }: Bench): Promise<Outcome> {
  const mentions = (name: string) => readFileSync(path.join(suite, name), "utf8").includes(`${point} `);
  const files = readdirSync(suite).filter((name) => name.endsWith(".test.ts"));
  const chosen = files.filter((name) => name === "health.test.ts" || mentions(name));
  const filter = ["--reporter=json", "--retry=0", "-t", `(${ALIVE}|\\b${point} )`, ...chosen];
  const { stdout } = await execa(
    "node",
    ["node_modules/vitest/vitest.mjs", "run", "--project", "contract", ...filter],
    {
      cwd: root,
      env: { ...environment, CONTRACT_CWD: folder },
      extendEnv: false,
      reject: false,
    },
  );
  const { testResults } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as Report;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const titled = (status: string) => tests.filter((test) => test.status === status).map(({ title }) => title);
  return { passed: titled("passed"), failed: titled("failed") };
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}
