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

/** Lines of prose as a stream shows them: broken between words at a terminal, and whole anywhere else. */
export function shown(lines: readonly string[], { isTTY, columns = 80 }: NodeJS.WriteStream): string {
  return lines.flatMap((line) => (isTTY ? wrapped(line, columns, 2) : [line])).join("\n");
}
