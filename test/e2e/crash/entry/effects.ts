import type { Passed } from './around.ts'
import { EFFECTS, type EffectName } from './points.ts'

/** The kinds of the effects that were owed, by id; an outcome names the id alone. */
const kinds = new Map<string, EffectName>()

/** The points of one commit: of the effects it owes anew, and of the one whose outcome it takes in. */
export function effectPoints([commit]: readonly unknown[]): Passed {
  const sequence = Number(field(commit, 'expectedSequence')) + 1
  const outcome = kinds.get(String(field(field(field(commit, 'entry'), 'event'), 'effect')))
  const owed = field(field(field(commit, 'snapshot'), 'context'), 'owed')
  const fresh = (Array.isArray(owed) ? owed : []).flatMap((effect: unknown) => {
    const [id, kind] = [String(field(effect, 'id')), EFFECTS.find((one) => one === field(effect, 'kind'))]
    // An id says which entry owes it first.
    if (kind === undefined || !id.includes(`/${sequence}/`)) return []
    kinds.set(id, kind)
    return [kind]
  })
  const of = (moment: 'before' | 'after') => [
    ...(outcome === undefined ? [] : [`${outcome}/${moment}-outcome` as const]),
    ...fresh.map((kind) => `${kind}/${moment}-intent` as const),
  ]
  return { before: of('before'), after: of('after') }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
