import { meets, parseExpectation } from '../../../../core/checks/index.ts'
import type { Session } from '../session.ts'
import type { QueryCheck } from '../settings.ts'

/** What is not as expected, for people. The value found is told: checks are to ask for counts and states, not for secrets. */
export async function checkQuery(session: Session, { sql, expected }: QueryCheck): Promise<readonly string[]> {
  const [row] = await session.run(sql)
  const [value] = row === undefined ? [] : Object.values(row)
  const found = value === null || value === undefined ? null : String(value)
  return isAsExpected(found, expected) ? [] : [`it gives ${found ?? 'nothing'}, ${expected} is expected`]
}

/** `expected` is an expectation of a number, such as `> 0`, or `=` or `!=` and a text. Nothing is never as expected. */
export function isAsExpected(found: string | null, expected: string): boolean {
  if (found === null) return false
  const expectation = parseExpectation(expected)
  if (expectation !== null) {
    const number = found.trim() === '' ? Number.NaN : Number(found)
    return !Number.isNaN(number) && meets(expectation, number, number) === true
  }
  const [, sign, text] = /^\s*(=|!=)\s*(.*)$/s.exec(expected) ?? []
  return sign === '=' ? found === text : sign === '!=' && found !== text
}
