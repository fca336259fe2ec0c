/** An error that the user can mend: what is wrong, and what to do instead. Anything else is our bug and keeps its stack. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** The user, or the system, stopped the run: at a prompt or by a signal. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly signal: "SIGHUP" | "SIGINT" | "SIGTERM";

  constructor(message: string, signal: Interrupted["signal"] = "SIGINT") {
    super(message);
    this.signal = signal;
  }
}
