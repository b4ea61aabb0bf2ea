import { describe, expect, it } from 'vitest'
import { examinedTable, happenedTable, merged, parseWritten, type Written } from './tables.ts'

const one: Written = {
  ...{ seeds: 2, hours: 12, events: 900 },
  happened: { configuration: 1, 'disk: full': 1_200 },
  examined: { I1: 5 },
  states: ['Synced.quiet'],
  broken: [{ seed: 7, promise: 'I1', message: 'no' }],
}
const other: Written = {
  ...{ seeds: 1, hours: 6, events: 100 },
  happened: { 'disk: full': 34, 'disk: slow': 2, crash: 9 },
  examined: { I1: 1, I2: 3 },
  states: ['Unknown.waiting', 'Synced.quiet'],
  broken: [],
}

describe('what several processes simulated', () => {
  it('is added up, and no broken promise is lost', () => {
    expect(merged([parseWritten(JSON.stringify(one)), other])).toMatchObject({
      ...{ seeds: 3, hours: 18, events: 1_000 },
      happened: { configuration: 1, crash: 9, 'disk: full': 1_234, 'disk: slow': 2 },
      examined: { I1: 6, I2: 3 },
      states: ['Synced.quiet', 'Unknown.waiting'],
      broken: one.broken,
    })
  })

  it('is shown by kind, with its parts', () => {
    expect(
      happenedTable(merged([one, other]))
        .split('\n')
        .slice(2),
    ).toEqual([
      '| the configuration changes | 1 |  |',
      '| the controller is killed | 9 |  |',
      '| the disk | 1,236 | full 1,234, slow 2 |',
    ])
  })

  it('is shown by promise, with none that cannot be examined', () => {
    const rows = examinedTable(merged([one, other])).split('\n')
    expect(rows[2]).toMatch(/^\| I1 \| 6 \| nothing is applied without/)
    expect(rows[4]).toMatch(/^\| I3 \| – \|/)
    expect(rows[5]).toMatch(/^\| I4 \| 0 \|/)
  })
})
