import { useCallback, useState } from 'react'
import type { EnvironmentView } from '../../api/contract.ts'
import { useUntouched } from '../browser/untouched.ts'
import { type Order, ordered } from './arrange.ts'

export interface Steady {
  readonly views: readonly EnvironmentView[]
  /** Another order would be right by now. */
  readonly isOutdated: boolean
  renew(): void
}

/**
 * The environments in an order that does not change under somebody who reads or points: it is made anew when another one is asked for,
 * when environments come or go, on demand, and while nobody touches the page.
 */
export function useSteadyOrder(views: readonly EnvironmentView[], order: Order): Steady {
  const isUntouched = useUntouched()
  const wanted = ordered(views, order)
  const [kept, setKept] = useState<{ readonly order: Order; readonly names: readonly string[] }>({ order, names: [] })
  const byName = new Map(views.map((view) => [view.name, view]))
  const isSame = wanted.every((name, at) => kept.names[at] === name)
  const isKept =
    kept.order === order && kept.names.length === views.length && kept.names.every((name) => byName.has(name))
  if (!isKept || (isUntouched && !isSame)) setKept({ order, names: wanted })
  const renew = useCallback(() => setKept({ order, names: [] }), [order])
  const names = isKept && !isUntouched ? kept.names : wanted
  return {
    views: names.map((name) => byName.get(name)).filter((view) => view !== undefined),
    isOutdated: isKept && !isSame,
    renew,
  }
}
