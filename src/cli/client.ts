import type { IncomingMessage } from 'node:http'
import type {
  AuditView,
  ChallengeView,
  DeploymentList,
  DoneView,
  EnvironmentList,
  EnvironmentView,
  ErrorView,
  EventView,
  PlanAnswer,
  ReplayBundle,
  RollbackView,
  SourceView,
  StatusView,
} from '../api/contract.ts'
import { cliErrors } from '../core/errors/cli.ts'
import type { Deployment } from '../core/vocabulary.ts'
import { answering } from './challenge.ts'
import { Refusal } from './failure.ts'
import { type Sent, send, textLines, wholeText } from './http.ts'
import { type LiveEvent, liveEvents } from './live.ts'

/** What can be looked at, by path: the contract's reads. */
interface Reads {
  readonly status: StatusView
  readonly source: SourceView
  readonly environments: EnvironmentList
}

/** The controller as the commands see it. Every call may throw a Refusal, HONUA_CONTROLLER_UNREACHABLE or HONUA_SOCKET_DENIED. */
export class Client {
  readonly socket: string
  readonly #token: string | undefined

  constructor(options: { readonly socket: string; readonly token: string | undefined }) {
    this.socket = options.socket
    this.#token = options.token === '' ? undefined : options.token
  }

  look<Name extends keyof Reads>(name: Name): Promise<Reads[Name]> {
    return this.#read<Reads[Name]>(`/v1/${name}`)
  }
  environment(name: string): Promise<EnvironmentView> {
    return this.#read(`/v1/environments/${part(name)}`)
  }
  environmentPlan(name: string): Promise<PlanAnswer> {
    return this.#read(`/v1/environments/${part(name)}/plan`)
  }
  history(name: string, limit: number): Promise<DeploymentList> {
    return this.#read(`/v1/environments/${part(name)}/history?limit=${limit}`)
  }
  deployments(asked: { readonly environment: string | null; readonly limit: number }): Promise<DeploymentList> {
    const of = asked.environment === null ? '' : `&environment=${part(asked.environment)}`
    return this.#read(`/v1/deployments?limit=${asked.limit}${of}`)
  }
  deployment(id: string): Promise<Deployment> {
    return this.#read(`/v1/deployments/${part(id)}`)
  }
  deploymentPlan(id: string): Promise<PlanAnswer> {
    return this.#read(`/v1/deployments/${part(id)}/plan`)
  }
  replayBundle(environment: string): Promise<ReplayBundle> {
    return this.#read(`/v1/replay/${part(environment)}`)
  }
  /** The lines of a backup, as they stand in its file. */
  async *backup(): AsyncIterable<string> {
    yield* textLines(await this.#send({ method: 'GET', path: '/v1/backup' }))
  }
  audit(from: number): AsyncIterable<AuditView> {
    return this.#lines(`/v1/audit?from=${from}`)
  }
  events(asked: { readonly environment: string | null; readonly limit: number }): AsyncIterable<EventView> {
    const of = asked.environment === null ? '' : `&environment=${part(asked.environment)}`
    return this.#lines(`/v1/events?limit=${asked.limit}${of}`)
  }

  /** Resolves when the controller tells events live; they end with the signal. */
  async follow(
    environment: string | null,
    signal: AbortSignal,
    after: string | null = null,
  ): Promise<AsyncIterable<LiveEvent>> {
    const of = environment === null ? '' : `&environment=${part(environment)}`
    const headers = after === null ? {} : { 'last-event-id': after }
    const answer = await this.#send({ method: 'GET', path: `/v1/events?follow=true${of}`, headers, signal })
    return liveEvents(answer, signal)
  }

  /** An order in the caller's own name: by token where HONUA_TOKEN is set, else as the local user. */
  order(path: string, body: object): Promise<DoneView> {
    return this.#order(`/v1/${path}`, body)
  }
  rollback(environment: string, body: object): Promise<RollbackView> {
    return this.#order(`/v1/environments/${part(environment)}/rollback`, body)
  }

  restore(environment: string, body: object): Promise<RollbackView> {
    return this.#order(`/v1/environments/${part(environment)}/restore`, body)
  }

  async #order<Value>(path: string, body: object): Promise<Value> {
    if (this.#token !== undefined)
      return parsed(
        await this.#send({ method: 'POST', path, body, headers: { authorization: `Bearer ${this.#token}` } }),
      )
    const challenge: ChallengeView = await parsed(
      await this.#send({ method: 'POST', path: '/v1/identity/challenge', body: {} }),
    )
    return answering(this.socket, challenge, async () =>
      parsed(await this.#send({ method: 'POST', path, body, headers: { 'honua-challenge': challenge.nonce } })),
    )
  }

  async #read<Value>(path: string): Promise<Value> {
    return parsed(await this.#send({ method: 'GET', path }))
  }

  async *#lines<Value>(path: string): AsyncIterable<Value> {
    for await (const line of textLines(await this.#send({ method: 'GET', path }))) if (line !== '') yield parse(line)
  }

  async #send(sent: Sent): Promise<IncomingMessage> {
    const answer = await send(this.socket, sent)
    if (answer.statusCode === 200) return answer
    const view = parse<Partial<ErrorView>>(await wholeText(answer))
    const { why, code, message, remedy } = view
    if (why === undefined || code === undefined || message === undefined || remedy === undefined)
      throw cliErrors.answerBroken({ reason: `status ${answer.statusCode}` })
    throw new Refusal({ why, code, message, remedy })
  }
}

/** One part of a path, so that no name leads elsewhere. Half a character, which no name holds, is replaced by what no name holds either. */
export function part(name: string): string {
  return encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd'))
}

async function parsed<Value>(answer: IncomingMessage): Promise<Value> {
  return parse(await wholeText(answer))
}

/** What our own controller sends has the shape of the contract; that it is JSON is checked. */
function parse<Value>(text: string): Value {
  try {
    return JSON.parse(text)
  } catch {
    throw cliErrors.answerBroken({ reason: 'it is no JSON' })
  }
}
