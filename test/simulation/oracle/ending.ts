import type { EnvironmentContext } from '../../../machines/environment/types.ts'
import type { ResourceKey } from '../../../src/core/vocabulary.ts'
import { Bundles } from '../../../src/runtime/bundles.ts'
import type { Order } from '../script.ts'
import type { Done } from '../world/acts.ts'
import { isKept, wantedAt } from '../world/declared.ts'
import { mended } from '../world/edits.ts'
import { geometryOf } from '../world/site.ts'
import { FROM_BACKUP, LATE, type Landed, type SimTarget } from '../world/target.ts'
import { HOUR_MS } from '../world/world.ts'
import { holds, wantedOn } from './honest.ts'
import { journalsReplay } from './journals.ts'
import type { Scene } from './scene.ts'
import type { At, EnvironmentStep } from './view.ts'

const MINUTE = 60_000
/** The longest pause between polls is five minutes, a hung wave ends after fifteen, and is then rolled back. */
const HANDED_MS = 45 * MINUTE
const SETTLED_MS = 6 * HOUR_MS
/** For one who waits for a window that opens daily. */
const WINDOW_MS = 26 * HOUR_MS
const QUIET_MS = 3 * HOUR_MS
const HELP_EVERY_MS = 3 * MINUTE

/**
 * I6, I7 and replay: when faults end, what Git has reaches everybody; with people who answer, everything becomes Synced; then nothing
 * is written any more; and the journals tell how it all came about.
 */
export class Ending {
  readonly judge: Scene['judge']
  readonly #scene: Scene
  /** By environment, what it was Synced with at some time: what is ours to delete. */
  readonly #owned = new Map<string, Set<ResourceKey>>()
  #isQuiet = false

  constructor(scene: Scene) {
    this.#scene = scene
    this.judge = scene.judge
  }

  step({ environment, event, before }: EnvironmentStep): void {
    const commit =
      event.type === 'look.clean'
        ? event.commit
        : event.type === 'verification.passed'
          ? before?.context.attempt?.plan.commit
          : null
    if (commit == null) return
    const owned = this.#owned.get(environment) ?? new Set()
    this.#owned.set(environment, owned)
    for (const key of wantedAt(this.#scene.world.git.foldersAt(commit), environment)?.keys() ?? []) owned.add(key)
  }

  landed({ environment }: SimTarget, { key, by }: Landed): void {
    // What a backup brings back is for people to look at, until Git declares it again.
    if (by === FROM_BACKUP) this.#owned.get(environment)?.delete(key)
    if (this.#isQuiet && by.includes('/') && !by.startsWith(LATE))
      this.judge.breaks('I7', `${by} changes ${key} on ${environment} though nothing moved`)
  }

  did({ environment, name }: SimTarget, { request }: Done): void {
    if (this.#isQuiet)
      this.judge.breaks('I7', `${request.idempotencyKey} is done on ${name} of ${environment} though nothing moved`)
  }

  async run(isOver: () => boolean, quietMs = QUIET_MS): Promise<void> {
    const { world } = this.#scene
    world.heal()
    await this.#pass(HANDED_MS, isOver)
    if (isOver()) return
    await this.#handed()
    await this.#help(isOver)
    if (isOver()) return
    this.#isQuiet = true
    await this.#pass(quietMs, isOver)
    if (isOver()) return
    this.judge.examine('I7', true, () => '')
    await this.#restorable()
    await this.#replayed()
  }

  #pass(ms: number, isOver: () => boolean): Promise<void> {
    const { world } = this.#scene
    return world.pass(world.time.elapsed + ms, isOver)
  }

  /** What the source serves is with every environment, without a newer commit: by level, not by edge. */
  async #handed(): Promise<void> {
    const { world, view } = this.#scene
    this.judge.examine('I6', world.run !== null, () => 'the controller does not run')
    const served = view.source?.context.head?.commit
    const waits = view.source?.path === 'Invalid'
    this.judge.examine(
      'I6',
      served === world.git.head || waits,
      () => `${served} is served, and the branch is at ${world.git.head}`,
    )
    if (served === undefined) return
    for (const [environment, { context }] of view.environments) {
      const trees = await world.git.treesAt(served, environment)
      const isHanded =
        JSON.stringify(context.head?.trees) === JSON.stringify(trees) ||
        (context.head === null && trees.environment === null)
      this.judge.examine('I6', isHanded, () => `${environment} was never told of ${served}`)
    }
  }

  /** Somebody puts everything right: pushes what can be deployed, lifts holds, accepts and approves. */
  async #help(isOver: () => boolean): Promise<void> {
    const { world } = this.#scene
    const environments = [...world.targets.keys()]
    for (const environment of ['common', ...environments]) {
      const folder = world.git.foldersAt(world.git.head).get(environment)
      world.git.commit(environment, () => mended(folder))
    }
    let ms = SETTLED_MS
    for (const [environment, { windows = [], outsideWindow }] of world.settings) {
      if (windows.length === 0 || outsideWindow !== 'wait') continue
      if (windows.some(({ days }) => days.length === 7)) ms = WINDOW_MS
      else world.configure(environment, { windows: [] })
    }
    const until = world.time.elapsed + ms
    while (world.time.elapsed < until) {
      await this.#pass(HELP_EVERY_MS, isOver)
      if (isOver()) return
      const restless = environments.flatMap((environment) => this.#unrest(environment) ?? [])
      if (restless.length === 0) break
      for (const environment of environments) this.#answer(environment)
      for (const target of [...world.targets.values()].flat()) {
        this.#takeAwayFixed(target)
        takeAwaySick(target)
      }
    }
    for (const environment of environments) {
      const unrest = this.#unrest(environment)
      this.judge.examine('I6', unrest === null, () => unrest ?? '')
    }
  }

  /** Why an environment is not where Git wants it; null when it is. */
  #unrest(environment: string): string | null {
    const { world, view } = this.#scene
    const at = view.environments.get(environment)
    if (at === undefined) return `${environment} is not known`
    if (at.path !== 'Synced.quiet') return `${environment} stays in ${at.path}: ${reasonOf(at)}`
    const prunes = at.context.settings?.prune === true
    const [first] = world.targetsOf(environment).flatMap((target) => this.#unrestOf(target, prunes) ?? [])
    return first ?? null
  }

  #unrestOf(target: SimTarget, prunes: boolean): string | null {
    const { git } = this.#scene.world
    const { environment, name, member } = target
    const wanted = wantedOn(target, git.foldersAt(git.head))
    if (!holds(target.digests(), wanted)) return `${environment} is Synced and ${name} holds something else`
    if (!prunes || member.trait === 'no-delete') return null
    const owned = this.#owned.get(environment)
    const extra = [...target.resources].find(
      ([key, { resource }]) => owned?.has(key) === true && wanted?.has(key) !== true && !isKept(resource),
    )
    return extra === undefined
      ? null
      : `${environment} is Synced and ${name} holds ${extra[0]}, which is ours and no longer declared`
  }

  /** What a target keeps as it is for ever is taken away by hand, so that it can be made anew. */
  #takeAwayFixed(target: SimTarget): void {
    const { git } = this.#scene.world
    if (target.member.trait !== 'fixed') return
    const wanted = wantedOn(target, git.foldersAt(git.head))
    for (const [key, { resource }] of [...target.resources]) {
      const other = wanted?.get(key)
      if (other !== undefined && geometryOf(other) !== geometryOf(resource)) target.outside(key, () => null, 'delete')
    }
  }

  #answer(environment: string): void {
    const { view } = this.#scene
    const at = view.environments.get(environment)
    if (view.source?.path === 'Invalid') this.#order('accept-rewrite', environment)
    if (at === undefined) return
    if (at.context.hold !== null || at.path === 'OutOfSync.held') this.#order('unhold', environment)
    else if (at.path === 'OutOfSync.waiting' && (at.context.waiting?.until === null || isLeftAlone(at)))
      this.#order('sync', environment)
    else if (at.path === 'Synced.quiet' && at.context.settings?.drift?.mode === 'ignore' && this.#unrest(environment))
      this.#order('sync', environment)
    else if (at.path.startsWith('AwaitingApproval.asked')) this.#order('approve', environment)
  }

  #order(order: Order, environment: string): void {
    this.#scene.world.people.act({ kind: 'person', order, environment, afterMs: 0, times: 1, pick: 1 })
  }

  /** Every completed deployment that is kept can be gone back to, from what is stored here alone. */
  async #restorable(): Promise<void> {
    const { world, view } = this.#scene
    const { run } = world
    if (run === null) return
    const bundles = new Bundles(run.store)
    for (const { id, state, release } of view.records.values()) {
      if (state !== 'Completed') continue
      const missing = await bundles.bundle(release).then(
        () => null,
        (error: unknown) => String(error),
      )
      this.judge.examine('I10', missing === null, () => `nobody can go back to ${id}: ${missing}`)
    }
  }

  async #replayed(): Promise<void> {
    const { world } = this.#scene
    const { run } = world
    if (run === null) return this.judge.breaks('I6', 'the controller does not run')
    await run.store.verify()
    for (const { stream, divergence } of journalsReplay(world.disk.pairs))
      this.judge.examine('replay', divergence === null, () => `${stream}: ${divergence?.message}`)
  }
}

/** A failed deployment that nobody can take back leaves a target ill, and one that asks for its health first never mends it. */
function takeAwaySick(target: SimTarget): void {
  for (const key of target.sickened) {
    const one = target.resources.get(key)?.resource
    const stays = target.member.trait === 'no-delete' || (one !== undefined && isKept(one))
    if (stays) target.outside(key, () => null, 'delete')
  }
}

/** Drift that only a person puts back. */
function isLeftAlone({ context }: At<EnvironmentContext>): boolean {
  return context.waiting?.reason === 'drift' && context.settings?.drift?.mode !== 'heal'
}

function reasonOf({ context }: At<EnvironmentContext>): string {
  return context.waiting?.message ?? context.hold?.reason ?? 'it does not say why'
}
