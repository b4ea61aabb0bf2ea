import { describe, expect, it } from 'vitest'
import { environmentMachine } from '../../machines/environment/machine.ts'
import { allMutants } from './mutants.ts'
import { digestOf, lastRecord } from './record.ts'
import { survivors } from './survivors.ts'
import { tryAll } from './try-all.ts'

const mutants = allMutants()

describe('small changes to the machines', () => {
  it('every change to a guard of the environment is noticed by the tests of the machines', async () => {
    const places = Object.keys(environmentMachine.implementations.guards ?? {}).map(
      (guard) => `machines/environment/vocabulary.ts · ${guard} · `,
    )
    const explained = new Set(survivors.map(({ id }) => id))
    const chosen = mutants.filter(({ id }) => places.some((place) => id.startsWith(place)) && !explained.has(id))
    expect(chosen.length).toBeGreaterThan(2 * places.length)
    const tried = await tryAll(chosen, { processes: 1, tried: () => undefined })
    expect(tried).toHaveLength(chosen.length)
    expect(tried.filter(({ killer }) => killer === null).map(({ mutant }) => mutant.id)).toEqual([])
  })

  it('each explanation is of one change that exists, and says why it makes no difference', () => {
    const known = new Set(mutants.map(({ id }) => id))
    expect(survivors.filter(({ id, reason }) => !known.has(id) || !/^equivalent: ./.test(reason))).toEqual([])
    expect(new Set(survivors.map(({ id }) => id)).size).toBe(survivors.length)
  })

  it('the record is of the machines as they stand; if not, run: npm run mutate', () => {
    const record = lastRecord()
    expect([record.of, record.mutants]).toEqual([digestOf(mutants), mutants.length])
    expect([record.noticed, record.score >= 95]).toEqual([mutants.length - survivors.length, true])
  })
})
