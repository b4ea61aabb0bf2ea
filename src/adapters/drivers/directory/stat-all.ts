import { type BigIntStats, lstat } from 'node:fs'

/** Calls in flight at once; Node's thread pool has four threads, a few more keep them busy. */
const STATS_AT_ONCE = 16

/**
 * `lstat` of many paths: for each its facts, or the error. The callback form costs half of the promise form, and for a folder that
 * did not change this is the whole cost of looking. Rejects with the signal's reason when aborted.
 */
export function statAll(
  paths: readonly (string | Buffer)[],
  signal: AbortSignal,
): Promise<readonly (BigIntStats | Error)[]> {
  return new Promise((resolve, reject) => {
    const found: (BigIntStats | Error)[] = new Array(paths.length)
    let next = 0
    let done = 0
    const step = (): void => {
      if (signal.aborted) {
        reject(signal.reason)
        return
      }
      if (done === paths.length) {
        resolve(found)
        return
      }
      const index = next
      const path = paths[index]
      if (path === undefined) return
      next += 1
      lstat(path, { bigint: true }, (error, stats) => {
        found[index] = error ?? stats
        done += 1
        step()
      })
    }
    for (let running = 0; running < STATS_AT_ONCE; running += 1) step()
  })
}
