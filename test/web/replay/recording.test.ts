import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 as digestHere } from '../../../src/core/canonical.ts'
import type { ReplayBundle } from '../../../src/core/replay/bundle.ts'
import { replay } from '../../../src/runtime/replay.ts'
import { pauseMs, SPEEDS } from '../../../src/web/replay/pace.ts'
import { deploymentsOf, placeAtTime, placeOf, placeToStart, sightAt } from '../../../src/web/replay/recording.ts'
import { sha256 } from '../../../src/web/replay/sha256.ts'
import { longJournal, recorded } from '../../support/builders/journals.ts'
import { recordingOf } from './recording-of.ts'

const recording = recordingOf(recorded('rollback'))

describe('the digest of the pages', () => {
  it('is the digest of the controller, for every text', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }))
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes)
        return sha256(text) === digestHere(text)
      }),
    )
  })
})

describe('a recording', () => {
  it.each(['approval', 'auto', 'held', 'rewrite', 'rollback', 'shortened'])(
    'of %s is what the controller replays, and equal to the stored snapshot',
    (name) => {
      const bundle = recorded(name)
      const { moments, ending } = recordingOf(bundle)
      const { steps, divergence, digest } = replay(bundle)
      expect(moments.map(({ step }) => step)).toEqual(steps)
      expect(ending).toEqual({ divergence, digest })
      expect(divergence).toBeNull()
    },
  )

  it('ends where record and statechart part, and says where that is', () => {
    const bundle = recorded('approval')
    const at = 5
    const entries = bundle.entries.map((entry, place) => (place === at ? { ...entry, state: 'forged' } : entry))
    const { moments, ending } = recordingOf({ ...bundle, entries })
    expect(moments).toHaveLength(at + 1)
    expect(ending.divergence).toMatchObject({ sequence: bundle.entries[at]?.sequence, expected: 'forged' })
  })

  it('of a chart that nobody knows is refused', () => {
    const bundle: ReplayBundle = { ...recorded('auto'), machine: { name: 'constructor', version: 1, chart: '' } }
    expect(() => recordingOf(bundle)).toThrow('there is no statechart called "constructor" here')
  })

  it('keeps what did not change once, however many moments share it', () => {
    const { moments } = recordingOf(longJournal(500))
    const [settings] = moments.map(({ state }) => state.context['settings'])
    expect(moments.every(({ state }) => state.context['settings'] === settings)).toBe(true)
  })
})

describe('a moment', () => {
  it('is found by its place, and outside by the nearest', () => {
    const last = recording.moments.length
    expect(sightAt(recording, 0)).toMatchObject({ at: 0, step: null, path: 'Unknown.waiting' })
    for (const place of [last, last + 7, Number.POSITIVE_INFINITY]) expect(sightAt(recording, place).at).toBe(last)
    expect(sightAt(recording, -3).at).toBe(0)
    expect(sightAt(recording, Number.NaN).at).toBe(0)
  })

  it('is found by its time: the last event that had happened', () => {
    const [first] = recording.moments
    const at = first?.step.at ?? 0
    expect(placeAtTime(recording, at - 1)).toBe(0)
    const place = placeAtTime(recording, at)
    expect(recording.moments[place - 1]?.step.at).toBe(at)
    expect(recording.moments[place]?.step.at).toBeGreaterThan(at)
    expect(placeAtTime(recording, Number.MAX_SAFE_INTEGER)).toBe(recording.moments.length)
  })

  it('is found by its event, in a shortened journal too', () => {
    const shortened = recordingOf(recorded('shortened'))
    const [first] = shortened.bundle.entries
    expect(first?.sequence).toBeGreaterThan(1)
    expect(placeOf(shortened, first?.sequence ?? 0)).toBe(1)
    expect(placeOf(shortened, 1)).toBeNull()
    expect(sightAt(shortened, 0).sequence).toBe(shortened.bundle.base?.sequence)
  })

  it('is found by the deployment that it opens', () => {
    const deployments = deploymentsOf(recording)
    expect(deployments.length).toBeGreaterThan(1)
    for (const { id, from, to } of deployments) {
      const idAt = (place: number) => JSON.stringify(sightAt(recording, place).state.context['attempt'])
      expect(idAt(from)).toContain(`"id":"${id}"`)
      expect(idAt(from - 1)).not.toContain(`"id":"${id}"`)
      if (to !== null) expect(idAt(to)).not.toContain(`"id":"${id}"`)
      expect(placeToStart(recording, { event: null, deployment: id })).toBe(from)
    }
    expect(placeToStart(recording, { event: null, deployment: 'unknown' })).toBe(recording.moments.length)
  })
})

describe('the pace of playing', () => {
  it('follows the journal, but waits out nothing long and shows every state', () => {
    expect(pauseMs(5_000, 10)).toBe(500)
    expect(pauseMs(86_400_000, 100)).toBe(2_000)
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...SPEEDS), (gap, speed) => {
        const pause = pauseMs(gap, speed)
        expect(pause).toBeGreaterThanOrEqual(150)
        expect(pause).toBeLessThanOrEqual(2_000)
      }),
    )
  })
})
