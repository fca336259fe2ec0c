import { createReadStream } from "node:fs";
import { parseDocument } from "yaml";
import { Problem } from "../problem.ts";
import { codeOf } from "./faults.ts";

const mostBytes = 64 * 1024;
const hint = "Write JSON or YAML with one key for each answer, in UTF-8.";

/**
 * Reads an answers file; YAML 1.2 reads JSON as well.
 * @param name a path, or `-` for standard input
 * @throws Problem when it is not there, too long or neither JSON nor YAML
 */
export async function readAnswersFile(name: string): Promise<unknown> {
  const shown = name === "-" ? "Standard input" : name;
  const content = decode(await bytesOf(name, shown), shown);
  try {
    const document = parseDocument(content, { uniqueKeys: true });
    const fault = document.errors[0] ?? document.warnings[0];
    if (fault) throw fault;
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    // The parser throws for aliases, and runs out of stack on very deep nesting.
    const reason = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    throw new Problem(`${shown} cannot be read: ${reason}`, hint);
  }
}

/** Stops reading at the limit: the file may be a device without an end. */
async function bytesOf(name: string, shown: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of name === "-" ? process.stdin : createReadStream(name)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > mostBytes) break;
    }
  } catch (error) {
    throw new Problem(
      `The answers file ${name} cannot be read (${codeOf(error)}).`,
      "Name a JSON or YAML file, or - for standard input.",
    );
  }
  if (length > mostBytes) {
    throw new Problem(`${shown} is longer than ${mostBytes} bytes.`, "Give a file with one key for each answer.");
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer, shown: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Problem(`${shown} is not UTF-8.`, "Save it as UTF-8; some shells on Windows write UTF-16.");
  }
}
