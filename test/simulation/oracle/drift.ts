import type { Scene } from './scene.ts'
import { openedAttempt } from './scene.ts'
import type { EnvironmentStep } from './view.ts'

/** What is done about drift is what the environment says: healed by the controller after its pauses alone, else by a person. */
export class DriftChecker {
  readonly #scene: Scene

  constructor(scene: Scene) {
    this.#scene = scene
  }

  step({ environment, event, before, after }: EnvironmentStep): void {
    const { judge } = this.#scene
    const opened = openedAttempt(before?.context, after.context)
    const drift = after.context.settings?.drift
    if (opened === null || drift === undefined || opened.plan.reason !== 'drift') return
    const isAsked = opened.initiatedBy.how !== 'controller'
    judge.examine(
      'drift',
      isAsked || drift.mode === 'heal',
      () => `${opened.id} puts back what ${environment} is to leave alone (drift: ${drift.mode})`,
    )
    const nextAt = before?.context.heals?.nextAt ?? null
    // A pause that seems longer than any is one of a clock that was set back.
    const isOver = nextAt === null || nextAt <= event.at || nextAt > event.at + drift.maxDelayMs
    judge.examine('drift', isAsked || isOver, () => `${opened.id} heals before its pause is over`)
  }
}
