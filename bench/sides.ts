/** One thing measured of both services. */
export interface Sides<T> {
  readonly emitted: T;
  readonly bare: T;
}

export const sides = ["emitted", "bare"] as const;
