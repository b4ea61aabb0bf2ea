import { environmentMachine, environmentVersion } from '../../../machines/environment/machine.ts'
import type {
  EnvironmentContext,
  EnvironmentEvent,
  EnvironmentFact,
  EnvironmentInput,
} from '../../../machines/environment/types.ts'
import type { Actor, Decision, EnvironmentSettings, PlanSummary } from '../../../src/core/vocabulary.ts'
import { foldOf, pathOf, type State } from '../../../src/runtime/fold.ts'

export const ANNA: Actor = { name: 'anna', how: 'socket-peer' }
const START = Date.UTC(2026, 0, 5, 8)

export function someSettings(over: Partial<EnvironmentSettings> = {}): EnvironmentSettings {
  return {
    autoSync: true,
    prune: true,
    windows: [],
    outsideWindow: 'ask',
    retry: { enabled: true, attemptsMax: 3, backoff: 'exponential', initialDelayMs: 60_000, maxDelayMs: 600_000 },
    reconcileIntervalMs: 300_000,
    approvalTtlMs: 86_400_000,
    maxDeletePercent: 50,
    ignore: [],
    targets: ['files'],
    verifyTimeoutMs: 120_000,
    ...over,
  }
}

/** A plan summary whose commit, release and digest are told apart by one letter. */
export function aPlan(letter = 'a', over: Partial<PlanSummary> = {}): PlanSummary {
  return {
    digest: `plan-${letter}`,
    reason: 'commit',
    commit: letter.repeat(40),
    release: `release-${letter}`,
    live: 'live',
    creates: 1,
    updates: 0,
    deletes: 0,
    breaking: false,
    risk: 'Low',
    rollback: 'reapply',
    deletePercent: 0,
    waves: 1,
    ...over,
  }
}

export function aDecision(outcome: Decision['outcome'], over: Partial<Decision> = {}): Decision {
  return { outcome, reason: outcome, until: null, verdicts: [], ...over }
}

export function aHead(letter = 'a') {
  return { commit: letter.repeat(40), trees: { environment: `tree-${letter}`, common: null, gitops: null } }
}

const fold = foldOf<EnvironmentContext, EnvironmentEvent, EnvironmentInput>(environmentMachine, environmentVersion, {
  name: '',
})

/** Drives the environment chart by hand: time stands still unless it is told to pass. */
export class ChartRun {
  state: State<EnvironmentContext> = fold.initial({ name: 'production' })
  at = START
  sequence = 0

  get path(): string {
    return pathOf(this.state.value)
  }

  get context(): EnvironmentContext {
    return this.state.context
  }

  /** Id of the effect that is owed; '' when none is. */
  get owed(): string {
    return this.context.owed[0]?.id ?? ''
  }

  get owedKind(): string | undefined {
    return this.context.owed[0]?.kind
  }

  /** Sends an event; false when the chart does not take it. */
  send(fact: EnvironmentFact, afterMs = 0): boolean {
    this.at += afterMs
    const next = fold.next(this.state, { ...fact, at: this.at, sequence: this.sequence + 1 })
    if (next === null) return false
    this.sequence += 1
    this.state = next
    return true
  }

  /** As far as the decision on `plan`. */
  planned(letter = 'a', over: Partial<PlanSummary> = {}): this {
    if (this.context.settings === null) this.send({ type: 'settings.changed', settings: someSettings() })
    this.send({ type: 'head.moved', head: aHead(letter) })
    this.send({ type: 'look.planned', effect: this.owed, plan: aPlan(letter, over) })
    return this
  }

  decided(outcome: Decision['outcome'], over: Partial<Decision> = {}): this {
    this.send({ type: 'decision.made', effect: this.owed, decision: aDecision(outcome, over) })
    return this
  }

  /** From the decision to deploy to the first write. */
  writing(): this {
    this.send({ type: 'validation.passed', effect: this.owed })
    this.send({ type: 'backup.done', effect: this.owed, bundle: 'backup' })
    return this
  }

  deployed(letter = 'a'): this {
    this.planned(letter).decided('deploy').writing()
    this.send({ type: 'wave.applied', effect: this.owed })
    this.send({ type: 'verification.passed', effect: this.owed, inventory: 'inventory' })
    return this
  }
}

/** An environment that asks for approval of the plan for `letter`. */
export function asking(letter = 'a'): ChartRun {
  return new ChartRun().planned(letter).decided('ask')
}
