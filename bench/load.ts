/** What the load generator is told: a load on one service. */
export interface Load {
  readonly port: number;
  /** Sent in turn, from the first. */
  readonly requests: readonly string[];
  readonly count: number;
}

/** What it answers when the load is over. */
export interface Outcome {
  readonly fault?: string;
}
