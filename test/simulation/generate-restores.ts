import type { Prng } from './prng.ts'
import type { Act, Action, Order, Scenario } from './script.ts'
import type { ActTrouble } from './world/acts.ts'

const MINUTE = 60_000
/** What befalls a backup that is put back. */
const TROUBLES: readonly ActTrouble[] = ['act-busy', 'act-fails', 'act-times-out', 'act-lies', 'act-hangs']

/** Backups of databases, and people who want one back: asked for, answered or not, with what may go wrong just then. */
export function restores(environments: Scenario['environments'], hours: number, prng: Prng): readonly Action[] {
  const places = environments.flatMap(({ name: environment, site }) =>
    (site?.members ?? []).flatMap(({ name: target, role }) => (role === 'database' ? [{ environment, target }] : [])),
  )
  if (places.length === 0 || !prng.chance(0.8)) return []
  const script: Action[] = []
  const strike = (everyMs: number, draw: (place: (typeof places)[number], at: number) => readonly Action[]) => {
    for (let at = prng.pause(everyMs); at < hours * 60 * MINUTE; at += prng.pause(everyMs))
      script.push(...draw(prng.pick(places), at))
  }
  strike(30 * MINUTE, ({ environment }, at) => [{ ...backup(environment, 'made', prng), at }])
  strike(3 * 60 * MINUTE, ({ environment }, at) => [
    { ...backup(environment, prng.pick(['gone', 'altered'] as const), prng), at },
  ])
  strike(50 * MINUTE, (place, at) => wish(place, at, prng))
  return script
}

/** Somebody wants a backup back; somebody else answers, or nobody does. */
function wish(
  { environment, target }: { readonly environment: string; readonly target: string },
  at: number,
  prng: Prng,
): readonly Action[] {
  const answerAt = at + prng.between(1, 12 * 60) * 1_000
  const near = () => answerAt + prng.between(-2_000, 2_000)
  const answer = prng.pick<Order | null>(['approve', 'approve', 'approve', 'approve', 'reject', 'cancel', null])
  const acts: Action[] = [{ ...order('restore', environment, prng), at }]
  if (answer !== null) acts.push({ ...order(answer, environment, prng), at: answerAt })
  if (prng.chance(0.3))
    acts.push({
      ...{ kind: 'target', environment, target, trouble: prng.pick(TROUBLES), forMs: prng.pause(5 * MINUTE) },
      at: answerAt - 1_000,
    })
  if (prng.chance(0.35))
    acts.push({
      ...{ kind: 'crash', boundaries: prng.between(1, 14), isKept: prng.chance(0.5), downMs: prng.pause(MINUTE) },
      at: near(),
    })
  if (prng.chance(0.2)) acts.push({ ...backup(environment, prng.pick(['gone', 'altered'] as const), prng), at: near() })
  if (prng.chance(0.2))
    acts.push({
      ...{ kind: 'outside', environment, target, edit: prng.pick(['edit', 'delete'] as const), pick: 1 },
      at: answerAt - 500,
    })
  return acts
}

function backup(environment: string, how: 'made' | 'gone' | 'altered', prng: Prng): Act {
  return { kind: 'backup', environment, how, pick: prng.between(0, 99) }
}

function order(what: Order, environment: string, prng: Prng): Act {
  const times = prng.chance(0.2) ? 2 : 1
  return { kind: 'person', order: what, environment, afterMs: prng.between(0, 2_000), times, pick: prng.between(0, 99) }
}
