import { tmpdir } from "node:os";
import { execaSync } from "execa";
import { describe, expect, test } from "vitest";
import { answerFlags } from "../../src/cli/flags.ts";
import { groundwork } from "../support/cli.ts";

const scriptFor = async (shell: string) => (await groundwork(tmpdir(), ["completion", shell])).stdout;
/** A contributor may lack a shell; where everything is checked, that is a failure. */
const isTried = (shell: string) => Boolean(process.env.CI) || !execaSync(shell, ["-c", ":"], { reject: false }).failed;

describe("bash", () => {
  const completed = async (...words: string[]) => {
    const asked = words.map((word) => `'${word}'`).join(" ");
    const lines = [
      await scriptFor("bash"),
      `COMP_WORDS=(create-groundwork ${asked})`,
      `COMP_CWORD=${words.length}`,
      "_create_groundwork",
      `printf '%s\\n' "\${COMPREPLY[@]}"`,
    ];
    return execaSync("bash", ["-c", lines.join("\n")])
      .stdout.split("\n")
      .filter(Boolean);
  };

  test("completes commands, and the flags of new", async () => {
    expect(await completed("")).toEqual(expect.arrayContaining(["new", "decide", "doctor", "--stakes", "--output"]));
    expect(await completed("de")).toEqual(["decide"]);
    expect(await completed("new", "--st")).toEqual(["--stakes"]);
  });

  test("completes the flags of a command alone", async () => {
    expect(await completed("doctor", "--")).toEqual(["--language", "--json", "--help"]);
  });

  test("completes the value of every flag that has a closed list", async () => {
    for (const { name, options } of answerFlags) {
      if (options) expect(await completed("new", `--${name}`, "")).toEqual(options);
    }
  });

  test("completes the last of several values", async () => {
    expect(await completed("new", "--stakes", "money,co")).toEqual(["money,core_service"]);
  });
});

describe.each(["zsh", "fish"])("%s", (shell) => {
  test("has every flag with its values", async () => {
    const script = await scriptFor(shell);
    for (const { name, options = [] } of answerFlags) {
      expect(script).toContain(name);
      for (const option of options) expect(script).toContain(option);
    }
  });
});

test.runIf(isTried("zsh"))("zsh reads its script", async () => {
  const { exitCode, stderr } = execaSync("zsh", ["-n"], { input: await scriptFor("zsh"), reject: false });
  expect(exitCode, stderr).toBe(0);
});

test.runIf(isTried("fish"))("fish completes from it", async () => {
  const asked = `complete -C 'create-groundwork new --stakes mon'`;
  const { stdout } = execaSync("fish", ["-c", `${await scriptFor("fish")}\n${asked}`]);
  expect(stdout).toContain("money");
});

test("another shell is refused with those that are known", async () => {
  const { code, stderr } = await groundwork(tmpdir(), ["completion", "tcsh"]);
  expect(code).toBe(2);
  expect(stderr).toContain("bash, zsh, fish");
});
