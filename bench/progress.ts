/** Talk goes to stderr, so that stdout holds nothing but the table. */
export function progress(language: string, text: string): void {
  process.stderr.write(`${language}: ${text}\n`);
}
