import { describe, expect, it } from 'vitest'
import { actorOf, gist, inLine, inLines, isMoment, localTime } from '../../../src/web/replay/values.ts'

describe('values that anybody may have written', () => {
  it('are shown with every acting character written out', () => {
    const hostile = { 'a\u202Eb': '<b>\u001B[2J', list: ['\u2066'] }
    for (const text of [gist(hostile), inLine(hostile), inLines(hostile)])
      expect(text).not.toMatch(/[\u202E\u001B\u2066]/)
    expect(gist({ 'a\u202Eb': 'x' })).toBe('a\\u{202e}b x')
  })

  it('never show a secret in the clear', () => {
    expect(inLines({ password: 'hunter2', url: 'https://u:hunter2@host' })).not.toContain('hunter2')
  })

  it('are told in short: digests by their beginning, of objects what is set', () => {
    const at = Date.UTC(2026, 0, 5, 8)
    expect(gist({ digest: 'a'.repeat(64), none: null, plan: { deep: 1 }, verdicts: [1, 2], wave: 0 })).toBe(
      'digest aaaaaaaaaaaa, plan …, verdicts 2 listed, wave 0',
    )
    expect(gist(at, '/attempt/startedAt')).toMatch(/2026/)
    expect(gist(at, '/count')).toBe(String(at))
    expect(gist({})).toBe('empty')
  })

  it('are moments only where they can be', () => {
    expect(isMoment('/hold/until', Date.UTC(2026, 0, 5))).toBe(true)
    for (const value of [5, 1e300, Number.NaN, '2026', null]) expect(isMoment('/hold/until', value)).toBe(false)
  })

  it('name files and headings by what a file name may hold', () => {
    expect(actorOf({ stream: 'environment/dev' })).toBe('dev')
    expect(actorOf({ stream: '../../etc/<b>' })).toBe('..-..-etc--b-')
    expect(actorOf({ stream: '' })).toBe('journal')
  })

  it('are times of the viewer’s zone in fields', () => {
    const at = Date.UTC(2026, 0, 5, 8, 9, 10)
    expect(Date.parse(localTime(at))).toBe(at)
  })
})
