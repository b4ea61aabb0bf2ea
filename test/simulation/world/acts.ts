import { targetErrors } from '../../../src/core/errors/target.ts'
import type { ActRequest } from '../../../src/ports/driver.ts'
import type { Prng } from '../prng.ts'
import type { Boundaries } from './boundaries.ts'
import type { Life } from './life.ts'
import { abilitiesOf, RESTORE } from './site.ts'
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
/** Where a crash leaves a backup put back in part. */
const HALF_BACK = 'a backup is half put back'
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
  /** Keys with which a backup began to be put back. */
  readonly #begun = new Set<string>()

  constructor(target: SimTarget, parts: ActParts) {
    this.#target = target
    this.#parts = parts
  }

  trouble(trouble: ActTrouble): void {
    this.#troubles.add(trouble)
    if (trouble === 'act-fails-one')
      this.#failing = this.#parts.prng.pick(listed(abilitiesOf(this.#target.member).actions))
  }

  relieve(trouble?: ActTrouble): void {
    if (trouble === undefined) this.#troubles.clear()
    else this.#troubles.delete(trouble)
  }

  async act(life: Life, request: ActRequest): Promise<{ readonly message: string }> {
    const { time, prng, boundaries } = this.#parts
    const { name } = this.#target
    const doing = request.action
    this.#refuseRestore(request)
    const trouble = this.#next(doing)
    switch (trouble) {
      case 'act-busy':
        throw targetErrors.busy({ target: name, status: 503, doing, message: 'try again' })
      case 'act-fails':
      case 'act-fails-one':
        throw targetErrors.refused({ target: name, reason: `${doing} does not work today` })
      case 'act-hangs':
        // Half of those that hang have done it.
        if (prng.chance(0.5)) await this.#do(life, request)
        else this.#begin(request)
        return new Promise(() => undefined)
      case 'act-lies':
        this.#say(request, false)
        return { message: 'done' }
      default:
        await this.#do(life, request)
        await boundaries.pass(ACTED, life)
        if (trouble === null) return { message: 'done' }
        await life.hears(time.pass(ANSWER_MS))
        throw targetErrors.unreachable({ target: name, host: 'simulated', reason: 'no answer' })
    }
  }

  async #do(life: Life, request: ActRequest): Promise<void> {
    const isNews = !this.#done.has(request.idempotencyKey)
    if (isNews && request.action === RESTORE) await this.#restore(life, request)
    else this.#say(request, isNews)
    if (isNews && request.action === 'create-backup') this.#target.makeBackup()
    this.#done.add(request.idempotencyKey)
    if (this.#done.size > KEYS_KEPT) for (const oldest of this.#done) if (this.#done.delete(oldest)) break
  }

  /** One that breaks off halfway stays so: what is begun once is not begun again. */
  async #restore(life: Life, request: ActRequest): Promise<void> {
    const finish = this.#target.putBack(request.inputs['backup'])
    this.#begin(request)
    this.#say(request, true)
    await this.#parts.boundaries.pass(HALF_BACK, life)
    finish()
  }

  #begin({ action, idempotencyKey }: ActRequest): void {
    if (action === RESTORE) this.#begun.add(idempotencyKey)
  }

  /** As a database does: a backup must be there and be the one that is meant, and nobody is told twice what nobody knows. */
  #refuseRestore({ action, idempotencyKey, inputs }: ActRequest): void {
    const { name, backups } = this.#target
    if (action !== RESTORE || this.#done.has(idempotencyKey)) return
    if (this.#begun.has(idempotencyKey))
      throw targetErrors.refused({ target: name, reason: 'it was begun, and how it ended is not known' })
    const { id, digest } = backups.named(inputs['backup'])
    if ((inputs['digest'] ?? digest) !== digest)
      throw targetErrors.refused({ target: name, reason: `the backup ${id} is another than was approved` })
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

/** What a topology may list. */
function listed(actions: readonly string[] = []): readonly string[] {
  return actions.filter((action) => action !== RESTORE)
}
