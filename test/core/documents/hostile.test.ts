import { describe, expect, it } from 'vitest'
import { defaultLimits, limitsFor, parseFile } from '../../../src/core/documents/index.ts'
import { cpuMs } from '../../support/cpu-time.ts'

/** CPU time. Generous: the files below take 10 to 500 ms; unbounded ones take minutes or end the process. */
const BOUND_MS = 10_000

const many = (count: number, part: (n: number) => string, separator = '') =>
  Array.from({ length: count }, (_, n) => part(n)).join(separator)

function refusedWithin(text: string): string | undefined {
  let code: string | undefined
  const spent = cpuMs(() => {
    code = parseFile(text, { ...defaultLimits, bytesMax: 64 * 1024 * 1024 }).problems[0]?.code
  })
  expect(spent).toBeLessThan(BOUND_MS)
  return code
}

const laughs = `a: &a [${many(9, () => 'x', ',')}]\n${many(9, (n) => {
  const name = 'bcdefghij'[n] ?? ''
  return `${name}: &${name} [${many(9, () => `*${'abcdefghi'[n] ?? ''}`, ',')}]\n`
})}`

/** Each of 60 anchors holds the one before below 90 brackets: 5,400 levels out of 90. */
const tower = `a0: &a0 x\n${many(60, (n) => `a${n + 1}: &a${n + 1} ${'['.repeat(90)}*a${n}${']'.repeat(90)}\n`)}`

describe('hostile files are refused in bounded time', () => {
  it.each([
    ['20,000 open brackets', '['.repeat(20_000), 'HONUA_YAML_TOO_DEEP'],
    ['20,000 nested brackets', '['.repeat(20_000) + ']'.repeat(20_000), 'HONUA_YAML_TOO_DEEP'],
    ['20,000 nested mappings', '{a: '.repeat(20_000), 'HONUA_YAML_TOO_DEEP'],
    ['20,000 nested dashes', `${'- '.repeat(20_000)}x`, 'HONUA_YAML_TOO_DEEP'],
    ['20,000 nested explicit keys', `${'? '.repeat(20_000)}x`, 'HONUA_YAML_TOO_DEEP'],
    ['20,000 empty keys in each other', '{"":'.repeat(20_000), 'HONUA_YAML_TOO_DEEP'],
    ['indentation steps', many(1_400, (n) => `${' '.repeat(n)}a:\n`), 'HONUA_YAML_TOO_DEEP'],
    ['levels hidden in aliases', tower, 'HONUA_YAML_TOO_DEEP'],
    ['billion laughs', laughs, 'HONUA_YAML_TOO_COMPLEX'],
    ['100,000 aliases', `a: &a b\nc: [${'*a, '.repeat(50_000)}]\n`, 'HONUA_YAML_ALIAS_LIMIT'],
    ['100,000 keys', many(100_000, (n) => `k${n}: 1\n`), 'HONUA_YAML_TOO_COMPLEX'],
    ['100,000 flow keys', `{${many(100_000, (n) => `k${n}: 1`, ', ')}}`, 'HONUA_YAML_TOO_COMPLEX'],
    ['120,000 items', `[${'1,'.repeat(120_000)}]`, 'HONUA_YAML_TOO_COMPLEX'],
    ['a number of a million digits', `a: 1${'0'.repeat(1_000_000)}1\n`, 'HONUA_YAML_NUMBER'],
    ['1,001 documents', '---\na\n'.repeat(1_001), 'HONUA_YAML_TOO_MANY_DOCUMENTS'],
    ['a million commas', `[${','.repeat(1_000_000)}`, 'HONUA_YAML_TOO_COMPLEX'],
    ['mistakes only', '[]'.repeat(100_000), 'HONUA_YAML_SYNTAX'],
    ['tags only', `a: ${'!a '.repeat(60_000)}x\n`, 'HONUA_YAML_SYNTAX'],
    ['quotes only', '"'.repeat(200_000), 'HONUA_YAML_SYNTAX'],
  ])('%s', (_, text, code) => {
    expect(refusedWithin(text)).toBe(code)
  })

  it('what is too much is told where it begins', () => {
    const [problem] = parseFile(many(100_000, (n) => `k${n}: 1\n`)).problems
    // Seven tokens a line, and one for the document.
    expect(problem).toMatchObject({ code: 'HONUA_YAML_TOO_COMPLEX', line: Math.ceil(250_000 / 7) })
  })

  it('a file above the size limit is refused unread', () => {
    const { documents, problems } = parseFile(new Uint8Array(2 * 1024 * 1024))
    expect(documents).toEqual([])
    expect(problems).toMatchObject([{ code: 'HONUA_FILE_TOO_LARGE', line: 1, column: 1 }])
  })

  it('a file just inside every limit is read', () => {
    const nested = `${'['.repeat(99)}1${']'.repeat(99)}`
    const text = `deep: ${nested}\nkeys: {${many(20_000, (n) => `k${n}: v`, ', ')}}\n`
    expect(parseFile(text).problems).toEqual([])
  })

  it('the hundredth alias is read and the next one refused', () => {
    const aliases = (count: number) => `a: &a b\nc: [${many(count, () => '*a', ', ')}]\n`
    expect(parseFile(aliases(100)).problems).toEqual([])
    expect(parseFile(aliases(101)).problems).toMatchObject([{ code: 'HONUA_YAML_ALIAS_LIMIT', line: 2 }])
  })

  it('stars that begin a text are no aliases', () => {
    const text = many(101, (n) => `- "*a"\n- '*b'\n- x*y\n- | # *c\n  *d ${n}\n`)
    expect(parseFile(`${text}--- |\n*e\n`).problems).toEqual([])
  })

  it('who allows larger files is given more values', () => {
    const text = `[${'1,'.repeat(150_000)}]`
    expect(parseFile(text, limitsFor(defaultLimits.bytesMax)).problems).toHaveLength(1)
    expect(parseFile(text, limitsFor(2 * defaultLimits.bytesMax)).problems).toEqual([])
    expect(limitsFor(1000)).toEqual({ ...defaultLimits, bytesMax: 1000 })
  })

  it('the hundredth level is read and the next one refused', () => {
    expect(parseFile('['.repeat(100) + ']'.repeat(100)).problems).toEqual([])
    expect(parseFile('['.repeat(101) + ']'.repeat(101)).problems).toMatchObject([{ code: 'HONUA_YAML_TOO_DEEP' }])
  })

  it('stack traces of other code are as long afterwards as before', () => {
    const before = Error.stackTraceLimit
    parseFile('a: [1\n')
    expect(Error.stackTraceLimit).toBe(before)
  })
})
