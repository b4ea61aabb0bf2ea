import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { corpus } from './corpus/index.ts'
import { withAttacks } from './page.ts'

const ROOT = new URL('../../', import.meta.url)
const threats = corpus.flatMap((chapter) => chapter.threats)
const held = threats.flatMap(({ id, held: by }) => (by.by === 'test' ? [{ id, ...by }] : []))

/** A title as the file may hold it: whole, with its quotes escaped. */
function holds(file: string, title: string): boolean {
  const url = new URL(file, ROOT)
  return existsSync(url) && readFileSync(url, 'utf8').replaceAll("\\'", "'").includes(title)
}

describe('the list of threats', () => {
  it('has every number of the threat model once: twelve findings, 41 defects, 66 cases, eight of steps, nine of inspectors', () => {
    const numbers = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}${at + 1}`)
    expect(threats.map(({ id }) => id).toSorted()).toEqual(
      [...numbers('F', 12), ...numbers('D', 41), ...numbers('', 66), ...numbers('S', 8), ...numbers('I', 9)].toSorted(),
    )
  })

  it('names a test that exists for each that concerns what is built', () => {
    expect(
      held.filter(({ file, title }) => !holds(file, title)).map(({ id, file, title }) => `${id}: ${file}: ${title}`),
    ).toEqual([])
  })

  it('stands by number in docs/reliability.md (npm run reference)', () => {
    const page = readFileSync(new URL('docs/reliability.md', ROOT), 'utf8')
    expect(page).toBe(withAttacks(page, corpus))
  })
})
