import type { Session } from '../session.ts'
import type { QueryCheck } from '../settings.ts'

type Comparison = (found: number | string, wanted: number | string) => boolean

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['=', (found, wanted) => found === wanted],
  ['!=', (found, wanted) => found !== wanted],
  ['<', (found, wanted) => found < wanted],
  ['<=', (found, wanted) => found <= wanted],
  ['>', (found, wanted) => found > wanted],
  ['>=', (found, wanted) => found >= wanted],
])

/** What is not as expected, for people. The value found is told: checks are to ask for counts and states, not for secrets. */
export async function checkQuery(session: Session, { name, sql, expected }: QueryCheck): Promise<readonly string[]> {
  const [row] = await session.run(sql)
  const [value] = row === undefined ? [] : Object.values(row)
  const found = value === null || value === undefined ? null : String(value)
  if (isAsExpected(found, expected)) return []
  return [`${name ?? sql.slice(0, 60)} gives ${found ?? 'nothing'}, ${expected} is expected`]
}

/** `expected` is a comparison and a value. Two numbers are compared as such, everything else as texts; nothing is never as expected. */
export function isAsExpected(found: string | null, expected: string): boolean {
  const [, sign = '', wanted = ''] = /^(\S+) (.*)$/s.exec(expected) ?? []
  const compare = COMPARISONS.get(sign)
  if (compare === undefined || found === null) return false
  const [a, b] = [Number(found), Number(wanted)]
  const areNumbers = found.trim() !== '' && wanted.trim() !== '' && !Number.isNaN(a) && !Number.isNaN(b)
  return areNumbers ? compare(a, b) : compare(found, wanted)
}
