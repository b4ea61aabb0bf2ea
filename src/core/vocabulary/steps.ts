/** Steps of a topology: planned, done, and what they left. */
import type { JsonObject } from '../json.ts'
import type { Digest, ResourceKey } from './resources.ts'

/** A step of a topology, planned for one target. */
export interface PlannedAction {
  readonly phase: string
  /** Its name in the step library. */
  readonly step: string
  readonly means: 'probe' | 'health' | 'act'
  readonly component: string
  readonly instance: string
  readonly target: string
  /** Given to the driver; references resolved, `${NAME}` not. */
  readonly inputs: JsonObject
  readonly timeoutMs: number
  /** Tries of what failed in passing. */
  readonly tries: number
  /** What takes it back when the deployment is rolled back. */
  readonly undo: 'nothing' | 'restore' | 'again'
}

/** One thing that was looked at, and what was seen. */
export interface CheckResult {
  /** What was asked, for people: `GET /collections/city::parcels`. */
  readonly name: string
  readonly ok: boolean
  readonly message: string
  readonly ms: number
}

/** A step of a topology that was done, or not: for the journal and the record. */
export interface Deed {
  readonly step: string
  readonly component: string
  readonly instance: string
  readonly target: string
  /** Of a step that drains a server or ends that: its name. */
  readonly server?: string
  readonly ok: boolean
  readonly message: string
  readonly ms: number
  /** Of a step that checks; absent where it did something else. At most 50, those that failed among them. */
  readonly checks?: readonly CheckResult[]
}

/** Resources: how many there are, and the first 100 by name. */
export interface SomeKeys {
  readonly total: number
  readonly keys: readonly ResourceKey[]
}

/** What is on one target after a rollback failed; of the resources that were changed, or are not as the rollback would have them. */
export interface Remains {
  readonly target: string
  /** Code of the reason for which it could not be read; null where it was read. */
  readonly unread: string | null
  readonly restored: SomeKeys
  /** As the attempt that was to be undone had left them. */
  readonly asDeployed: SomeKeys
  /** Neither: written in part, or changed by somebody else. */
  readonly neither: SomeKeys
  /** All that was changed on a target that could not be read. */
  readonly unknown: SomeKeys
}

/** A step that left something behind, and where: the server of a drain, the instance of any other. */
export interface PlaceLeft {
  readonly step: string
  readonly target: string
  readonly instance: string
}

/** What a rollback did not bring back. */
export interface LeftOver {
  readonly targets: readonly Remains[]
  /** Servers that a balancer still leaves alone, as far as it said. */
  readonly drained: readonly PlaceLeft[]
  /** Steps that the rollback was to do again, and that failed. */
  readonly notDoneAgain: readonly PlaceLeft[]
}

/** What a plan means for one component. */
export interface Impact {
  readonly component: string
  readonly instance: string
  readonly target: string
  readonly creates: number
  readonly updates: number
  readonly deletes: number
  /** Names of the steps that are done to it while the plan is carried out. */
  readonly steps: readonly string[]
}

/** How a plan follows the environment's topology, beside its steps. */
export interface Coordination {
  /** Digest of the topology. */
  readonly topology: Digest
  /** Before anything is written; a failure leaves everything as it was. */
  readonly preFlight: readonly PlannedAction[]
  /** After everything was read back and is healthy; a failure rolls back. */
  readonly validation: readonly PlannedAction[]
  /** At the very end; a failure is told and changes nothing. */
  readonly postDeployment: readonly PlannedAction[]
  readonly impact: readonly Impact[]
}

/** Changes that one target takes in one go, or an action on it. Steps run by ascending wave; those of one wave run together. */
export interface PlanStep {
  readonly wave: number
  readonly target: string
  /** `target/key` of each change, in the order in which they are applied: writes, then deletions mirrored. */
  readonly changes: readonly string[]
  /** Done instead of changes. */
  readonly action?: PlannedAction
}
