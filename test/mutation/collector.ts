/** Stands in for `vitest` while mutants are tried: collects tests instead of running them. Knows the few forms that our tests use. */
import { isPromise } from 'node:util/types'

export { expect } from 'vitest'

interface Collected {
  readonly title: string
  run(): unknown
}

const collected: Collected[] = []

/** What was collected since the last call. */
export function collect(): readonly Collected[] {
  return collected.splice(0)
}

/** Runs tests one after the other; the title of the first that fails, or null. */
export async function firstFailing(tests: readonly Collected[]): Promise<string | null> {
  for (const { title, run } of tests)
    try {
      const result = run()
      if (isPromise(result)) await result
    } catch {
      return title
    }
  return null
}

export function it(title: string, run: () => unknown): void {
  collected.push({ title, run })
}

it.each =
  <Row>(rows: readonly Row[]) =>
  (title: string, run: (...values: readonly unknown[]) => unknown): void => {
    for (const row of rows) {
      const values: readonly unknown[] = Array.isArray(row) ? row : [row]
      it(title.replace('%s', String(values[0])), () => run(...values))
    }
  }

export function describe(_title: string, body: () => void): void {
  body()
}

describe.each =
  <Row>(rows: readonly Row[]) =>
  (_title: string, body: (row: Row) => void): void => {
    for (const row of rows) body(row)
  }
