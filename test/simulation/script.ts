import type { EnvironmentSettings, Instant } from '../../src/core/vocabulary.ts'
import type { ActTrouble } from './world/acts.ts'
import type { Outline } from './world/outline.ts'
import type { Member } from './world/site.ts'
import type { TargetTrouble } from './world/target.ts'

/** What somebody does to the files of one environment (or of `common`) in one commit. `pick` says to which of them. */
export type Edit =
  | 'edit'
  | 'add'
  | 'remove'
  | 'empty'
  | 'drop'
  | 'restore'
  | 'breaking'
  | 'refused'
  | 'sick'
  | 'protect'
  | 'syntax'
  | 'twice'
  | 'link'
  | 'topology'
  | 'topology-gone'
  | 'topology-unable'
  | 'topology-unknown'

/** How somebody else changes a target behind the controller's back. */
export type OutsideEdit = 'edit' | 'delete' | 'foreign'

export type Order =
  | 'approve'
  | 'reject'
  | 'cancel'
  | 'hold'
  | 'unhold'
  | 'rollback'
  | 'restore'
  | 'sync'
  | 'accept-rewrite'

export type Tampering = 'edit' | 'remove' | 'swap' | 'snapshot'

/** What an environment is made of. */
export interface Site {
  readonly members: readonly Member[]
  readonly topology: Outline | null
}

/** Everything that befalls the controller: plain data, so that a history can be kept, replayed, and made shorter. */
export type Act =
  | { readonly kind: 'commit'; readonly environment: string; readonly edit: Edit; readonly pick: number }
  | { readonly kind: 'force-push'; readonly environment: string; readonly back: number; readonly pick: number }
  | { readonly kind: 'rewind'; readonly back: number }
  | { readonly kind: 'git'; readonly trouble: 'down' | 'gone' | 'slow' | 'cache'; readonly forMs: number }
  | {
      readonly kind: 'target'
      readonly environment: string
      /** The first one where nothing is said. */
      readonly target?: string
      readonly trouble: TargetTrouble | ActTrouble
      readonly forMs: number
    }
  | {
      readonly kind: 'outside'
      readonly environment: string
      readonly target?: string
      readonly edit: OutsideEdit
      readonly pick: number
    }
  /** Somebody looks, and orders what they decided `afterMs` later, `times` times. */
  | {
      readonly kind: 'person'
      readonly order: Order
      readonly environment: string
      readonly afterMs: number
      readonly times: number
      /** Who; whether an approval names the plan that was seen; how long a hold is to last; which backup is to be put back. */
      readonly pick: number
    }
  /** A database's backups: one is made by night, deleted, or becomes another under its id. */
  | {
      readonly kind: 'backup'
      readonly environment: string
      readonly how: 'made' | 'gone' | 'altered'
      readonly pick: number
    }
  | { readonly kind: 'clock'; readonly ms: number }
  | { readonly kind: 'configure'; readonly environment: string; readonly change: Partial<EnvironmentSettings> }
  | { readonly kind: 'disk'; readonly trouble: 'full' | 'slow' | 'fails'; readonly forMs: number }
  /** At the n-th boundary from then on; of what was not synced, all or nothing is kept. */
  | { readonly kind: 'crash'; readonly boundaries: number; readonly isKept: boolean; readonly downMs: number }
  /** The controller is stopped properly, and somebody changes its history before the next start. */
  | { readonly kind: 'tamper'; readonly how: Tampering; readonly pick: number }

/** Something that happens `at` milliseconds after the beginning. */
export type Action = Act & { readonly at: number }

/** A whole simulation: given the same one, everything happens again in the same way. */
export interface Scenario {
  readonly seed: number
  /** How the script was made; null for one written by hand. */
  readonly profile: string | null
  readonly hours: number
  readonly start: Instant
  readonly environments: readonly {
    readonly name: string
    readonly settings: Partial<EnvironmentSettings>
    /** Its targets and its first topology; one target and no topology where nothing is said. */
    readonly site?: Site
  }[]
  readonly script: readonly Action[]
  /** Crashes at these boundaries, counted from the beginning; in addition to those of the script. */
  readonly crashes?: readonly number[]
  /** Whether at these crashes what was not synced is kept. */
  readonly isKept?: boolean
  /** How long nothing may move at the end, in ms; three hours unless said otherwise. */
  readonly quietMs?: number
}
