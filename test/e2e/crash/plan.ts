/** Which point is reached in which scenario. */
import { POINTS, type PointName } from './entry/points.ts'
import { deploying, exporting, ordered, rollingBack, type Scenario, tidying } from './scenarios.ts'

const FIRST_START: readonly string[] = ['store.marker/before', 'store.marker/after']
/** The daily suite crashes here: a point of every sort. All of them, every passing and every recovery, with CRASH=all. */
const DAILY: readonly PointName[] = [
  'fetch/before-intent',
  'content.put/after',
  'manifest.apply/after',
  'release.link/after',
  'applyWave/before-outcome',
  'restore/before-outcome',
  'history.compact/after',
  'order.answer/before',
  'export.page/before',
  'store.marker/before',
]

/** Whether every point is crashed at, or a point of every sort. */
export const IS_FULL = process.env['CRASH'] === 'all'
export const CHOSEN: readonly PointName[] = IS_FULL ? POINTS : DAILY

/** Null for what happens at the first start alone. */
export function scenarioOf(point: PointName): Scenario | null {
  if (FIRST_START.includes(point)) return null
  if (point.startsWith('history.')) return tidying
  if (point.startsWith('order.')) return ordered
  if (point.startsWith('export.')) return exporting
  if (point.startsWith('restore/') || point.startsWith('verifyRestore/')) return rollingBack
  return deploying
}
