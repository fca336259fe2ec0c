/** Only a person at a terminal is asked, and never a run that says `--yes` or is part of CI. */
export function mayAsk(switches: ReadonlySet<string>): boolean {
  return !switches.has("yes") && !process.env.CI && process.stdin.isTTY === true && process.stderr.isTTY === true;
}
