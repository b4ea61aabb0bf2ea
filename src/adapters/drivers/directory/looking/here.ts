import { lstat } from 'node:fs'
import { forEachBounded } from '../../parallel.ts'
import { errorCode, readRegular } from '../files.ts'
import { type Facts, factsOf, type Looker, type Path, type Unseen } from './facts.ts'

/** Calls in flight at once; Node's pool has four threads, a few more keep them busy. */
const AT_ONCE = 16

// The callback form costs half of the promise form, and for a folder that did not change this is the whole cost of looking.
function facts(paths: readonly Path[], signal: AbortSignal): Promise<readonly (Facts | Unseen)[]> {
  return new Promise((resolve, reject) => {
    const found: (Facts | Unseen)[] = new Array(paths.length)
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
        found[index] = error === null ? factsOf(stats) : unseen(error)
        done += 1
        step()
      })
    }
    for (let running = 0; running < AT_ONCE; running += 1) step()
  })
}

const contents: Looker['contents'] = (paths, bytesMax, signal, take) =>
  forEachBounded([...paths.entries()], AT_ONCE, async ([at, path]) => {
    signal.throwIfAborted()
    take(at, await readRegular(path, bytesMax).catch(unseen))
  })

function unseen(error: unknown): Unseen {
  const failed = errorCode(error)
  if (failed === undefined) throw error
  return { failed }
}

/** Looks through Node's own pool of threads: nothing to start, but a good part of a tenth of a millisecond for each file. */
export const here: Looker = { facts, contents }
