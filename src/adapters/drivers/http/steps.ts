/** Steps of a topology that an API does by templates of its requests. */
import { canonicalJson } from '../../../core/canonical.ts'
import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import type { Json } from '../../../core/json.ts'
import { resolveIn, secretsIn } from '../../../core/placeholders.ts'
import type { Acted, ActRequest } from '../../../ports/driver.ts'
import type { StepActions } from '../checks/index.ts'
import { gatherSecrets } from '../conceal.ts'
import type { DriverDeps } from '../settings.ts'
import type { Content, HttpApi } from './api.ts'
import { CannotFill, filledBody, filledPath, filledXml, keyOf, type Values, valuesOf } from './fill.ts'
import { at } from './pointers.ts'
import type { ActionTemplate, HttpTarget, LookTemplate, StepRequest } from './settings.ts'

/** Requests of one step at most: more is a mistake in the template, or a change that needs a request for all. */
const REQUESTS_MAX = 1_000

/** The steps that a target's `actions` describe. */
export function templateActions(
  target: Pick<HttpTarget, 'name' | 'actions'>,
  api: HttpApi,
  deps: Pick<DriverDeps, 'clock' | 'resolveSecret'>,
): StepActions {
  const templates = new Map(Object.entries(target.actions))
  const refuse = (reason: string) => targetErrors.refused({ target: target.name, reason })
  const fault = (request: ActRequest): string | null => {
    const template = templates.get(request.action)
    return template === undefined ? null : faultOf(template, request)
  }
  return {
    names: [...templates.keys()],
    fault,
    async act(request, signal) {
      signal.throwIfAborted()
      const template = templates.get(request.action)
      if (template === undefined) throw refuse(`it cannot do the step ${request.action}`)
      const reason = faultOf(template, request)
      if (reason !== null) throw refuse(reason)
      return new Step(target.name, api, deps, template, request, signal).done()
    },
  }
}

/** Why the requests cannot be made of what is given; null when they can. What an answer is to give is seen only then. */
function faultOf(template: ActionTemplate, request: ActRequest): string | null {
  try {
    let sent = 0
    for (const { path, each, body, xml, poll } of template.requests)
      for (const values of valuesOf(request, each)) {
        filledPath(withoutAnswers(path), values)
        filledBody(withoutAnswersIn(body ?? null), values)
        filledXml(withoutAnswers(xml ?? ''), values)
        if (poll !== undefined) filledPath(withoutAnswers(poll.path), values)
        sent += 1
      }
    if (template.look !== undefined)
      for (const values of valuesOf(request, undefined)) filledPath(template.look.path, values)
    return sent > REQUESTS_MAX ? `it would take ${sent} requests, ${REQUESTS_MAX} at most are sent` : null
  } catch (error) {
    if (error instanceof CannotFill) return error.message
    throw error
  }
}

function isOneOf(value: Json | undefined, values: readonly Json[]): boolean {
  return value !== undefined && values.some((one) => canonicalJson(one) === canonicalJson(value))
}

function contentOf({ body, xml }: StepRequest, values: Values): Content | null {
  if (xml !== undefined) return { type: 'text/xml', text: filledXml(xml, values) }
  return body === undefined ? null : { type: 'application/json', text: JSON.stringify(filledBody(body, values)) }
}

const ANSWER = /\{answer\.[^}]*\}/g
const withoutAnswers = (path: string) => path.replace(ANSWER, 'answer')
const withoutAnswersIn = (body: Json): Json => JSON.parse(JSON.stringify(body).replace(ANSWER, 'answer'))

/** One step while it is done. */
class Step {
  readonly #target: string
  readonly #api: HttpApi
  readonly #deps: Pick<DriverDeps, 'clock' | 'resolveSecret'>
  readonly #template: ActionTemplate
  readonly #request: ActRequest
  readonly #signal: AbortSignal

  constructor(
    target: string,
    api: HttpApi,
    deps: Pick<DriverDeps, 'clock' | 'resolveSecret'>,
    template: ActionTemplate,
    request: ActRequest,
    signal: AbortSignal,
  ) {
    this.#target = target
    this.#api = api
    this.#deps = deps
    this.#template = template
    this.#request = request
    this.#signal = signal
  }

  /** Looks first, where there is something to look at: what is done already is not done again. */
  async done(): Promise<Acted> {
    const { look, requests } = this.#template
    const [common = {}] = valuesOf(this.#request, undefined)
    if (look !== undefined && (await this.#looked(look, common)) === 'done') return { message: 'done already' }
    let sent = 0
    let answer: Json = {}
    try {
      for (const [index, request] of requests.entries())
        for (const values of valuesOf(this.#request, request.each)) {
          answer = await this.#send(request, index, { ...values, answer })
          sent += 1
        }
    } catch (error) {
      this.#signal.throwIfAborted()
      // What an answer was to give, and did not.
      if (error instanceof CannotFill) throw this.#refused(error.message)
      const isUnknown = error instanceof HonuaError && error.code === 'HONUA_TARGET_UNREACHABLE'
      if (!isUnknown || look === undefined) throw error
      // No answer is no failure: what became of it is seen by looking.
      if (!(await this.#awaited(look, common))) throw error
      return { message: 'done, as a look shows; the answer itself did not come' }
    }
    if (sent === 0) return { message: 'nothing of it has changed' }
    return { message: `${sent} ${sent === 1 ? 'request' : 'requests'} answered as expected` }
  }

  async #send(request: StepRequest, index: number, values: Values): Promise<Json> {
    const { method, expect = {}, poll, path } = request
    const { inputs } = this.#request
    const secrets = await gatherSecrets(secretsIn(inputs), this.#deps.resolveSecret)
    const open = resolveIn(inputs, (name) => secrets.get(name) ?? '')
    const content = contentOf(request, { ...values, inputs: open })
    const headers = { [this.#template.keyHeader.toLowerCase()]: keyOf(String(values['key']), String(index)) }
    const where = { method, url: this.#api.address(filledPath(path, values), {}) }
    const answer = await this.#api.send(where, content, headers, secrets.values(), this.#signal)
    const isExpected = expect.status === undefined ? answer.isSuccess : expect.status.includes(answer.status)
    if (!isExpected) throw this.#refused(`${method} ${path} was answered ${answer.status}: ${answer.message}`)
    if (expect.equals !== undefined && !isOneOf(at(answer.data, expect.pointer ?? ''), [expect.equals]))
      throw this.#refused(
        `${method} ${path}: ${expect.pointer ?? 'the answer'} is not ${JSON.stringify(expect.equals)}`,
      )
    const data = answer.data ?? {}
    if (poll !== undefined && !(await this.#awaited(poll, { ...values, answer: data })))
      throw this.#refused(`${poll.path} did not tell within its time that it is done`)
    return data
  }

  /** Whether it was told to be done within the time allowed. */
  async #awaited(look: LookTemplate, values: Values): Promise<boolean> {
    const { clock } = this.#deps
    const until = clock.now() + look.within
    for (;;) {
      if ((await this.#looked(look, values)) === 'done') return true
      if (clock.now() + look.interval > until) return false
      await clock.sleep(look.interval, this.#signal)
    }
  }

  /** Throws when it is told to have failed. */
  async #looked({ path, pointer = '', done, failed = [] }: LookTemplate, values: Values): Promise<'done' | 'not yet'> {
    const url = this.#api.address(filledPath(path, values), {})
    const { data, isSuccess } = await this.#api.read(url, this.#signal)
    if (!isSuccess) return 'not yet'
    const told = at(data, pointer)
    if (isOneOf(told, failed)) throw this.#refused(`${path}: ${pointer} is ${JSON.stringify(told)}`)
    return done === undefined || isOneOf(told, done) ? 'done' : 'not yet'
  }

  #refused(reason: string): HonuaError {
    return targetErrors.refused({ target: this.#target, reason })
  }
}
