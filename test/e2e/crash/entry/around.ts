import { pass } from './passing.ts'
import type { CallName, PointName } from './points.ts'

/** Which points a call passes, by its arguments; none where it is another kind of call. */
export interface Passed {
  readonly before: readonly PointName[]
  readonly after: readonly PointName[]
}

/** Puts a method in the place of one that is there: the same, with points before and after. */
export function around(owner: object, method: string, points: (args: readonly unknown[]) => Passed): void {
  const original: unknown = Reflect.get(owner, method)
  if (typeof original !== 'function') throw new TypeError(`there is no ${method} any more: the points must follow`)
  Object.defineProperty(owner, method, {
    configurable: true,
    writable: true,
    async value(this: unknown, ...args: readonly unknown[]): Promise<unknown> {
      const { before, after } = points(args)
      for (const point of before) pass(point)
      const value: unknown = await Reflect.apply(original, this, args)
      for (const point of after) pass(point)
      return value
    },
  })
}

/** The two points of a call. */
export function both(name: CallName): () => Passed {
  return () => ({ before: [`${name}/before`], after: [`${name}/after`] })
}
