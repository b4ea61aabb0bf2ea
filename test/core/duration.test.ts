import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration } from '../../src/core/duration.ts'

describe('a duration', () => {
  it('that was written is read as the same', () => {
    fc.assert(fc.property(fc.maxSafeNat(), (ms) => parseDuration(formatDuration(ms)) === ms))
  })

  it('is the sum of its parts', () => {
    const part = fc.option(fc.nat(999_999), { nil: 0 })
    fc.assert(
      fc.property(part, part, part, part, part, (d, h, m, s, ms) => {
        const text = `${d}d${h}h${m}m${s}s${ms}ms`
        expect(parseDuration(text)).toBe((((d * 24 + h) * 60 + m) * 60 + s) * 1000 + ms)
      }),
    )
  })

  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
    ['1h30m', 5_400_000],
    ['0s', 0],
    ['090s', 90_000],
    ['1m5ms', 60_005],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each(['', '30', '5 m', ' 5m', '5m\n', '-1s', '+1s', 'm', '1.5h', '1,5h', '1h-2m', '5M', '1e3s', '٣s', '1w'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined()
    },
  )

  it.each(['5m5m', '30m1h', '1ms1s'])('%s is none: each unit once, the largest first', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it('too long to be exact is none', () => {
    expect(parseDuration('999999999d')).toBeUndefined()
  })

  it.each([
    [5_400_000, '1h30m'],
    [0, '0s'],
    [999.6, '1s'],
    [-1_000, '-1s'],
    [-0.2, '0s'],
  ])('%d ms is written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})
