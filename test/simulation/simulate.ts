import { createHash } from 'node:crypto'
import type { Operation } from '../../src/adapters/store/engine.ts'
import { parseHistoryKey } from '../../src/adapters/store/keys.ts'
import { type Broken, Judge } from './oracle/judge.ts'
import { Oracle } from './oracle/oracle.ts'
import type { PromiseId } from './oracle/promises.ts'
import type { Scenario } from './script.ts'
import type { Place } from './world/boundaries.ts'
import { HOUR_MS, SimWorld } from './world/world.ts'

/** What came of a simulation. */
export interface Outcome {
  readonly scenario: Scenario
  /** Over everything that happened: two runs of one scenario have the same. */
  readonly hash: string
  /** Simulated, the time after the faults included. */
  readonly hours: number
  readonly events: number
  readonly broken: Broken | null
  readonly happened: ReadonlyMap<string, number>
  readonly examined: ReadonlyMap<PromiseId, number>
  readonly states: ReadonlySet<string>
  /** Places at which it might have crashed. */
  readonly places: readonly Place[]
  /** What is on the disk at the end. */
  readonly pairs: ReadonlyMap<string, string>
}

/** Lets a whole history happen: its script first, then everything heals, and all promises are examined all along. */
export async function simulate(scenario: Scenario): Promise<Outcome> {
  const trace = createHash('sha256')
  let events = 0
  const note = (...facts: readonly (string | number)[]) => {
    events += 1
    trace.update(`${world.time.elapsed} ${facts.join(' ')}\n`)
  }
  const judge = new Judge(() => world.time.elapsed)
  const world: SimWorld = new SimWorld(scenario, {
    synced(operations) {
      note('synced', ...entriesIn(operations))
      oracle.synced(operations)
    },
    starting(life) {
      note('starting', life.number)
      oracle.starting()
    },
    started(run, isTampered) {
      note('started', run.life.number)
      oracle.started(isTampered)
    },
    refused(error, isTampered) {
      note('refused', String(error))
      oracle.refused(error, isTampered)
    },
    crashed(place) {
      note('crashed', place)
      oracle.crashed()
    },
    streamBroke(error) {
      note('stream broke', String(error))
      oracle.streamBroke(error, world.run?.store.health().state !== 'failed')
    },
    logged: (_, fields, message) => oracle.logged(fields, message),
    sent(target, request) {
      note('sent', target.environment, request.idempotencyKey)
      oracle.sent(target, request)
    },
    landed(target, landed) {
      note('landed', target.environment, landed.key, landed.after ?? '-', landed.by)
      oracle.landed(target, landed)
    },
    over(target, request) {
      note('over', target.environment, request.idempotencyKey)
      oracle.over(target, request)
    },
    asked(target, request) {
      note('asked', target.environment, request.idempotencyKey)
      oracle.asked(target, request)
    },
    did(target, done) {
      note('did', target.environment, done.request.idempotencyKey, String(done.isNews))
      oracle.did(target, done)
    },
    told(target, request, answer) {
      note('told', target.environment, request.idempotencyKey, answer)
      oracle.told(target, request, answer)
    },
    ordered: (ordered) => oracle.ordered(ordered),
    answered(ordered, answer) {
      note('answered', ordered.order, ordered.reason, String(answer.ok))
      oracle.answered(ordered, answer)
    },
  })
  // Nothing happens before time passes, so that the oracle may come after the world.
  const oracle: Oracle = new Oracle(judge, world)
  const isOver = () => {
    oracle.looked()
    return judge.broken !== null
  }
  await world.pass(scenario.hours * HOUR_MS, isOver)
  if (judge.broken === null) await oracle.ending(isOver, scenario.quietMs)
  return {
    scenario,
    hash: trace.digest('hex'),
    hours: world.time.elapsed / HOUR_MS,
    events,
    broken: judge.broken,
    happened: world.happened,
    examined: judge.examined,
    states: oracle.states,
    places: world.boundaries.places,
    pairs: world.disk.pairs,
  }
}

/** Hashes of the journal entries of a batch: each stands for the entry and all before it. */
function entriesIn(operations: readonly Operation[]): readonly string[] {
  return operations.flatMap((operation) =>
    operation.type === 'put' && parseHistoryKey(operation.key).kind === 'journal'
      ? [operation.value.slice(-66, -2)]
      : [],
  )
}
