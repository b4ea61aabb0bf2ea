import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCommit, parseTree } from '../../../src/adapters/git/parse.ts'

const commit = 'c'.repeat(40)
const tree = 'd'.repeat(40)

const entry = fc.record({
  mode: fc.constantFrom('100644', '100755', '120000', '160000', '40000'),
  name: fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !name.includes('\0')),
  oid: fc.stringMatching(/^[0-9a-f]{40}$/),
})
const rawTree = (entries: readonly { mode: string; name: string; oid: string }[]) =>
  Buffer.concat(
    entries.map(({ mode, name, oid }) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])),
  )

describe('parseTree', () => {
  it('gives back what a tree was made of', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        expect(parseTree(rawTree(entries), 20)).toEqual(
          entries.map((each) => ({ ...each, mode: each.mode.padStart(6, '0') })),
        )
      }),
    )
  })

  it('takes any bytes as a tree or as malformed, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          parseTree(Buffer.from(bytes), 20)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
      }),
    )
  })

  it('a tree that is cut off is malformed at every length', () => {
    const raw = rawTree([{ mode: '100644', name: 'a.yaml', oid: tree }])
    for (let length = 1; length < raw.length; length += 1)
      expect(() => parseTree(raw.subarray(0, length), 20)).toThrow(TypeError)
  })

  it('bytes of a name that are no UTF-8 show as replacement characters', () => {
    const raw = Buffer.concat([Buffer.from('100644 '), Buffer.from([0x61, 0xff, 0]), Buffer.from(tree, 'hex')])
    expect(parseTree(raw, 20)[0]?.name).toBe('a\ufffd')
  })
})

describe('parseCommit', () => {
  const raw = (lines: readonly string[], message: string, encoding: BufferEncoding = 'utf8') =>
    Buffer.from(`${lines.join('\n')}\n\n${message}`, encoding)
  const who = ['author Zoë <zoe@example.org> 1750000000 +0200', 'committer Bot <bot@example.org> 1750000060 -0500']

  it('reads tree, author, subject and commit time', () => {
    expect(parseCommit(commit, raw([`tree ${tree}`, ...who], '\nAdd a layer\nof parcels\n\nBody\n'))).toEqual({
      tree,
      parents: [],
      info: {
        commit,
        author: 'Zoë <zoe@example.org>',
        subject: 'Add a layer of parcels',
        committedAt: 1_750_000_060_000,
      },
    })
  })

  it('reads the encoding that the commit names, and UTF-8 where that is unknown', () => {
    const latin = raw([`tree ${tree}`, ...who, 'encoding ISO-8859-1'], 'Größe', 'latin1')
    expect(parseCommit(commit, latin).info.subject).toBe('Größe')
    const unknown = raw([`tree ${tree}`, ...who, 'encoding x-none'], 'Größe')
    expect(parseCommit(commit, unknown).info.subject).toBe('Größe')
  })

  it('takes no header from the message, nor from a signature', () => {
    const signed = [`tree ${tree}`, ...who, 'gpgsig -----BEGIN', ` tree ${'e'.repeat(40)}`, ' -----END']
    expect(parseCommit(commit, raw(signed, `tree ${'f'.repeat(40)}\ncommitter X <x> 1 +0000`))).toMatchObject({
      tree,
      info: { committedAt: 1_750_000_060_000 },
    })
  })

  it('goes by the parents that Git goes by: those right below the tree', () => {
    const [one, two, claimed] = ['1', '2', '3'].map((digit) => `parent ${digit.repeat(40)}`)
    const merge = raw([`tree ${tree}`, String(one), String(two), ...who, String(claimed)], 'Merge')
    expect(parseCommit(commit, merge).parents).toEqual(['1'.repeat(40), '2'.repeat(40)])
  })

  it('a commit without message has an empty subject', () => {
    expect(parseCommit(commit, raw([`tree ${tree}`, ...who], '')).info.subject).toBe('')
  })

  it('a commit without tree or committer is malformed', () => {
    expect(() => parseCommit(commit, raw(who, 'x'))).toThrow(TypeError)
    expect(() => parseCommit(commit, raw([`tree ${tree}`], 'x'))).toThrow(TypeError)
  })
})
