import { after, now } from '../browser/clock.ts'

/** How long the page may be busy at a stretch. */
const SLICE_MS = 12

interface Listener<Result> {
  readonly done: (result: Result) => void
  readonly failed: (error: unknown) => void
  readonly step?: (count: number) => void
}

/** Runs a long computation in slices, so that the page stays alive meanwhile; the answer calls it off. */
export function inSlices<Result>(run: Generator<number, Result>, to: Listener<Result>): () => void {
  let callOff: () => void
  const slice = () => {
    try {
      const end = now() + SLICE_MS
      let next = run.next()
      while (next.done !== true && now() < end) next = run.next()
      if (next.done === true) return to.done(next.value)
      to.step?.(next.value)
      callOff = after(0, slice)
    } catch (error) {
      to.failed(error)
    }
  }
  callOff = after(0, slice)
  return () => callOff()
}
