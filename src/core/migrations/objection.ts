import { Lines } from '../documents/lines.ts'
import { destructionIn, isReviewed } from '../sql/review.ts'
import { splitStatements } from '../sql/statements.ts'
import type { LiveState, Resource } from '../vocabulary.ts'
import { MIGRATION } from './file.ts'
import { numberOf } from './order.ts'
import { readSpec } from './spec.ts'

/**
 * Why a migration is not applied to a database that holds `live`, for people, after the database's name; null where nothing is against
 * it. Applied ones cannot be edited, none is applied before one with a higher number that was, one whose outcome is not known
 * waits for a person, and what may break those who use the database must say that this was thought of.
 */
export function objectionTo(declared: Resource, live: LiveState): string | null {
  if (declared.kind !== MIGRATION) return null
  const spec = readSpec(declared.spec)
  if (spec === null) return 'takes migrations from files below migrations/ only'
  const before = live.resources.find(({ key }) => key === declared.key)
  const known = before === undefined ? null : readSpec(before.spec)
  if (known !== null && known.checksum !== spec.checksum) return editedAfter(known.state === 'started')
  if (known?.state === 'started' && known.outcome === 'running')
    return 'is applying it at this moment on another connection; wait until that ends'
  if (known?.state === 'started' && known.outcome === 'unknown') return unknownOutcome(declared.name)
  if (known !== null) return null
  const later = live.resources.filter(({ kind, name }) => kind === MIGRATION && numberOf(name) >= spec.number)
  const [one] = later
  if (one !== undefined)
    return `has applied ${one.name} already, which has this number or a higher one; give the file a number of its own above it`
  return unreviewed(spec.sql)
}

function editedAfter(wasStarted: boolean): string {
  return wasStarted
    ? 'began to apply another text of this file and never learned how that ended; put the file back as it was, then settle it'
    : 'has applied another text of this file; put it back as it was, and write what you want to change in a new one'
}

function unknownOutcome(name: string): string {
  const row = `honua_gitops.migrations where name = '${name}'`
  return `began to apply it and never learned how that ended; see what is there, then "update honua_gitops.migrations set state = 'applied' where name = '${name}'" if it was done, or "delete from ${row}" to have it run again`
}

function unreviewed(sql: string): string | null {
  const split = splitStatements(sql)
  if (!split.ok) return `cannot read it: ${split.what}`
  const lines = new Lines(sql)
  for (const statement of split.statements) {
    const what = destructionIn(statement)
    if (what === null || isReviewed(statement)) continue
    const { line, column } = lines.at(statement.start)
    return `is asked at ${line}:${column} for what may break those who use it: it ${what}; if that was thought of, say so in a line before it: -- honua:compatibility-review reason=…`
  }
  return null
}
