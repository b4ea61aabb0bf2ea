import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import { defaultLimits } from '../../../src/core/documents/index.ts'
import { readPlain } from '../../../src/core/documents/plain.ts'

/** What the library makes of a text, as strict as we use it. */
function composed(text: string) {
  const document = parseDocument(text, { version: '1.2', schema: 'core', merge: false, logLevel: 'silent' })
  const mistakes = [...document.errors, ...document.warnings].map(({ message }) => message)
  return { mistakes, value: document.toJS(), offset: document.contents?.range[0] }
}

const indent = fc.constantFrom('', '', ' ', '  ', '  ', '    ', '      ', '\t')
const key = fc.constantFrom(
  'a',
  'b',
  'name',
  'spec',
  'x-y',
  '_z',
  'no',
  'y',
  'true',
  'Null',
  '__proto__',
  '<<',
  '1',
  'a b',
  '"q"',
  '- a',
  '? a',
)
const scalar = fc.oneof(
  fc.constantFrom(
    ...[
      'x',
      'a b',
      'a  b',
      'a ',
      ' a',
      'a: b',
      'a:b',
      'a:',
      'a #b',
      'a#b',
      'https://x/y',
      'EPSG:4326',
      'no',
      'off',
      'Yes',
    ],
    ...[
      'null',
      'Null',
      '~',
      'true',
      'TRUE',
      'False',
      '0',
      '-0',
      '00',
      '010',
      '0o10',
      '0x1F',
      '1_000',
      '1e3',
      '1.50',
      '.5',
      '1.',
    ],
    ...[
      '-7',
      '+7',
      '4326',
      '999999999999999',
      '9999999999999999',
      '0.1',
      '0.30000000',
      '-.inf',
      '.nan',
      'Infinity',
      '2024-01-01',
    ],
    ...[
      '"a"',
      '"a\\n"',
      "'it''s'",
      "'a'",
      '"a" b',
      '""',
      "''",
      '"a: #b"',
      '[]',
      '{}',
      '[a]',
      '|',
      '>-',
      '&a x',
      '*a',
      '!t x',
    ],
    ...['-', '- a', '---', '...', '%', '@a', '`a', 'a-', 'a - b', 'a.b_c/d', 'é', 'a\tb', '12:30:45', '1.2.3', '', ' '],
  ),
  fc.string({ maxLength: 6 }),
)
const line = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(indent, key, fc.constant(': '), scalar).map((parts) => parts.join('')) },
  { weight: 4, arbitrary: fc.tuple(indent, key, fc.constantFrom(':', ':', ': ', ' :')).map((parts) => parts.join('')) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(indent, fc.constantFrom('# note', '#', '', ' ', '---', '...', 'text', '- a: b'))
      .map((parts) => parts.join('')),
  },
)
/** Mostly of the plain form, so that the short way is taken often. */
const plainLine = fc
  .tuple(
    fc.constantFrom('', '', '  ', '  ', '    '),
    fc.constantFrom(...'abcdefghijklmnop'),
    fc.constantFrom(
      ':',
      ':',
      ': x',
      ': a b',
      ': 7',
      ': -1.5',
      ': true',
      ': null',
      ": 'q'",
      ': "q: #"',
      ': a:b',
      ': no',
    ),
  )
  .map((parts) => parts.join(''))
const texts = (of: fc.Arbitrary<string>, maxLength: number) =>
  fc
    .tuple(fc.array(of, { maxLength }), fc.constantFrom('\n', '\n', '\r\n'), fc.boolean())
    .map(([lines, end, closed]) => lines.join(end) + (closed ? end : ''))

describe('the short way for plain documents', () => {
  it.each([
    ['any line', texts(line, 3), 20_000],
    ['plain lines', texts(plainLine, 8), 20_000],
  ])('what it reads of %s, the library reads too, at the same place', (_, text, numRuns) => {
    let taken = 0
    fc.assert(
      fc.property(text, (each) => {
        const plain = readPlain(each, defaultLimits)
        if (plain === undefined) return
        taken += 1
        expect({ mistakes: [], ...plain }).toEqual(composed(each))
      }),
      { numRuns },
    )
    expect(taken).toBeGreaterThan(50)
  })

  it('takes a resource as people write it', () => {
    const text = `# parcels of the city
apiVersion: honua.io/v1
kind: Layer
metadata:
  name: parcels
  labels:

spec:
  title: "Parcels: all"
  geometryType: Polygon
  storage:
    # of the cadastre
    table: public.parcels
    srid: 4326
  visible: true
`
    expect(readPlain(text, defaultLimits)).toEqual({
      value: {
        apiVersion: 'honua.io/v1',
        kind: 'Layer',
        metadata: { name: 'parcels', labels: null },
        spec: {
          title: 'Parcels: all',
          geometryType: 'Polygon',
          storage: { table: 'public.parcels', srid: 4326 },
          visible: true,
        },
      },
      offset: 22,
    })
  })

  it.each([
    ['a list', 'a:\n  - b\n'],
    ['an alias', 'a: *b\n'],
    ['two documents', 'a: b\n---\na: b\n'],
    ['a key twice', 'a: b\na: c\n'],
    ['a key of the prototype', '__proto__: b\n'],
    ['a number that would be rounded', 'a: 9007199254740993\n'],
    ['more levels than allowed', `${Array.from({ length: 30 }, (_, n) => `${' '.repeat(n)}a:\n`).join('')}`],
    ['nothing', '# only a note\n'],
  ])('leaves %s to the library', (_, text) => {
    expect(readPlain(text, defaultLimits)).toBeUndefined()
  })
})
