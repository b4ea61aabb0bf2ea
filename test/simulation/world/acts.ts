import { targetErrors } from '../../../src/core/errors/target.ts'
import type { ActRequest } from '../../../src/ports/driver.ts'
import type { Prng } from '../prng.ts'
import type { Boundaries } from './boundaries.ts'
import type { Life } from './life.ts'
import { abilitiesOf } from './site.ts'
import type { SimTarget } from './target.ts'
import type { SimTime } from './time.ts'

/** What can go wrong with a step. All befall the next step but those that fail: they last, for all steps or for one. */
export type ActTrouble = 'act-busy' | 'act-fails' | 'act-fails-one' | 'act-hangs' | 'act-times-out' | 'act-lies'

export const actTroubles: readonly ActTrouble[] = [
  'act-busy',
  'act-fails',
  'act-fails-one',
  'act-fails-one',
  'act-hangs',
  'act-times-out',
  'act-lies',
]

export function isActTrouble(word: string): word is ActTrouble {
  return actTroubles.some((trouble) => trouble === word)
}

/** What a target did, or said it did. */
export interface Done {
  readonly request: ActRequest
  /** Whether it has had an effect now; a repeat finds it done, and a liar does nothing. */
  readonly isNews: boolean
}

/** Those who watch what a target is asked to do. */
export interface ActWatch {
  /** A caller is about to ask. */
  asked(target: SimTarget, request: ActRequest): void
  did(target: SimTarget, done: Done): void
  /** What the caller was told; `never` where it is no use to ask again. */
  told(target: SimTarget, request: ActRequest, answer: 'done' | 'later' | 'never'): void
}

/** Where a crash leaves a step done that nobody was told of. */
export const ACTED = 'a step was done'
const KEYS_KEPT = 500
const ANSWER_MS = 30_000

export interface ActParts {
  readonly time: SimTime
  readonly prng: Prng
  readonly boundaries: Boundaries
  readonly watch: ActWatch
}

/** What a target does beside holding resources: each key once, whatever becomes of the answer. */
export class SimActs {
  readonly #target: SimTarget
  readonly #parts: ActParts
  readonly #troubles = new Set<ActTrouble>()
  /** The step that `act-fails-one` is about. */
  #failing = ''
  /** Keys of what was done. */
  readonly #done = new Set<string>()

  constructor(target: SimTarget, parts: ActParts) {
    this.#target = target
    this.#parts = parts
  }

  trouble(trouble: ActTrouble): void {
    this.#troubles.add(trouble)
    if (trouble === 'act-fails-one')
      this.#failing = this.#parts.prng.pick(abilitiesOf(this.#target.member).actions ?? [''])
  }

  relieve(trouble?: ActTrouble): void {
    if (trouble === undefined) this.#troubles.clear()
    else this.#troubles.delete(trouble)
  }

  async act(life: Life, request: ActRequest): Promise<{ readonly message: string }> {
    const { time, prng, boundaries } = this.#parts
    const { name } = this.#target
    const doing = request.action
    const trouble = this.#next(doing)
    switch (trouble) {
      case 'act-busy':
        throw targetErrors.busy({ target: name, status: 503, doing, message: 'try again' })
      case 'act-fails':
      case 'act-fails-one':
        throw targetErrors.refused({ target: name, reason: `${doing} does not work today` })
      case 'act-hangs':
        // Half of those that hang have done it.
        if (prng.chance(0.5)) this.#do(request)
        return new Promise(() => undefined)
      case 'act-lies':
        this.#say(request, false)
        return { message: 'done' }
      default:
        this.#do(request)
        await boundaries.pass(ACTED, life)
        if (trouble === null) return { message: 'done' }
        await life.hears(time.pass(ANSWER_MS))
        throw targetErrors.unreachable({ target: name, host: 'simulated', reason: 'no answer' })
    }
  }

  #do(request: ActRequest): void {
    const isNews = !this.#done.has(request.idempotencyKey)
    this.#done.add(request.idempotencyKey)
    if (this.#done.size > KEYS_KEPT) for (const oldest of this.#done) if (this.#done.delete(oldest)) break
    this.#say(request, isNews)
  }

  #say(request: ActRequest, isNews: boolean): void {
    this.#parts.watch.did(this.#target, { request, isNews })
  }

  #next(doing: string): ActTrouble | null {
    for (const trouble of this.#troubles) {
      if (trouble === 'act-fails-one' && doing !== this.#failing) continue
      if (trouble !== 'act-fails' && trouble !== 'act-fails-one') this.#troubles.delete(trouble)
      return trouble
    }
    return null
  }
}
