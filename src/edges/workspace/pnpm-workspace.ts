import { isMap, isScalar, isSeq, parseDocument, type Scalar } from "yaml";
import { unreadable } from "./unreadable.ts";

/**
 * @returns nothing when the file lists no packages, as one with settings alone does
 * @throws Problem when it cannot be read
 */
export function readPnpmWorkspace(file: string, text: string): string[] | undefined {
  return itemsOf(file, text)?.map(({ value }) => String(value));
}

/** The file with one member more, after the last and written as that is; everything else stays as it is written. */
export function withPnpmPackage(file: string, text: string, folder: string): string {
  const last = itemsOf(file, text)?.at(-1);
  const [start, end] = last?.range ?? [];
  if (last === undefined || start === undefined || end === undefined) return withFirst(file, text, folder);
  const quote = { QUOTE_DOUBLE: '"', QUOTE_SINGLE: "'" }[String(last.type)] ?? "";
  const item = quote === "" && !/^[\w./-]+$/.test(folder) ? JSON.stringify(folder) : `${quote}${folder}${quote}`;
  const before = text.slice(0, start);
  const dash = /(^|\n)([^\S\n]*-[^\S\n]+)$/.exec(before)?.[2];
  if (dash === undefined) return `${text.slice(0, end)}, ${item}${text.slice(end)}`;
  const rest = text.indexOf("\n", end);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  if (rest < 0) return `${text}${newline}${dash}${item}`;
  return `${text.slice(0, rest + 1)}${dash}${item}${newline}${text.slice(rest + 1)}`;
}

/** Of an empty list. */
function withFirst(file: string, text: string, folder: string): string {
  const found = parseDocument(text).get("packages");
  const [start, end] = (isSeq(found) && found.range) || [];
  if (start === undefined || end === undefined) throw unreadable(file, "packages is no list");
  return `${text.slice(0, start)}[${JSON.stringify(folder)}]${text.slice(end)}`;
}

function itemsOf(file: string, text: string): Scalar[] | undefined {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw unreadable(file, error.message);
  if (document.contents !== null && !isMap(document.contents)) throw unreadable(file, "it is no mapping");
  const found: unknown = document.contents === null ? undefined : document.get("packages");
  if (found === undefined || found === null) return undefined;
  if (!isSeq(found) || !found.items.every(isScalar)) throw unreadable(file, "packages is no list of texts");
  return found.items.filter(isScalar);
}
