import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { placeFile, readFile } from '../../../src/core/desired.ts'
import { parseFile } from '../../../src/core/documents/index.ts'

/** Pieces that YAML gives a meaning to, in any order. */
const yamlish = fc
  .array(
    fc.constantFrom(
      ...[
        'a',
        'b: ',
        ': ',
        '- ',
        '? ',
        '\n',
        '\n  ',
        '\t',
        '[',
        ']',
        '{',
        '}',
        ',',
        '&x ',
        '*x',
        '!t ',
        '!!str ',
        '|',
        '>',
        '"',
        "'",
      ],
      ...[
        '#',
        '---\n',
        '...\n',
        '%YAML 1.1\n',
        '<<',
        '__proto__',
        'constructor',
        '1e999',
        '0x',
        '\\',
        '\\ud800',
        '\u0000',
        '\r',
        '\ufeff',
      ],
      ...['apiVersion: honua.io/v1\n', 'kind: Layer\n', 'metadata:\n  name: x\n', 'spec: {}\n', '${A}'],
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''))

/** Refused keys, characters, and whole numbers that a parser may have rounded. */
const REFUSED = /__proto__|constructor|prototype|<<|\\u0000|\\ud[89a-f]|(?<![\d.])\d{16,}(?![\d.e])/i

/** JSON that holds nothing we refuse. */
const plainJson = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.stringify(value))
  .filter((text) => !REFUSED.test(text))

function neverThrows(content: string | Uint8Array): void {
  const { problems, parts } = readFile(content)
  placeFile('environments/x/y.yaml', readFile(content))
  for (const problem of problems) {
    expect(problem.code).toMatch(/^HONUA_[A-Z_]+$/)
    expect(problem.line).toBeGreaterThanOrEqual(1)
    expect(problem.column).toBeGreaterThanOrEqual(1)
  }
  expect(parts.every(({ part }) => part.key.split('/').length === 3)).toBe(true)
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
}

describe('whatever a file holds', () => {
  it('bytes give problems, never an exception', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), neverThrows), { numRuns: 500 })
  })

  it('YAML-like text gives problems, never an exception, and leaves prototypes alone', () => {
    fc.assert(fc.property(yamlish, neverThrows), { numRuns: 3_000 })
  })

  it('the same text gives the same result', () => {
    const told = (text: string) => {
      const { documents, problems } = parseFile(text)
      return JSON.stringify([documents, problems])
    }
    fc.assert(
      fc.property(yamlish, (text) => {
        const first = told(text)
        expect(told(text)).toBe(first)
      }),
      { numRuns: 300 },
    )
  })

  it('JSON is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(plainJson, (text) => {
        const { documents, problems } = parseFile(text)
        expect(problems).toEqual([])
        const value: unknown = JSON.parse(text)
        expect(documents[0]?.value ?? null).toEqual(Object.is(value, -0) ? 0 : value)
      }),
      { numRuns: 500 },
    )
  })

  it('what the yaml library writes is read back as it was', () => {
    fc.assert(
      fc.property(plainJson, (text) => {
        const value: unknown = JSON.parse(text)
        const { documents, problems } = parseFile(stringify(value))
        expect(problems).toEqual([])
        expect(documents[0]?.value ?? null).toEqual(Object.is(value, -0) ? 0 : value)
      }),
      { numRuns: 500 },
    )
  })
})
