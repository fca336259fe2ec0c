/** What is awaited, and the milliseconds that it took. */
export async function timed<T>(pending: Promise<T>): Promise<{ answer: T; ms: number }> {
  const since = Date.now();
  return { answer: await pending, ms: Date.now() - since };
}
