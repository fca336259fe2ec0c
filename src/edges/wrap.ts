/** Lines broken between words, those after the first set in by some columns more. */
export function wrapped(text: string, columns: number, further: number): string[] {
  const indent = /^ */.exec(text)?.[0] ?? "";
  const lines: string[] = [];
  let line = indent;
  for (const word of text.trim().split(" ")) {
    const longer = line.trim() === "" ? `${line}${word}` : `${line} ${word}`;
    if (longer.length < columns || line.trim() === "") line = longer;
    else {
      lines.push(line);
      line = `${indent}${" ".repeat(further)}${word}`;
    }
  }
  return [...lines, line];
}

/** Prose as a stream shows it: its lines broken between words at a terminal, and whole anywhere else. */
export function fitted(prose: string, { isTTY, columns = 80 }: NodeJS.WriteStream): string {
  if (!isTTY) return prose;
  return prose
    .split("\n")
    .flatMap((line) => wrapped(line, columns, 2))
    .join("\n");
}
