import { describe, expect, it } from 'vitest'
import { parseFile } from '../../../src/core/documents/index.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)
const valueIn = (text: string) => {
  const { documents, problems } = parseFile(text)
  expect(problems).toEqual([])
  return documents[0]?.value
}
const mistakesOf = (content: string | Uint8Array) =>
  parseFile(content).problems.map(({ code, line, column }) => `${line}:${column} ${code}`)

describe('plain YAML 1.2', () => {
  it.each([
    ['no', 'no'],
    ['off', 'off'],
    ['yes', 'yes'],
    ['y', 'y'],
    ['2024-01-01', '2024-01-01'],
    ['1:30', '1:30'],
    ['1_000', '1_000'],
    ['~', null],
    ['', null],
    ['True', true],
    ['false', false],
    ['010', 10],
    ['0o10', 8],
    ['0x1F', 31],
    ['+12', 12],
    ['-0', 0],
    ['.5', 0.5],
    ['1e3', 1000],
    ['1.10', 1.1],
    ['9007199254740991', 9007199254740991],
    ['16.37381899999999', 16.37381899999999],
    ['!!str 1', '1'],
    ["'a''b'", "a'b"],
    ['"\\ud83d\\ude00"', '😀'],
  ])('%s is read as %j', (text, value) => {
    expect(valueIn(`key: ${text}\n`)).toEqual({ key: value })
  })

  it('keys such as no, on and toString are plain strings', () => {
    expect(valueIn('no: 1\non: 2\ntoString: 3\n')).toEqual({ no: 1, on: 2, toString: 3 })
  })

  it('an alias stands for its anchor in the same document', () => {
    expect(valueIn('a: &x [1, 2]\nb: *x\n')).toEqual({ a: [1, 2], b: [1, 2] })
  })
})

describe('files', () => {
  it('JSON indented with tabs is read as JSON', () => {
    expect(valueIn('{\n\t"a": [\n\t\t1,\n\t\t{"b": "\\/"}\n\t]\n}\n')).toEqual({ a: [1, { b: '/' }] })
  })

  it('several documents keep their places and empty ones are left out', () => {
    const { documents } = parseFile('# first\na: 1\n---\n---\n\n  b: 2\n...\n')
    expect(documents).toEqual([
      { value: { a: 1 }, index: 0, line: 2, column: 1 },
      { value: { b: 2 }, index: 2, line: 6, column: 3 },
    ])
  })

  it.each([
    ['', 'nothing'],
    ['\n\n', 'blank lines'],
    ['# note\n', 'a comment'],
    ['---\n', 'a bare marker'],
    ['\ufeff', 'a BOM'],
  ])('a file of %j (%s) holds no documents and no mistakes', (text) => {
    expect(parseFile(text)).toMatchObject({ documents: [], problems: [] })
  })

  it('a byte order mark is taken off, as text and as bytes', () => {
    expect(valueIn('\ufeffa: 1\n')).toEqual({ a: 1 })
    expect(parseFile(bytes(0xef, 0xbb, 0xbf, 0x61, 0x3a, 0x20, 0x31)).documents[0]?.value).toEqual({ a: 1 })
  })

  it('lines that end in CR LF count once', () => {
    expect(mistakesOf('a: 1\r\nb: 2\r\na: 3\r\n')).toEqual(['3:1 HONUA_YAML_DUPLICATE_KEY'])
  })
})

describe('each mistake has one code and its place', () => {
  it.each([
    ['a: 1\nb: 2\na: 3\n', '3:1 HONUA_YAML_DUPLICATE_KEY'],
    ['x:\n  - a: 1\n    "a": 2\n', '3:5 HONUA_YAML_DUPLICATE_KEY'],
    ['1: x\n', '1:1 HONUA_YAML_KEY_TYPE'],
    ['true: x\n', '1:1 HONUA_YAML_KEY_TYPE'],
    ['null: x\n', '1:1 HONUA_YAML_KEY_TYPE'],
    ['? [a]\n: x\n', '1:3 HONUA_YAML_KEY_TYPE'],
    ['a: {__proto__: {x: 1}}\n', '1:5 HONUA_YAML_KEY_FORBIDDEN'],
    ['{"constructor": 1}', '1:2 HONUA_YAML_KEY_FORBIDDEN'],
    ['prototype: 1\n', '1:1 HONUA_YAML_KEY_FORBIDDEN'],
    ['a: &x {b: 1}\nc:\n  <<: *x\n', '3:3 HONUA_YAML_MERGE_KEY'],
    ['a: *nowhere\n', '1:4 HONUA_YAML_ALIAS'],
    ['a: &x [*x]\n', '1:8 HONUA_YAML_ALIAS'],
    ['a: &x 1\n---\nb: *x\n', '3:4 HONUA_YAML_ALIAS'],
    ['a: !!js/function "x"\n', '1:4 HONUA_YAML_TAG'],
    ['a: !custom 1\n', '1:4 HONUA_YAML_TAG'],
    ['a: !!binary aGk=\n', '1:4 HONUA_YAML_TAG'],
    ['a: !!set {b}\n', '1:4 HONUA_YAML_TAG'],
    ['%YAML 1.1\n---\na: no\n', '1:1 HONUA_YAML_DIRECTIVE'],
    ['%TAG ! tag:example.org,2000:\n---\na: 1\n', '1:1 HONUA_YAML_DIRECTIVE'],
    ['a: 9007199254740992\n', '1:4 HONUA_YAML_NUMBER'],
    ['a: -9007199254740993\n', '1:4 HONUA_YAML_NUMBER'],
    ['a: 0x20000000000001\n', '1:4 HONUA_YAML_NUMBER'],
    ['a: 0.1234567890123456789\n', '1:4 HONUA_YAML_NUMBER'],
    ['a: 1e400\n', '1:4 HONUA_YAML_NUMBER'],
    ['a: 1e-400\n', '1:4 HONUA_YAML_NUMBER'],
    ['a: .inf\n', '1:4 HONUA_YAML_NUMBER'],
    ['a: .NaN\n', '1:4 HONUA_YAML_NUMBER'],
    ['a: b\u0000c\n', '1:5 HONUA_FILE_CHARACTER'],
    ['a: b\u001bc\n', '1:5 HONUA_FILE_CHARACTER'],
    ['a: "b\\0c"\n', '1:4 HONUA_FILE_CHARACTER'],
    ['a: "\\ud800"\n', '1:4 HONUA_FILE_CHARACTER'],
    ['a: \ud800\n', '1:4 HONUA_FILE_CHARACTER'],
    ['a:\n\tb: 1\n', '2:1 HONUA_YAML_SYNTAX'],
    ['a: "open\n', '2:1 HONUA_YAML_SYNTAX'],
    ['a: [1, 2\n', '2:1 HONUA_YAML_SYNTAX'],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n', '1:1 HONUA_FILE_LFS_POINTER'],
  ])('%j → %s', (text, mistake) => {
    expect(mistakesOf(text)).toEqual([mistake])
    expect(parseFile(text).documents.length).toBeLessThan(2)
  })

  it('bytes that are no UTF-8 are named by their line', () => {
    expect(mistakesOf(bytes(0x61, 0x0a, 0x62, 0x0a, 0xff, 0xfe))).toEqual(['3:1 HONUA_FILE_ENCODING'])
  })

  it('UTF-16 is not taken for UTF-8', () => {
    expect(mistakesOf(bytes(0xff, 0xfe, 0x61, 0x00))).toEqual(['1:1 HONUA_FILE_ENCODING'])
  })

  it('all mistakes of all documents are told together, by place', () => {
    expect(mistakesOf('a: 1\na: 2\n---\nb: [\n---\n1: x\nc: .nan\n')).toEqual([
      '2:1 HONUA_YAML_DUPLICATE_KEY',
      '5:1 HONUA_YAML_SYNTAX',
      '6:1 HONUA_YAML_KEY_TYPE',
      '7:4 HONUA_YAML_NUMBER',
    ])
  })

  it('a wrong tag hides no other mistake of its document, and keeps the document from being used', () => {
    const text = 'a: !custom 1\na: 2\nb: 1e400\n---\nc: 3\n'
    expect(mistakesOf(text)).toEqual(['1:4 HONUA_YAML_TAG', '2:1 HONUA_YAML_DUPLICATE_KEY', '3:4 HONUA_YAML_NUMBER'])
    expect(parseFile(text).documents).toMatchObject([{ value: { c: 3 }, index: 1 }])
    expect(parseFile('a: !custom 1\n').documents).toEqual([])
  })

  it('many mistakes are cut to twenty and counted', () => {
    const { problems } = parseFile(Array.from({ length: 50 }, () => 'a: 1\n').join(''))
    expect(problems).toHaveLength(21)
    expect(problems.at(-1)?.code).toBe('HONUA_DESIRED_MORE')
  })

  it('no message repeats a value of the file', () => {
    const secret = 'hunter2-secret'
    const texts = [
      `a: "${secret}\n`,
      `a: ${secret}: ${secret}\n`,
      `a: b\n${secret}\n`,
      `a: @${secret}\n`,
      `- "${secret}" ${secret}\n`,
      `a: "\\q${secret}"\n`,
      `a: *${secret}\n`,
      `a: !${secret} 1\n`,
      `%${secret} 1\n---\na: 1\n`,
      `a: {b: ${secret}]\n`,
    ]
    for (const text of texts) {
      const { problems } = parseFile(text)
      expect(problems.length, text).toBeGreaterThan(0)
      expect(JSON.stringify(problems)).not.toContain(secret)
    }
  })

  it('a key in a message is cut and escaped', () => {
    const key = `\u202e${'k'.repeat(200)}`
    const [problem] = parseFile(`${JSON.stringify(key)}: 1\n${JSON.stringify(key)}: 2\n`).problems
    expect(problem?.message).toContain('\\u202ekkk')
    expect(problem?.message).not.toContain('\u202e')
    expect(problem?.message.length).toBeLessThan(200)
  })
})

describe('places of fields', () => {
  const file = parseFile('# two\na: 1\n---\nspec:\n  fields:\n    - name: x\n    - {name: y}\n')

  it.each([
    [['spec'], '4:1', 1],
    [['spec', 'fields', 1, 'name'], '7:8', 4],
    [['spec', 'missing', 'deeper'], '4:1', 1],
    [[], '4:1', 0],
  ] as const)('%j stands at %s', (path, place, found) => {
    const located = file.locate(1, path)
    expect(`${located.line}:${located.column}`).toBe(place)
    expect(located.found).toBe(found)
  })
})
