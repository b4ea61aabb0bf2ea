import { isJsonObject } from '../../../src/core/json.ts'
import type { FixedPart, Resource } from '../../../src/core/vocabulary.ts'
import type { Abilities } from '../../../src/ports/driver.ts'

/** What a target of the simulation is for. */
export type Role = 'server' | 'database' | 'balancer' | 'cdn' | 'pager'

/** What a server cannot do as others can: take anything away, other than by switching it off, or change a geometry in place. */
export type Trait = 'able' | 'no-delete' | 'disables' | 'recreates' | 'fixed'

/** One target of an environment. */
export interface Member {
  readonly name: string
  readonly role: Role
  readonly trait: Trait
}

/** The one target that an environment has unless it is said otherwise. */
export const MAIN: Member = { name: 'main', role: 'server', trait: 'able' }

/** Kept by the database and by the pager; all else is for servers alone. */
const TABLES = new Set(['roads', 'borders', 'layer-1'])
const PAGED = new Set(['layer-0'])

/** The step that puts a backup back; no topology lists it. */
export const RESTORE = 'restore-backup'

/** What each role can do beside holding resources. */
const ACTIONS: Readonly<Record<Role, readonly string[]>> = {
  server: ['rolling-restart', 'warmup-cache', 'smoke-tests', 'monitor-errors', 'warm-metadata-cache'],
  database: ['verify-backups', 'create-backup', 'analyze-tables', 'smoke-tests', RESTORE],
  balancer: ['update-load-balancer', 'drain', 'undrain'],
  cdn: ['flush-cdn-cache'],
  pager: ['notify-stakeholders'],
}

/** What becomes of a change that the server cannot make in place. */
const FIXED: Readonly<Record<Trait, FixedPart['then'] | null>> = {
  able: null,
  'no-delete': null,
  disables: null,
  recreates: 'recreate',
  fixed: 'refuse',
}

export function abilitiesOf({ role, trait }: Member): Abilities {
  return {
    delete: trait === 'no-delete' ? 'none' : trait === 'disables' ? 'disable' : 'delete',
    fixed: fixedOf(FIXED[trait]),
    conditionalWrite: true,
    transactional: role === 'database',
    dryRun: true,
    exclusive: false,
    actions: ACTIONS[role],
  }
}

function fixedOf(becomes: FixedPart['then'] | null): readonly FixedPart[] {
  const part = { kind: 'Layer', pointer: '/spec/geometryType', why: 'cannot change a geometry in place' }
  // biome-ignore lint/suspicious/noThenProperty: the word is the product's.
  return becomes === null ? [] : [{ ...part, then: becomes }]
}

/** Whether a resource belongs on the target. */
export function takes({ role }: Member, { kind, name }: Pick<Resource, 'kind' | 'name'>): boolean {
  if (kind !== 'Layer') return false
  switch (role) {
    case 'server':
      return true
    case 'database':
      return TABLES.has(name)
    case 'pager':
      return PAGED.has(name)
    case 'balancer':
    case 'cdn':
      return false
  }
}

export function geometryOf({ spec }: Resource): unknown {
  return isJsonObject(spec) ? spec['geometryType'] : undefined
}
