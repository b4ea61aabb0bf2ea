import type { Operation } from '../../../src/adapters/store/engine.ts'
import { HonuaError } from '../../../src/core/errors/index.ts'
import type { EnvironmentSettings } from '../../../src/core/vocabulary.ts'
import type { Log } from '../../../src/ports/log.ts'
import type { Facade } from '../../../src/runtime/facade.ts'
import { Prng } from '../prng.ts'
import type { Scenario, Tampering } from '../script.ts'
import { Boundaries } from './boundaries.ts'
import { type ControllerWorld, type Run, startController } from './controller.ts'
import { SimDisk } from './disk.ts'
import { happen } from './fate.ts'
import { SimGit } from './git.ts'
import { Life } from './life.ts'
import { People, type PeopleWatch } from './people.ts'
import { MAIN } from './site.ts'
import { tamper } from './tampering.ts'
import { SimTarget, type TargetWatch } from './target.ts'
import { drained, SimTime } from './time.ts'

/** Those who watch the world: the oracle, and who makes the trace. */
export interface WorldWatch extends PeopleWatch, TargetWatch {
  synced(operations: readonly Operation[]): void
  /** A run of the controller begins; then whether it started, and what it refused to start with. */
  starting(life: Life): void
  started(run: Run, isTampered: boolean): void
  refused(error: unknown, isTampered: boolean): void
  crashed(place: string): void
  /** A stream of the controller broke off. */
  streamBroke(error: unknown): void
  logged(level: string, fields: object, message: string): void
}

const RESTART_MS = 10_000
const MINUTE = 60_000

/** Everything around the controller, and the controller in it. Things happen when `run` lets time pass, and never otherwise. */
export class SimWorld {
  readonly time: SimTime
  readonly disk: SimDisk
  readonly git: SimGit
  /** The targets of each environment. */
  readonly targets: ReadonlyMap<string, readonly SimTarget[]>
  readonly people: People
  readonly boundaries: Boundaries
  readonly settings: Map<string, Partial<EnvironmentSettings>>
  /** When the wall clock was set last, in elapsed ms. */
  jumpedAt = Number.NEGATIVE_INFINITY
  /** How often each kind of thing happened. */
  readonly happened = new Map<string, number>()
  /** Nothing of the script happens any more. */
  isHealed = false
  readonly #watch: WorldWatch
  readonly #controller: ControllerWorld
  #lives = 0
  #life: Life | null = null
  #run: Run | null = null
  #cancelRestart: () => void = () => undefined
  #isStopping = false
  #isKept = true
  #downMs = RESTART_MS
  /** The history as it was before somebody changed it: what an operator brings back from a backup. */
  #untouched: ReadonlyMap<string, string> | null = null

  constructor(scenario: Scenario, watch: WorldWatch) {
    const { seed } = scenario
    this.#watch = watch
    this.#isKept = scenario.isKept ?? true
    const names = scenario.environments.map(({ name }) => name)
    this.time = new SimTime(scenario.start, Prng.named(seed, 'ties'))
    const time = this.time
    this.boundaries = new Boundaries({
      planned: scenario.crashes ?? [],
      elapsed: () => time.elapsed,
      crash: (place) => this.crash(place),
    })
    const { boundaries } = this
    this.disk = new SimDisk({
      time,
      boundaries,
      prng: Prng.named(seed, 'disk latency'),
      onSynced: (operations) => watch.synced(operations),
    })
    this.git = new SimGit(time, Prng.named(seed, 'git latency'), scenario.environments)
    this.targets = new Map(
      scenario.environments.map(({ name: environment, site }) => {
        const members = (site?.members ?? [MAIN]).map((member) => {
          const prng = Prng.named(seed, `target${member.name === MAIN.name ? '' : ` ${member.name}`} of ${environment}`)
          return new SimTarget({ environment, member, time, prng, boundaries, watch })
        })
        return [environment, members]
      }),
    )
    this.settings = new Map(scenario.environments.map(({ name, settings }) => [name, settings]))
    this.people = new People({
      ...{ time, watch, controller: () => this.answering },
      backups: (environment) =>
        this.targetsOf(environment).flatMap(({ name: target, backups }) =>
          backups.all.map(({ id: backup }) => ({ target, backup })),
        ),
    })
    this.#controller = {
      seed,
      time,
      disk: this.disk,
      git: this.git,
      targets: this.targets,
      environments: names,
      settings: (environment) => this.settings.get(environment) ?? {},
      pollMs: 30_000 + (seed % 4) * 10_000,
      log: watchedLog(watch),
      onStreamError: (error) => watch.streamBroke(error),
    }
    for (const action of scenario.script) time.after(action.at, () => happen(this, action))
    this.#start(0)
  }

  /** The run that answers; null while none does. */
  get run(): Run | null {
    return this.#run?.life.isAlive === true ? this.#run : null
  }

  targetsOf(environment: string): readonly SimTarget[] {
    return this.targets.get(environment) ?? []
  }

  get answering(): { readonly facade: Facade; readonly life: Life } | null {
    const { run } = this
    return run === null ? null : { facade: run.runtime.facade, life: run.life }
  }

  /** Lets time pass, event by event, until the moment (elapsed ms) has come or `isOver` says so after one. */
  async pass(until: number, isOver: () => boolean): Promise<void> {
    await drained()
    while (this.time.step(until)) {
      await drained()
      if (isOver()) return
    }
  }

  /** The run ends here and now; another one begins later. */
  crash(place: string): void {
    const life = this.#life
    if (life === null) return
    this.count('crash')
    life.end()
    this.#isStopping = false
    this.#life = null
    this.#run = null
    this.disk.crash(this.#isKept)
    this.#watch.crashed(place)
    this.#start(this.#downMs)
  }

  /** Ends the run properly; false when there is none, or it crashed before it had stopped. */
  async #stop(): Promise<boolean> {
    const { run } = this
    if (run === null || this.#isStopping) return false
    this.#isStopping = true
    await run.runtime.stop()
    await run.store.close()
    this.#isStopping = false
    if (!run.life.isAlive) return false
    run.life.end()
    this.#life = null
    this.#run = null
    return true
  }

  /** Ends every trouble, and lets none come any more. */
  heal(): void {
    this.isHealed = true
    this.boundaries.disarm()
    this.git.heal()
    Object.assign(this.disk, { isFull: false, slowMs: 0, failsNext: false })
    for (const target of [...this.targets.values()].flat()) target.relieve()
    if (this.run?.store.health().state === 'failed') this.crash('an operator restarts it')
  }

  /** Changes what is configured for an environment; taken at once where the controller runs, else at its start. */
  configure(environment: string, change: Partial<EnvironmentSettings>): void {
    this.settings.set(environment, { ...this.settings.get(environment), ...change })
    const { run } = this
    if (run === null) return
    const { controller } = run.runtime
    controller.configure(controller.setup).catch((error: unknown) => this.#watch.streamBroke(error))
  }

  #start(afterMs: number): void {
    this.#cancelRestart()
    this.#cancelRestart = this.time.after(afterMs, () => {
      this.#lives += 1
      const life = new Life(this.#lives)
      this.#life = life
      this.#watch.starting(life)
      void startController(life, this.#controller).then(
        (run) => {
          if (!life.isAlive) return
          this.#run = run
          this.#watch.started(run, this.#untouched !== null)
        },
        (error: unknown) => {
          if (life.isAlive) this.#refused(life, error)
        },
      )
    })
  }

  /** A controller that does not start is started again, with its history brought back where somebody had changed it. */
  #refused(life: Life, error: unknown): void {
    life.end()
    this.#life = null
    this.#watch.refused(error, this.#untouched !== null)
    if (!(error instanceof HonuaError)) throw error
    const { pairs } = this.disk
    if (this.#untouched !== null) {
      pairs.clear()
      for (const [key, value] of this.#untouched) pairs.set(key, value)
      this.#untouched = null
    }
    this.#start(RESTART_MS)
  }

  /** Stops the run properly, lets somebody change its history, and starts it again. */
  async tamper(how: Tampering, pick: number): Promise<void> {
    if (!(await this.#stop())) return
    const before = new Map(this.disk.pairs)
    if (tamper(this.disk.pairs, how, pick)) {
      this.#untouched = before
      this.count(`tamper: ${how}`)
    }
    this.#start(RESTART_MS)
  }

  /** How the next crash goes: whether what was not synced is kept, and how long until the next start. */
  planCrash(how: { readonly boundaries: number; readonly isKept: boolean; readonly downMs: number }): void {
    this.#isKept = how.isKept
    this.#downMs = how.downMs
    this.boundaries.arm(how.boundaries)
  }

  /** Sets the wall clock. */
  jump(ms: number): void {
    this.jumpedAt = this.time.elapsed
    this.time.jump(ms)
  }

  count(what: string): void {
    this.happened.set(what, (this.happened.get(what) ?? 0) + 1)
  }
}

function watchedLog(watch: WorldWatch): Log {
  const at = (level: string) => (fields: object, message: string) => watch.logged(level, fields, message)
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log }
  return log
}

export const HOUR_MS = 60 * MINUTE
