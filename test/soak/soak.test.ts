import { describe, expect, it } from 'vitest'
import { soakPicture } from './picture.ts'
import type { Sample } from './samples.ts'
import { soak } from './soak.ts'
import { brokenPromises, growth } from './verdict.ts'

const ENVIRONMENTS = 20
const HOURS = 2.5
const GOOD = { overdue: 0, atRest: ENVIRONMENTS, seconds: 0 }
const NONE = { commits: 0, drifts: 0, approvals: 0, rejections: 0, rollbacks: 0, holds: 0, illnesses: 0 }

function series(of: (hour: number) => Partial<Sample>): readonly Sample[] {
  const still = { heapMb: 50, storeMb: 10, entries: 1_000, auditLines: 10, handles: 30, timers: 25, lateMs: 0 }
  return Array.from({ length: 24 }, (_, hour) => ({ hour, ...still, ...of(hour) }))
}

const verdict = (samples: readonly Sample[], over: Partial<typeof GOOD> = {}) =>
  brokenPromises({ samples, done: NONE, ...GOOD, ...over }, { environments: ENVIRONMENTS, heapGrowthMax: 0.05 })

describe('a soak', () => {
  it('of hours with commits, drift, approvals, rollbacks and refusals leaves memory flat and the history within its limits', async () => {
    const soaked = await soak({ hours: HOURS, environments: ENVIRONMENTS, samples: 12 })
    for (const [what, count] of Object.entries(soaked.done)) expect(count, what).toBeGreaterThan(0)
    expect(brokenPromises(soaked, { environments: ENVIRONMENTS, heapGrowthMax: 0.1 })).toEqual([])
    expect(Math.max(...soaked.samples.map(({ entries }) => entries))).toBeLessThan(ENVIRONMENTS * 100)
  }, 60_000)

  it.each<[string, ReturnType<typeof series>]>([
    ['the heap grows', series((hour) => ({ heapMb: 50 + hour }))],
    ['journals grow', series((hour) => ({ entries: 1_000 + 50 * hour }))],
    ['open handles move', series((hour) => ({ handles: 30 + 5 * hour }))],
    ['timers are set', series((hour) => ({ timers: 25 + 10 * hour }))],
    ['a timer came', series((hour) => ({ lateMs: hour === 3 ? 60_000 : 0 }))],
  ])('in which %s breaks its promise', (told, samples) => {
    expect(verdict(samples)).toEqual([expect.stringContaining(told)])
  })

  it('that is still, or shrinks, keeps all promises; what stays too long or hangs breaks one', () => {
    expect(verdict(series(() => ({})))).toEqual([])
    expect(verdict(series((hour) => ({ heapMb: 80 - hour })))).toEqual([])
    expect([
      verdict(
        series(() => ({})),
        { overdue: 3 },
      ),
      verdict(
        series(() => ({})),
        { atRest: 24 },
      ),
    ]).toEqual([[expect.stringContaining('beyond every limit')], [expect.stringContaining('still owe')]])
  })

  it('growth is what a line through the second half rises, as a share of its mean', () => {
    expect(
      growth(
        series((hour) => ({ heapMb: 100 + hour })),
        ({ heapMb }) => heapMb,
      ),
    ).toBeCloseTo(11 / 117.5)
  })

  it('is drawn with a line for each quantity, and nothing in it that an SVG cannot hold', () => {
    const svg = soakPicture(
      series((hour) => ({ heapMb: 40 + hour })),
      'a < b & "c"',
    )
    expect(svg.match(/<polyline/g)).toHaveLength(6)
    expect(svg).toContain('a &lt; b &amp; &quot;c&quot;')
    expect(svg).not.toContain('NaN')
  })
})
