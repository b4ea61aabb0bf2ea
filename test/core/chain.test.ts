import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AuditFacts, auditHash, type JournalFacts, journalHash, ZERO_HASH } from '../../src/core/chain.ts'
import { jsonObject as object } from '../support/builders/json.ts'

const digest = fc.stringMatching(/^[0-9a-f]{64}$/)
const journal: fc.Arbitrary<JournalFacts> = fc.record({
  stream: fc.string({ unit: 'binary' }),
  sequence: fc.nat(),
  at: fc.integer(),
  event: object,
  state: digest,
  previous: digest,
})
const audit: fc.Arbitrary<AuditFacts> = fc.record({
  sequence: fc.nat(),
  at: fc.integer(),
  stream: fc.string({ unit: 'binary' }),
  actor: object,
  action: fc.string(),
  details: object,
  previous: digest,
})
const reread = <Entry>(entry: Entry): Entry => JSON.parse(JSON.stringify(entry))

/** Every entry that differs from this one in a single field, by another value of that field. */
function neighbours<Entry extends object>(entry: Entry, other: Entry): readonly Entry[] {
  return Object.entries(other)
    .filter(
      ([field, value]) =>
        JSON.stringify(value) !== JSON.stringify(Object.entries(entry).find(([name]) => name === field)?.[1]),
    )
    .map(([field, value]) => ({ ...entry, [field]: value }))
}

describe('the hash of an entry', () => {
  it('is the same when the entry is read back from disk', () => {
    fc.assert(
      fc.property(journal, audit, (one, two) => {
        expect([journalHash(reread(one)), auditHash(reread(two))]).toEqual([journalHash(one), auditHash(two)])
      }),
    )
  })

  it('changes with every field of a journal entry', () => {
    fc.assert(
      fc.property(journal, journal, (entry, other) => {
        for (const changed of neighbours(entry, other)) expect(journalHash(changed)).not.toBe(journalHash(entry))
      }),
    )
  })

  it('changes with every field of an audit entry', () => {
    fc.assert(
      fc.property(audit, audit, (entry, other) => {
        for (const changed of neighbours(entry, other)) expect(auditHash(changed)).not.toBe(auditHash(entry))
      }),
    )
  })

  it('covers nothing that is no part of it', () => {
    fc.assert(
      fc.property(journal, audit, digest, (one, two, hash) => {
        expect(journalHash({ ...one, ...{ hash } })).toBe(journalHash(one))
        expect(auditHash({ ...two, ...{ hash } })).toBe(auditHash(two))
      }),
    )
  })

  it('of an audit entry tells the actor from the details', () => {
    const entry: AuditFacts = {
      sequence: 1,
      at: 0,
      stream: 's',
      actor: { a: 1 },
      action: 'x',
      details: {},
      previous: ZERO_HASH,
    }
    expect(auditHash(entry)).not.toBe(auditHash({ ...entry, actor: {}, details: { a: 1 } }))
  })

  it('a text that looks like the end of a field does not move it', () => {
    const entry: JournalFacts = {
      stream: 'a","b',
      sequence: 1,
      at: 0,
      event: {},
      state: ZERO_HASH,
      previous: ZERO_HASH,
    }
    const twins = [entry.stream, 'a', 'a\n', 'a"]\n{}'].map((stream) => journalHash({ ...entry, stream }))
    expect(new Set(twins).size).toBe(twins.length)
  })
})
