import type { Operation } from '../../../src/adapters/store/engine.ts'
import type { Deployment } from '../../../src/core/vocabulary.ts'
import type { ActRequest, ApplyRequest } from '../../../src/ports/driver.ts'
import type { Answer } from '../../../src/runtime/facade.ts'
import type { Done } from '../world/acts.ts'
import type { Ordered } from '../world/people.ts'
import type { Landed, SimTarget } from '../world/target.ts'
import type { SimWorld } from '../world/world.ts'
import { ApprovalChecker } from './approval.ts'
import { BoundsChecker } from './bounds.ts'
import { DeploymentChecker } from './deployments.ts'
import { DriftChecker } from './drift.ts'
import { DurabilityChecker } from './durable.ts'
import { Ending } from './ending.ts'
import { HonestyChecker } from './honest.ts'
import type { Judge } from './judge.ts'
import { RestoreChecker } from './restores.ts'
import { SourceChecker } from './source.ts'
import { TimelinessChecker } from './timely.ts'
import { TopologyChecker } from './topology/index.ts'
import { DiskView } from './view.ts'
import { WriteChecker } from './writes.ts'

/**
 * Holds everything that happens against what was promised. It knows the disk, what targets were sent and hold, what people were
 * told, and what the repository declares; of the controller itself it asks nothing.
 */
export class Oracle {
  /** Paths of states that were reached. */
  readonly states = new Set<string>()
  readonly #approval: ApprovalChecker
  readonly #bounds: BoundsChecker
  readonly #deployments: DeploymentChecker
  readonly #drift: DriftChecker
  readonly #durability: DurabilityChecker
  readonly #ending: Ending
  readonly #honesty: HonestyChecker
  readonly #restores: RestoreChecker
  readonly #source: SourceChecker
  readonly #timeliness: TimelinessChecker
  readonly #topology: TopologyChecker
  readonly #writes: WriteChecker
  readonly #view: DiskView

  constructor(judge: Judge, world: SimWorld) {
    this.#view = new DiskView({
      environmentStep: (step) => {
        this.states.add(step.after.path)
        this.#restores.step(step)
        this.#approval.step(step)
        this.#deployments.step(step)
        this.#durability.step(step)
        this.#source.step(step)
        this.#honesty.step(step)
        this.#ending.step(step)
        this.#topology.step(step)
        this.#drift.step(step)
      },
      sourceStep: (step) => {
        this.states.add(`source: ${step.after.path}`)
        this.#source.source(step)
      },
      audit: (line) => this.#durability.audit(line),
      record: (record: Deployment, former) => this.#deployments.record(record, former),
    })
    const scene = { judge, world, view: this.#view }
    this.#approval = new ApprovalChecker(scene)
    this.#bounds = new BoundsChecker(scene, world.time.pending)
    this.#deployments = new DeploymentChecker(scene)
    this.#drift = new DriftChecker(scene)
    this.#durability = new DurabilityChecker(scene)
    this.#ending = new Ending(scene)
    this.#honesty = new HonestyChecker(scene)
    this.#restores = new RestoreChecker(scene)
    this.#source = new SourceChecker(scene)
    this.#timeliness = new TimelinessChecker(scene)
    this.#topology = new TopologyChecker(scene)
    this.#writes = new WriteChecker(scene)
  }

  synced(operations: readonly Operation[]): void {
    this.#view.synced(operations)
    this.#deployments.settled()
    this.#topology.settled()
    this.#bounds.synced(operations)
  }

  starting(): void {
    this.#topology.starting()
  }

  started(isTampered: boolean): void {
    this.#bounds.started(isTampered)
    this.#durability.started()
    this.#timeliness.disturbed()
  }

  refused(error: unknown, isTampered: boolean): void {
    this.#bounds.refused(error, isTampered)
  }

  crashed(): void {
    this.#deployments.crashed()
    this.#timeliness.crashed()
  }

  /** No stream may break off, unless the store has failed and the controller is to be started again. */
  streamBroke(error: unknown, isStoreWell: boolean): void {
    if (isStoreWell) this.#ending.judge.breaks('I14', `a stream of the controller broke off: ${String(error)}`)
  }

  logged(fields: object, message: string): void {
    this.#bounds.logged(fields, message)
  }

  sent(target: SimTarget, request: ApplyRequest): void {
    this.#restores.sent(target)
    this.#approval.sent(target, request)
    this.#deployments.sent(target, request)
    this.#durability.sent(target, request)
    this.#topology.sent(target, request)
    this.#writes.sent(target, request)
  }

  landed(target: SimTarget, landed: Landed): void {
    this.#writes.landed(target, landed)
    this.#topology.landed(target, landed)
    this.#ending.landed(target, landed)
  }

  over(target: SimTarget, request: ApplyRequest): void {
    this.#deployments.over(target, request)
    this.#topology.over(target, request)
  }

  asked(target: SimTarget, request: ActRequest): void {
    this.#restores.asked(target, request)
    this.#topology.asked(target, request)
  }

  did(target: SimTarget, done: Done): void {
    this.#restores.did(target, done)
    this.#topology.did(target, done)
    this.#ending.did(target, done)
  }

  told(target: SimTarget, request: ActRequest, answer: 'done' | 'later' | 'never'): void {
    this.#topology.told(target, request, answer)
  }

  ordered(ordered: Ordered): void {
    this.#timeliness.ordered(ordered)
    this.#restores.ordered(ordered)
  }

  answered(ordered: Ordered, answer: Answer<unknown>): void {
    this.#timeliness.answered(ordered)
    this.#approval.answered(ordered)
    this.#durability.answered(ordered, answer)
    this.#source.answered(ordered, answer)
  }

  /** After each event. */
  looked(): void {
    this.#timeliness.looked()
    this.#bounds.looked()
  }

  /** When the script is over. */
  ending(isOver: () => boolean, quietMs?: number): Promise<void> {
    return this.#ending.run(isOver, quietMs)
  }
}
