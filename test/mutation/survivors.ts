/** Mutants that no test notices, each with the reason why none can or need. A test fails when an entry names no mutant any more. */
export interface Survivor {
  /** The mutant's id, as `npm run mutate` prints it. */
  readonly id: string
  readonly reason: string
}

export const survivors: readonly Survivor[] = []
