const patience = 500;

/** Says what is being done when it takes longer than a person expects, to a person at a terminal only. */
export async function saying<T>(what: string, work: Promise<T>): Promise<T> {
  const late = process.stderr.isTTY
    ? setTimeout(() => process.stderr.write(`Still at work: ${what}.\n`), patience)
    : undefined;
  try {
    return await work;
  } finally {
    clearTimeout(late);
  }
}
