import { text } from "node:stream/consumers";
import fs from "fs-extra";
import { parseDocument } from "yaml";
import { Problem } from "../problem.ts";

const mostBytes = 64 * 1024;

/**
 * Reads an answers file; YAML 1.2 reads JSON as well.
 * @param name a path, or `-` for standard input
 * @throws Problem when it is not there, too long or neither JSON nor YAML
 */
export async function readAnswersFile(name: string): Promise<unknown> {
  const content = name === "-" ? await text(process.stdin) : await readFile(name);
  if (content.length > mostBytes)
    throw new Problem(`${name} is longer than ${mostBytes} bytes.`, "Give a file with one key for each answer.");
  const document = parseDocument(content, { uniqueKeys: true });
  const fault = document.errors[0];
  if (fault)
    throw new Problem(
      `${name} cannot be read: ${fault.message.split("\n", 1)[0]}`,
      "Write JSON or YAML with one key for each answer.",
    );
  return document.toJS({ maxAliasCount: 0 });
}

async function readFile(name: string): Promise<string> {
  try {
    return await fs.readFile(name, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Problem(
      `The answers file ${name} cannot be read (${reason}).`,
      "Name a JSON or YAML file, or - for standard input.",
    );
  }
}
