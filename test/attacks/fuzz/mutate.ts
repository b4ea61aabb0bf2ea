import fc from 'fast-check'

/** Pieces that parsers stumble over. */
const PIECES = [
  ...[
    '',
    '\0',
    '\n',
    '\r\n',
    '\t',
    ' ',
    '"',
    "'",
    '`',
    '\\',
    '\u202e',
    '\ufeff',
    '\ud800',
    '\u2028',
    '\x1b]0;x\x07',
    'é',
    '𝕏',
  ],
  ...[
    'null',
    'true',
    '~',
    '0',
    '-0',
    '1e999',
    '9007199254740993',
    '0x10',
    '.nan',
    '.inf',
    '2026-02-30',
    '1:30',
    '-',
    '--',
    '---',
    '...',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '#',
    '&a',
    '*a',
    '<<: *a',
    '!!js/function x',
    '!!binary x',
    '|',
    '>',
    '? ',
    '%YAML 1.1\n',
    '%2e%2e%2f',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '"__proto__":{"polluted":1}',
    '__proto__: {polluted: 1}',
  ],
  ...[
    '../',
    '/etc/passwd',
    '${HOME}',
    '$${X}',
    '${',
    '-oProxyCommand=x',
    '--upload-pack=x',
    'a'.repeat(5_000),
    '[['.repeat(500),
    '{"a":'.repeat(500),
  ],
]

interface Change {
  readonly at: number
  readonly drop: number
  readonly put: string
  readonly times: number
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(1_000_000),
  drop: fc.oneof({ weight: 3, arbitrary: fc.nat(8) }, { weight: 1, arbitrary: fc.nat(400) }),
  put: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...PIECES) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  ),
  times: fc.constantFrom(1, 1, 1, 1, 2, 50),
})

/** One of the texts with a few places of it cut out, doubled or replaced by what parsers stumble over. */
export function mutated(samples: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 6 }))
    .map(([sample, changes]) => changes.reduce(changed, sample))
}

function changed(text: string, { at, drop, put, times }: Change): string {
  const from = at % (text.length + 1)
  return text.slice(0, from) + put.repeat(times) + text.slice(from + drop)
}
