import type { Prng } from './prng.ts'
import type { Act, Action, Edit, OutsideEdit, Scenario, Site } from './script.ts'
import { type ActTrouble, actTroubles } from './world/acts.ts'
import { plainOutline, someOutline } from './world/outline.ts'
import { MAIN, type Member, type Trait } from './world/site.ts'
import type { TargetTrouble } from './world/target.ts'

const MINUTE = 60_000
const TRAITS: readonly Trait[] = ['able', 'able', 'able', 'no-delete', 'disables', 'recreates', 'fixed']
const OTHERS: readonly Member[] = [
  { name: 'database', role: 'database', trait: 'able' },
  { name: 'balancer', role: 'balancer', trait: 'able' },
  { name: 'cdn', role: 'cdn', trait: 'able' },
  { name: 'pager', role: 'pager', trait: 'able' },
]
const EDITS: readonly Edit[] = [
  'topology',
  'topology',
  'topology',
  'topology',
  'topology-gone',
  'topology-unable',
  'topology-unknown',
]
/** Troubles that any target of a site may have, not the first alone. */
const TROUBLES: readonly TargetTrouble[] = [
  'busy',
  'refuses',
  'times-out-before',
  'times-out-after',
  'lands-late',
  'partial',
  'lies',
  'hangs',
  'down',
  'ill',
  'flaps',
]

/** What an environment of several targets is made of. */
export function someSite(prng: Prng): Site {
  const servers = Array.from(
    { length: prng.between(1, 3) },
    (_, at): Member => ({
      name: at === 0 ? MAIN.name : `server-${at + 1}`,
      role: 'server',
      trait: prng.pick(TRAITS),
    }),
  )
  const members = [...servers, ...OTHERS.filter(() => prng.chance(0.7))]
  const topology = prng.chance(0.2) ? null : prng.chance(0.2) ? plainOutline : someOutline(null, prng.between(0, 999))
  return { members, topology }
}

/** What befalls environments of several targets, beside what befalls all: their topologies, their steps, each of their targets. */
export function strikesOnSites(environments: Scenario['environments'], hours: number, prng: Prng): readonly Action[] {
  const sites = environments.flatMap(({ name, site }) => (site === undefined ? [] : [{ name, site }]))
  if (sites.length === 0) return []
  const script: Action[] = []
  const strike = (everyMs: number, draw: (name: string, target: string) => Act) => {
    for (let at = prng.pause(everyMs); at < hours * 60 * MINUTE; at += prng.pause(everyMs)) {
      const { name, site } = prng.pick(sites)
      script.push({ ...draw(name, prng.pick(site.members).name), at })
    }
  }
  strike(40 * MINUTE, (environment) => ({
    kind: 'commit',
    environment,
    edit: prng.pick(EDITS),
    pick: prng.between(0, 999),
  }))
  strike(20 * MINUTE, (environment) => ({
    kind: 'commit',
    environment,
    edit: prng.pick<Edit>(['edit', 'add', 'remove', 'breaking']),
    pick: prng.between(0, 99),
  }))
  strike(15 * MINUTE, (environment, target) => ({
    ...{ kind: 'target', environment, target },
    trouble: prng.pick<ActTrouble>(actTroubles),
    forMs: prng.pause(15 * MINUTE),
  }))
  strike(70 * MINUTE, (environment, target) => ({
    ...{ kind: 'target', environment, target },
    trouble: prng.pick(TROUBLES),
    forMs: prng.pause(15 * MINUTE),
  }))
  strike(2 * 60 * MINUTE, (environment, target) => ({
    ...{ kind: 'outside', environment, target },
    edit: prng.pick<OutsideEdit>(['edit', 'delete', 'foreign']),
    pick: prng.between(0, 99),
  }))
  return script
}
