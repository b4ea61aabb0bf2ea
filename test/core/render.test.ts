import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planRecovery } from '../../src/core/plan/recovery.ts'
import { renderPlan, renderUnifiedDiff, visible } from '../../src/core/render/index.ts'
import type { Plan } from '../../src/core/vocabulary.ts'
import { someSettings } from '../support/builders/environment.ts'
import { aSeedLayer, planned } from '../support/builders/plans.ts'
import { cpuMs } from '../support/cpu-time.ts'

const WIDE = { color: false, width: 200 }
const linesOf = (text: string) => text.split('\n')

describe('visible text', () => {
  it.each([
    ['an escape sequence', '\u001b]0;owned\u0007', '\\x1b]0;owned\\x07'],
    ['the one-byte escape', '\u009b31m', '\\x9b31m'],
    ['line breaks and tabs', 'a\r\nb\tc', 'a\\x0d\\x0ab\\x09c'],
    ['a reversed name', 'parcels\u202egnp.yaml', 'parcels\\u{202e}gnp.yaml'],
    ['zero width', 'par\u200bcels\ufeff', 'par\\u{200b}cels\\u{feff}'],
    ['a filler that looks like nothing', 'a\u3164b\u034fc', 'a\\u{3164}b\\u{34f}c'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['half a character', 'a\ud83d', 'a\\u{d83d}'],
  ])('%s is written out', (_, text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it.each(['Straße 🗺 地図', 'Ærø, Þingvellir', 'a → b'])('%s stays as it is', (text) => {
    expect(visible(text)).toBe(text)
  })

  it('never holds anything that acts on a terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(/[\p{Cc}\p{Cf}\p{Cs}]/u.test(visible(text))).toBe(false)
      }),
    )
  })
})

describe('a plan on a terminal', () => {
  const everything = planned(
    [aSeedLayer('old'), aSeedLayer('roads'), aSeedLayer('kept', { annotations: { 'gitops.honua.io/prune': 'false' } })],
    [aSeedLayer('roads', { spec: { title: 'Roads', geometryType: 'Point' } }), aSeedLayer('new')],
  )

  it('says what happens to each thing, which fields change, and what breaks', () => {
    const lines = linesOf(renderPlan(everything, WIDE))
    expect(lines).toContain('+ Layer/default/new  create on files')
    expect(lines).toContain('~ Layer/default/roads  update on files')
    expect(lines).toContain('    /spec/geometryType: Polygon → Point')
    expect(lines).toContain('    breaking: geometry type changes from Polygon to Point')
    expect(lines).toContain('- Layer/default/old  delete on files')
    expect(lines).toContain('    breaking: Layer "old" is removed')
  })

  it('of a recovery says which backup is put back and what is lost, and never that nothing changes', () => {
    const plan = planRecovery({
      ...{ environment: 'dev', commit: 'c'.repeat(40), release: 'r'.repeat(64), target: 'db' },
      backup: { id: 'monday', madeAt: 0, digest: 'd1', loses: ['a day of work is lost'] },
      live: { target: 'db', resources: [] },
      settings: someSettings(),
    })
    expect(linesOf(renderPlan(plan, WIDE))).toEqual([
      `Plan ${plan.digest.slice(0, 12)} for dev puts a backup back under commit cccccccccccc`,
      '',
      '! restore-backup on db: monday',
      '',
      'What Git declares is not written. Risk Critical, breaking; rollback: manual.',
      '  note: db goes back to its backup monday, made at 1970-01-01T00:00:00.000Z (sha256 d1)',
      '  note: db: a day of work is lost',
      '',
    ])
  })

  it('says what is kept and why, what the targets cannot do, the risk and the way back', () => {
    const text = renderPlan(everything, WIDE)
    expect(text).toContain('kept: Layer/default/kept on files: no longer in Git, kept because it is protected')
    expect(text).toContain('note: files (a target) takes changes one by one')
    expect(text).toContain('1 to create, 1 to update, 1 to delete, 0 unchanged. Risk High, breaking; rollback: reapply')
    expect(text).toContain('deletes 34 % of what is deployed')
  })

  it('without changes says so', () => {
    expect(renderPlan(planned([aSeedLayer('a')], [aSeedLayer('a')]), WIDE)).toContain('No changes')
  })

  it('has colours only where they are asked for', () => {
    expect(renderPlan(everything, WIDE)).not.toContain('\u001b')
    expect(renderPlan(everything, { ...WIDE, color: true })).toContain('\u001b[31m- Layer/default/old\u001b[0m')
  })

  it('cuts long values to the terminal, and no character in half', () => {
    const plan = planned([aSeedLayer('a', { spec: { t: 'x' } })], [aSeedLayer('a', { spec: { t: '🗺'.repeat(500) } })])
    const line = linesOf(renderPlan(plan, { color: false, width: 80 })).find((one) => one.includes('/spec/t')) ?? ''
    expect([line.length <= 80, line.endsWith('…'), /\p{Cs}/u.test(line)]).toEqual([true, true, false])
  })

  it('tells a secret that changed as changed, and shows none', () => {
    const secret = (password: string) => aSeedLayer('a', { spec: { password } })
    const text = renderPlan(planned([secret('canary-1')], [secret('canary-2')]), WIDE)
    expect(text).toContain('/spec/password: changed (hidden)')
    expect(text).not.toContain('canary')
  })

  it('shows the name of a secret', () => {
    const secret = (password: string) => aSeedLayer('a', { spec: { password } })
    expect(renderPlan(planned([secret('${OLD}')], [secret('${NEW}')]), WIDE)).toContain('${OLD} → ${NEW}')
  })

  it('tells a text from a number that looks the same', () => {
    const text = renderPlan(
      planned([aSeedLayer('a', { spec: { n: '1' } })], [aSeedLayer('a', { spec: { n: 1 } })]),
      WIDE,
    )
    expect(text).toContain('/spec/n: "1" → 1')
  })

  it('lets nothing from the repository or a server act on the terminal', () => {
    const hostile = '\u001b[2J\u202e'
    const [change] = everything.changes
    if (change === undefined) throw new Error('the plan has changes')
    const plan: Plan = {
      ...everything,
      environment: hostile,
      notes: [hostile],
      changes: [
        {
          ...change,
          key: hostile,
          target: hostile,
          breaking: [hostile],
          fields: [{ pointer: hostile, after: { [hostile]: hostile } }],
        },
      ],
      retained: [{ target: hostile, key: hostile, why: 'not-ours' }],
    }
    expect(renderPlan(plan, WIDE).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})

describe('a unified diff', () => {
  const change = {
    target: 'files',
    key: 'Layer/default/a',
    path: 'environments/dev/a.yaml',
    before: 'x: 1\ny: 2\n',
    after: 'x: 1\ny: 3\n',
  }

  it('names both sides and shows the lines that differ, with those around them', () => {
    expect(linesOf(renderUnifiedDiff([change]))).toEqual([
      '--- live/files/Layer/default/a',
      '+++ desired/environments/dev/a.yaml',
      '@@ -1,2 +1,2 @@',
      ' x: 1',
      '-y: 2',
      '+y: 3',
      '',
    ])
  })

  it('of something new or gone has /dev/null on the other side', () => {
    expect(renderUnifiedDiff([{ ...change, before: null }])).toMatch(/^--- \/dev\/null\n\+\+\+ desired\//)
    expect(renderUnifiedDiff([{ ...change, after: null }])).toMatch(/^--- live\/.*\n\+\+\+ \/dev\/null\n/)
  })

  it('names the thing where no file declares it', () => {
    expect(renderUnifiedDiff([{ ...change, path: null }])).toContain('+++ desired/Layer/default/a')
  })

  it('lets nothing act on the terminal, names included', () => {
    const hostile = '\u001b[2J\u202e'
    const text = renderUnifiedDiff([
      { target: hostile, key: hostile, path: hostile, before: hostile, after: `${hostile}\n` },
    ])
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('of two long texts without a common line is made in no time to speak of, and still whole', () => {
    const text = (mark: string) => `${Array.from({ length: 8_000 }, (_, at) => `${mark}${at}`).join('\n')}\n`
    let lines: readonly string[] = []
    const spent = cpuMs(() => {
      lines = linesOf(renderUnifiedDiff([{ ...change, before: text('a'), after: text('b') }]))
    })
    expect(spent).toBeLessThan(5_000)
    expect(lines.slice(0, 4)).toEqual([
      '--- live/files/Layer/default/a',
      '+++ desired/environments/dev/a.yaml',
      '@@ -1,8000 +1,8000 @@',
      '-a0',
    ])
    expect([
      lines.filter((line) => line.startsWith('-a')).length,
      lines.filter((line) => line.startsWith('+b')).length,
    ]).toEqual([8_000, 8_000])
  })
})
