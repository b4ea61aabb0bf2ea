import type { Answer } from '../../../src/runtime/facade.ts'
import type { Ordered } from '../world/people.ts'
import { openedAttempt, type Scene } from './scene.ts'
import type { EnvironmentStep, SourceStep } from './view.ts'

/** An entry is synced within this time of being made, on the slowest disk. */
const NOW_MS = 10_000

/** I9 and I10: the applied commit moves to descendants only, and a remote that is down stops nothing. */
export class SourceChecker {
  readonly #scene: Scene
  /** Commits whose rewrite somebody accepted. */
  readonly #accepted = new Set<string>()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  source({ event, before, after }: SourceStep): void {
    const { judge, world } = this.#scene
    if (event.type === 'rewrite.accepted') this.#accepted.add(event.commit)
    const [from, to] = [before?.context.head?.commit, after.context.head?.commit]
    if (from === undefined || to === undefined || from === to) return
    judge.examine(
      'I9',
      world.git.follows(from, to) || this.#isAccepted(to),
      () => `${to} is served and does not follow ${from}`,
    )
  }

  step({ entry, event, before, after }: EnvironmentStep): void {
    const { judge, world } = this.#scene
    const opened = openedAttempt(before?.context, after.context)
    const applied = before?.context.applied
    if (opened?.kind === 'apply' && applied)
      judge.examine(
        'I9',
        world.git.follows(applied.commit, opened.plan.commit) || this.#isAccepted(opened.plan.commit),
        () => `${opened.id} deploys ${opened.plan.commit}, which does not follow ${applied.commit}`,
      )
    const isTold = 'code' in event && 'effect' in event
    const isOfGit = isTold && (event.code.startsWith('HONUA_GIT') || event.code === 'HONUA_CONTENT_MISSING')
    // What comes to light at a restart is of an earlier time.
    const isNow = Math.abs(world.time.now() - entry.at) < NOW_MS
    if (isOfGit && isNow && !world.git.wasCacheBad)
      judge.breaks('I10', `${event.type}: ${event.message}, although all that is needed is in the cache`)
    if (world.git.isDown && isResult(event.type)) judge.examine('I10', true, () => '')
  }

  answered(ordered: Ordered, answer: Answer<unknown>): void {
    if (!answer.ok && answer.code === 'HONUA_CONTENT_MISSING')
      this.#scene.judge.breaks('I10', `${ordered.order}: ${answer.message}`)
  }

  #isAccepted(commit: string): boolean {
    return [...this.#accepted].some((accepted) => this.#scene.world.git.follows(accepted, commit))
  }
}

/** Events that tell of work done from the cache or the store. */
function isResult(type: string): boolean {
  return type === 'look.clean' || type === 'look.planned' || type === 'wave.applied' || type === 'restore.done'
}
