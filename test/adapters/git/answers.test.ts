import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Answer, AnswerReader } from '../../../src/adapters/git/answers.ts'

const oid = 'a'.repeat(40)

/** What one request gets back, and the bytes that say so. */
const reply = fc.oneof(
  fc.constant({ contents: false, answer: null, bytes: Buffer.from(`${oid} missing\n`) }),
  fc.constant({ contents: true, answer: null, bytes: Buffer.from(`${oid} missing\n`) }),
  fc.nat(1_000_000).map((size) => ({
    contents: false,
    answer: { type: 'blob', size, content: null },
    bytes: Buffer.from(`${oid} blob ${size}\n`),
  })),
  fc.uint8Array({ maxLength: 300 }).map((raw) => {
    const content = Buffer.from(raw)
    return {
      contents: true,
      answer: { type: 'tree', size: content.length, content },
      bytes: Buffer.concat([Buffer.from(`${oid} tree ${content.length}\n`), content, Buffer.from('\n')]),
    }
  }),
)

describe('AnswerReader', () => {
  it('gives the same answers however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(reply, { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1 }),
        (replies, cuts) => {
          const got: (Answer | null)[] = []
          const reader = new AnswerReader(
            () => replies[got.length]?.contents === true,
            (answer) => got.push(answer),
          )
          const bytes = Buffer.concat(replies.map((each) => each.bytes))
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = cuts[turn % cuts.length] ?? 1
            reader.push(bytes.subarray(at, at + size))
            at += size
          }
          expect(got).toEqual(replies.map((each) => each.answer))
        },
      ),
    )
  })

  it('refuses bytes that are no answer', () => {
    const reader = () =>
      new AnswerReader(
        () => false,
        () => undefined,
      )
    expect(() => reader().push(Buffer.from('fatal: no\n'))).toThrow(TypeError)
    expect(() => reader().push(Buffer.alloc(1000, 'a'))).toThrow(TypeError)
  })
})
