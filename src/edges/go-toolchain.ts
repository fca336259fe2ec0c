import path from "node:path";
import fs from "fs-extra";
import { printed } from "./commands.ts";

/** Whether the go command that is here fetches the Go that a module asks for; it is not asked itself, since it might fetch one to answer. */
export async function goFetches(): Promise<boolean> {
  const [settings = "", root = ""] = ((await printed(["go", "env", "GOENV", "GOROOT"])) ?? "").split("\n");
  const setting =
    process.env.GOTOOLCHAIN || (await settingIn(settings)) || (await settingIn(path.join(root, "go.env"))) || "auto";
  return setting.endsWith("auto");
}

/** What a file of `NAME=value` lines says. */
async function settingIn(file: string): Promise<string | undefined> {
  const text = path.isAbsolute(file) ? await fs.readFile(file, "utf8").catch(() => "") : "";
  return /^GOTOOLCHAIN=(.*)$/m.exec(text)?.[1];
}
