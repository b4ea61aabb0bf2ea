import type { Actor, EnvironmentSettings, Instant, PlanSummary, Verdict } from '../vocabulary.ts'

/** What the gates are asked about, beside plan and settings. */
export interface GateFacts {
  readonly now: Instant
  readonly hold: { readonly reason: string; readonly by: Actor; readonly until: Instant | null } | null
  /** Why this release was taken off the targets or turned down; null where it was not. */
  readonly quarantine: string | null
  /** Failed attempts at this release, and when the next may start. */
  readonly series: { readonly count: number; readonly nextAt: Instant } | null
  /** How often in a row drift was healed, and when it may be the next time; null where it stayed away. */
  readonly heals: { readonly count: number; readonly nextAt: Instant } | null
  /** A person asked for this look, or for this deployment. */
  readonly requested: boolean
  /** A person approved exactly this plan: what would ask is answered. */
  readonly approved: boolean
}

export interface Question {
  readonly plan: PlanSummary
  readonly settings: EnvironmentSettings
  readonly facts: GateFacts
}

/** One question, answered from plain data; asks nobody, throws nothing. */
export type Gate = (question: Question) => Verdict
