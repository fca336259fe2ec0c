// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal is steered by
const pieces = /\u001b(?:\[[0-9;?]*[A-Za-z]|[78])|./gsu;

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const unfinished = /\u001b(?:\[[0-9;?]*)?$/;

/** The window of a terminal: enough of ECMA-48 for what `prompts` and the program draw. */
export class Screen {
  private rows: string[][] = [[]];
  private row = 0;
  private column = 0;
  /** A sequence whose end has not come yet. */
  private rest = "";
  private saved: readonly [number, number] = [0, 0];
  /** Whether the cursor can be seen. */
  cursor = true;
  private columns: number;
  private height: number;

  constructor(columns: number, height: number) {
    this.columns = columns;
    this.height = height;
  }

  resize(columns: number, height: number): void {
    this.columns = columns;
    this.height = height;
  }

  draw(text: string): void {
    const whole = this.rest + text;
    const cut = unfinished.exec(whole)?.index ?? whole.length;
    this.rest = whole.slice(cut);
    for (const [part] of whole.slice(0, cut).matchAll(pieces)) {
      if (part.startsWith("\u001b")) this.steer(part);
      else this.put(part);
    }
  }

  /** What scrolled off, and what can be seen. */
  text(): string {
    return this.rows
      .map((cells) =>
        Array.from(cells, (cell) => cell ?? " ")
          .join("")
          .trimEnd(),
      )
      .join("\n")
      .trimEnd();
  }

  private put(character: string): void {
    if (character === "\r") this.column = 0;
    else if (character === "\n") this.to(this.row + 1, this.column);
    else if (character === "\b") this.column = Math.max(0, this.column - 1);
    else if (character >= " ") {
      if (this.column >= this.columns) this.to(this.row + 1, 0);
      this.line()[this.column] = character;
      this.column += 1;
    }
  }

  private steer(sequence: string): void {
    const kind = sequence.at(-1);
    const digits = /\d+/.exec(sequence)?.[0];
    const count = Number(digits ?? 1);
    if (kind === "A") this.to(Math.max(this.top(), this.row - count), this.column);
    else if (kind === "B") this.to(this.row + count, this.column);
    else if (kind === "C") this.column = Math.min(this.columns - 1, this.column + count);
    else if (kind === "D") this.column = Math.max(0, this.column - count);
    else if (kind === "G") this.column = count - 1;
    else if (kind === "K") this.erase(Number(digits ?? 0));
    else if (kind === "J") this.rows.length = this.row + 1;
    else if (kind === "7") this.saved = [this.row, this.column];
    else if (kind === "8") this.to(...this.saved);
    else if (kind === "h") this.cursor = true;
    else if (kind === "l") this.cursor = false;
    else if (kind !== "m") throw new Error(`The window does not know ${JSON.stringify(sequence)}.`);
  }

  private erase(which: number): void {
    const line = this.line();
    if (which === 2) line.length = 0;
    else if (which === 0) line.length = Math.min(line.length, this.column);
    else line.fill(" ", 0, this.column + 1);
  }

  /** The first row that can be seen; the cursor cannot go above it. */
  private top(): number {
    return Math.max(0, this.rows.length - this.height);
  }

  private to(row: number, column: number): void {
    while (this.rows.length <= row) this.rows.push([]);
    this.row = row;
    this.column = column;
  }

  private line(): string[] {
    const line = this.rows[this.row];
    if (!line) throw new Error("The cursor left the window.");
    return line;
  }
}
