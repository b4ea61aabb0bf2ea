import { targetErrors } from '../../../../core/errors/target.ts'
import type { Json, JsonObject } from '../../../../core/json.ts'
import { makeResource } from '../../../../core/resource.ts'
import type { Resource } from '../../../../core/vocabulary.ts'
import type { Abilities, Acted } from '../../../../ports/driver.ts'
import type { Observed } from '../../conceal.ts'
import type { DriverDeps } from '../../settings.ts'
import { call } from '../program.ts'
import { type Answer, PROTOCOL, readActed, readAnswer, readApplied, readObserved } from '../protocol.ts'
import type { CommandTarget } from '../settings.ts'
import { wordsOf } from './wire.ts'

/** Where the resources stand that the test makes and removes. */
export const NAMESPACE = 'honua-driver-test'

export interface Subject {
  readonly program: CommandTarget
  /** Kind of the resources that the test makes. */
  readonly kind: string
  /** By the name the program knows them by. */
  readonly secrets: Readonly<Record<string, string>>
}

type Reader<Result> = (result: JsonObject) => Result | string

/** Asks the program, and remembers what it said of itself. */
export class Tester {
  readonly #subject: Subject
  readonly #deps: Pick<DriverDeps, 'clock'>
  readonly #signal: AbortSignal
  abilities: Abilities | null = null

  constructor(subject: Subject, deps: Pick<DriverDeps, 'clock'>, signal: AbortSignal) {
    this.#subject = subject
    this.#deps = deps
    this.#signal = signal
  }

  async ask<Result>(
    method: string,
    params: JsonObject,
    read: Reader<Result>,
    more: JsonObject = {},
  ): Promise<Answer<Result>> {
    const { program, secrets } = this.#subject
    const request = {
      protocol: PROTOCOL,
      method,
      target: program.name,
      environment: 'test',
      settings: program.settings,
      secrets,
      params,
      ...more,
    }
    const text = await call(program, `${JSON.stringify(request)}\n`, Object.values(secrets), this.#deps, this.#signal)
    return readAnswer(text, read)
  }

  /** What stands in the test's own namespace. */
  async mine(): Promise<readonly Observed[]> {
    const answer = await this.ask('observe', {}, readObserved)
    const { name: target, command } = this.#subject.program
    if (answer.kind !== 'result')
      throw targetErrors.command({ target, file: command[0], problem: wordsOf(answer), retry: 'never' })
    return answer.result.filter(({ live }) => live.namespace === NAMESPACE)
  }

  async find({ key }: Resource): Promise<Observed | undefined> {
    return (await this.mine()).find(({ live }) => live.key === key)
  }

  apply(changes: readonly Json[]): Promise<Answer<null>> {
    return this.ask('apply', { idempotencyKey: 'test/1/0', changes }, readApplied)
  }

  act(action: string): Promise<Answer<Acted>> {
    const params = { idempotencyKey: `test/1/0/test/${action}`, action, inputs: {}, changed: [], desired: [] }
    return this.ask('act', params, readActed)
  }

  resource(name: string, spec: JsonObject): Resource {
    const metadata = { labels: { tier: 'one' } }
    return makeResource({
      apiVersion: 'honua.io/v1',
      kind: this.#subject.kind,
      namespace: NAMESPACE,
      name,
      metadata,
      spec,
    })
  }
}
