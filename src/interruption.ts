/** Work that a signal must undo before the process may end; usually there is none. */
const underWay = new Map<AbortController, Promise<unknown>>();

/** Does work that undoes itself when its signal is aborted. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const done = work(stop.signal);
  underWay.set(stop, done);
  try {
    return await done;
  } finally {
    underWay.delete(stop);
  }
}

/** Aborts all work under way with a reason, and waits until it is undone. */
export async function interrupt(reason: Error): Promise<void> {
  for (const stop of underWay.keys()) stop.abort(reason);
  await Promise.allSettled(underWay.values());
}
