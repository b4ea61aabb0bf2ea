import { describe, expect, it } from 'vitest'
import type { EnvironmentWindows } from '../../src/api/contract.ts'
import { midnights } from '../../src/web/browser/calendar.ts'
import { windowsNow } from '../../src/web/windows/words.ts'

const NOW = 1_000
const until = 10_000
const of = (over: Partial<EnvironmentWindows> = {}): EnvironmentWindows => ({
  name: 'dev',
  autoSync: true,
  windows: [{ days: ['Mon'], fromMinute: 0, toMinute: 60, timeZone: 'UTC' }],
  outside: 'ask',
  open: [],
  opensAt: null,
  ...over,
})
const told = (over: Partial<EnvironmentWindows>) => windowsNow(of(over), { now: NOW, until })

describe('the windows now', () => {
  it('are open until the window ends, and without an end where it is open beyond what is known', () => {
    expect(told({ open: [{ from: 900, until: 1_001 }] })).toEqual({ is: 'open', until: 1_001 })
    expect(told({ open: [{ from: 900, until }] })).toEqual({ is: 'open', until: null })
  })

  it('are shut in the moment at which they end, until the next one opens', () => {
    const open = [
      { from: 900, until: NOW },
      { from: 2_000, until: 3_000 },
    ]
    expect(told({ open })).toEqual({ is: 'shut', opensAt: 2_000 })
    expect(told({ open: [], opensAt: 20_000 })).toEqual({ is: 'shut', opensAt: 20_000 })
    expect(told({})).toEqual({ is: 'shut', opensAt: null })
  })

  it('are always open where there are none, though each deployment may be asked for', () => {
    expect([told({ windows: [] }), told({ windows: [], autoSync: false })]).toEqual([{ is: 'always' }, { is: 'asks' }])
  })
})

describe('the days of a calendar', () => {
  it('begin at the midnights of the viewer, each after the one before', () => {
    const days = midnights(Date.UTC(2026, 2, 27, 13), 7)
    expect(days).toHaveLength(8)
    for (const [at, day] of days.entries()) {
      const shown = new Date(day)
      expect([shown.getHours(), shown.getMinutes()]).toEqual([0, 0])
      if (at > 0) expect((day - (days[at - 1] ?? 0)) / 3_600_000).toBeOneOf([23, 24, 25])
    }
  })
})
