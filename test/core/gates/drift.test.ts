import { describe, expect, it } from 'vitest'
import { decide, type GateFacts } from '../../../src/core/gates/index.ts'
import type { DriftSettings, PlanSummary } from '../../../src/core/vocabulary.ts'
import { aPlan, someSettings } from '../../support/builders/environment.ts'

const NOW = Date.UTC(2026, 0, 5, 10)
const MINUTE = 60_000

function decided(
  mode: DriftSettings['mode'] | null,
  facts: Partial<GateFacts> = {},
  plan: Partial<PlanSummary> = { reason: 'drift' },
) {
  const drift = mode === null ? {} : { drift: { mode, initialDelayMs: MINUTE, maxDelayMs: 10 * MINUTE } }
  const nothing = { hold: null, quarantine: null, series: null, heals: null, requested: false, approved: false }
  const question = { plan: aPlan('a', plan), settings: someSettings(drift), facts: { now: NOW, ...nothing, ...facts } }
  return decide(question)
}

describe('drift', () => {
  it.each(['warn', 'ignore'] as const)('is left alone with %s, and says when it is looked at again', (mode) => {
    const decision = decided(mode, {}, { reason: 'drift', creates: 1, updates: 1 })
    expect(decision).toMatchObject({ outcome: 'wait', until: NOW + 300_000 })
    expect(decision.reason).toContain(
      `2 live resources differ from what was deployed, which is left alone (drift: ${mode})`,
    )
  })

  it('tells one resource as one', () => {
    expect(decided('warn').reason).toMatch(/^1 live resource differs /)
  })

  it.each(['warn', 'ignore'] as const)('with %s is put back when a person asks, or has approved it', (mode) => {
    expect([decided(mode, { requested: true }).outcome, decided(mode, { approved: true }).outcome]).toEqual([
      'deploy',
      'deploy',
    ])
  })

  it.each(['warn', 'ignore', 'heal', null] as const)('with %s stops no commit', (mode) => {
    expect(decided(mode, { heals: { count: 9, nextAt: NOW + MINUTE } }, { reason: 'commit' }).outcome).toBe('deploy')
  })

  it('is healed at once the first time, and by settings that know of no pause', () => {
    expect(decided('heal').outcome).toBe('deploy')
    expect(decided(null, { heals: { count: 1, nextAt: NOW + MINUTE } }).outcome).toBe('deploy')
  })

  it('that comes back waits for its pause, and no longer', () => {
    const paused = (ms: number) => decided('heal', { heals: { count: 2, nextAt: NOW + ms } })
    expect(paused(MINUTE)).toMatchObject({ outcome: 'wait', until: NOW + MINUTE })
    expect(paused(MINUTE).reason).toContain('healed 2 times in a row')
    expect(decided('heal', { heals: { count: 1, nextAt: NOW + 1 } }).reason).toContain('healed 1 time in a row')
    expect(paused(0).outcome).toBe('deploy')
  })

  it('is not kept waiting longer than any pause can be: then the clock was set back', () => {
    const paused = (ms: number) => decided('heal', { heals: { count: 2, nextAt: NOW + ms } }).outcome
    expect([paused(10 * MINUTE), paused(10 * MINUTE + 1)]).toEqual(['wait', 'deploy'])
  })

  it('that comes back is healed when a person asks for it', () => {
    expect(decided('heal', { heals: { count: 2, nextAt: NOW + MINUTE }, requested: true }).outcome).toBe('deploy')
  })
})
