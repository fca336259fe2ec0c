import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { databaseFile } from "../support/databases.ts";
import { start } from "../support/service.ts";

const folder = ".cache/schemathesis";
const root = fileURLToPath(new URL("../..", import.meta.url));
const command = process.env.SCHEMATHESIS || join(root, folder, "bin/schemathesis");
const configuration = fileURLToPath(new URL("schemathesis.toml", import.meta.url));

test("D1 Schemathesis finds nothing, with all its checks", { timeout: 180_000 }, async () => {
  if (!existsSync(command)) {
    throw new Error(`${command} is missing. Get it, in ${root}, with:
  python3 -m venv ${folder} && ${folder}/bin/pip install schemathesis==4.32.5
or name another one in SCHEMATHESIS.`);
  }
  await using service = await start({ LOG_LEVEL: "error" });
  const { exitCode, stdout, stderr } = await execa(
    command,
    [
      "--config-file",
      configuration,
      "--no-color",
      "run",
      `http://${service.host}:${service.port}/openapi.json`,
      "--max-examples",
      "25",
      "--seed",
      "1",
      "--warnings",
      "off",
    ],
    { cwd: dirname(databaseFile()), reject: false },
  );
  expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout).toMatch(/Tested: +[1-9]/);
});
