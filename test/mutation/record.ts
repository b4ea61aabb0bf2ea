/** What a whole run found, without dates and durations: what the documents say of it is made from here. */
import { readFileSync, writeFileSync } from 'node:fs'
import { sha256 } from '../../src/core/canonical.ts'
import type { Mutant } from './mutant.ts'
import { subjects } from './mutants.ts'
import type { Tried } from './try-all.ts'

const PLACE = new URL('record.json', import.meta.url)

export interface MutationRecord {
  /** Digest of the mutants' ids: a record of other machines is stale. */
  readonly of: string
  readonly mutants: number
  readonly noticed: number
  /** Percent noticed, to one decimal. */
  readonly score: number
  readonly files: readonly { readonly file: string; readonly mutants: number; readonly noticed: number }[]
}

/** Names a set of mutants. */
export function digestOf(mutants: readonly Pick<Mutant, 'id'>[]): string {
  return sha256(
    mutants
      .map(({ id }) => id)
      .toSorted()
      .join('\n'),
  )
}

/** The record of a whole run. */
export function recordOf(tried: readonly Tried[]): MutationRecord {
  const isNoticed = ({ killer }: Tried) => killer !== null
  const noticed = tried.filter(isNoticed).length
  return {
    of: digestOf(tried.map(({ mutant }) => mutant)),
    mutants: tried.length,
    noticed,
    score: Math.floor((noticed / tried.length) * 1_000) / 10,
    files: subjects
      .flatMap(({ files }): readonly string[] => files)
      .map((file) => {
        const own = tried.filter(({ mutant }) => mutant.file === file)
        return { file, mutants: own.length, noticed: own.filter(isNoticed).length }
      }),
  }
}

/** The record of the last whole run. */
export function lastRecord(): MutationRecord {
  return JSON.parse(readFileSync(PLACE, 'utf8'))
}

export function keepRecord(record: MutationRecord): void {
  writeFileSync(PLACE, `${JSON.stringify(record, null, 2)}\n`)
}
