import type { TargetProgress } from '../../core/vocabulary.ts'
import type { ReportProgress } from '../../ports/driver.ts'

/** One stretch of writing, to several targets side by side. */
export interface Writing {
  /** What the driver of a target reports with. */
  reporter(target: string): ReportProgress
  /** Nothing is written any more; what a driver still reports is not heard. */
  end(): void
}

/** How far the writing has come, the newest word of each target alone: in memory, for people who wait, and never decided by. */
export class Progress {
  readonly #writing = new Map<string, ReadonlyMap<string, TargetProgress>>()

  begin(environment: string): Writing {
    const targets = new Map<string, TargetProgress>()
    this.#writing.set(environment, targets)
    return {
      reporter: (target) => (done, total) => targets.set(target, { target, done, total }),
      end: () => {
        if (this.#writing.get(environment) === targets) this.#writing.delete(environment)
      },
    }
  }

  /** In the order in which the targets first told of it; empty while nothing is written. */
  of(environment: string): readonly TargetProgress[] {
    return [...(this.#writing.get(environment)?.values() ?? [])]
  }
}
