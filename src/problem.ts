/** An error that the user can mend: what is wrong, and what to do instead. Anything else is our bug and keeps its stack. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** The user stopped at a prompt. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
