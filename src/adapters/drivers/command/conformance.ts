/** Whether a program keeps the protocol: it is asked what a controller would ask, and what a careless one would. */
import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import { makeResource } from '../../../core/resource.ts'
import type { Resource } from '../../../core/vocabulary.ts'
import type { Abilities, Acted } from '../../../ports/driver.ts'
import type { Observed } from '../conceal.ts'
import type { DriverDeps } from '../settings.ts'
import { call } from './program.ts'
import {
  type Answer,
  PROTOCOL,
  readActed,
  readAnswer,
  readApplied,
  readHealth,
  readObserved,
  readProbe,
  readRefusals,
} from './protocol.ts'
import type { CommandTarget } from './settings.ts'

/** Where the resources stand that the test makes and removes. */
const NAMESPACE = 'honua-driver-test'
const ODD_NAME = 'straße: 50% / #1'

/** One thing that the protocol asks for; `problem` is null when the program does it. */
export interface Check {
  readonly what: string
  readonly problem: string | null
}

export interface Subject {
  readonly program: CommandTarget
  /** Kind of the resources that the test makes. */
  readonly kind: string
  /** By the name the program knows them by. */
  readonly secrets: Readonly<Record<string, string>>
}

type Reader<Result> = (result: JsonObject) => Result | string

/** What is asked, and what a test makes of the answer: null when it is right. */
interface Trial {
  readonly what: string
  readonly run: (tester: Tester) => Promise<string | null>
}

/** Runs every check, in order; each is told as soon as it is done. What was made is removed in the end, if it can be. */
export async function checkProgram(
  subject: Subject,
  deps: Pick<DriverDeps, 'clock'>,
  tell: (check: Check) => void,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const tester = new Tester(subject, deps, signal)
  const checks: Check[] = []
  for (const { what, run } of TRIALS) {
    const problem = await outcomeOf(() => run(tester), signal)
    checks.push({ what, problem })
    tell({ what, problem })
    // Without these two nothing else can be told, and a target that is in use must not be written to.
    if (problem !== null && checks.length <= NEEDED) break
  }
  return checks
}

async function outcomeOf(work: () => Promise<string | null>, signal: AbortSignal): Promise<string | null> {
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof HonuaError) return error.message
    throw error
  }
}

/** Asks the program, and remembers what it said of itself. */
class Tester {
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

const TRIALS: readonly Trial[] = [
  {
    what: 'a probe says what it is and what it can do',
    run: async (tester) => {
      const answer = await tester.ask('probe', {}, readProbe)
      if (answer.kind === 'result') tester.abilities = answer.result.abilities
      return answer.kind === 'result' ? null : wordsOf(answer)
    },
  },
  {
    what: `observing lists everything, nothing of it in namespace ${NAMESPACE}`,
    run: async (tester) => {
      const left = await tester.mine()
      return left.length === 0
        ? null
        : `${left.map(({ live }) => live.key).join(', ')} is there: remove it, then try again`
    },
  },
  {
    what: 'another version of the protocol is answered with the error "unsupported"',
    run: async (tester) => unsupported(await tester.ask('probe', {}, readProbe, { protocol: 'honua-driver/0' })),
  },
  {
    what: 'a method it does not know is answered with the error "unsupported"',
    run: async (tester) => unsupported(await tester.ask('no-such-method', {}, readApplied)),
  },
  {
    what: 'fields it does not know are left alone',
    run: async (tester) => {
      const answer = await tester.ask('probe', { later: true }, readProbe, { later: { more: [1] } })
      return answer.kind === 'result' ? null : wordsOf(answer)
    },
  },
  {
    what: 'health is told',
    run: async (tester) => {
      const answer = await tester.ask('health', {}, readHealth)
      return answer.kind === 'result' ? null : wordsOf(answer)
    },
  },
  {
    what: 'a rehearsal answers with refusals and changes nothing',
    run: async (tester) => {
      const changes = [creation(tester.resource('a', { size: 1 }))]
      const answer = await tester.ask('dryRun', { idempotencyKey: 'test/1/0', changes }, readRefusals)
      if (answer.kind !== 'result') return wordsOf(answer)
      if (answer.result.length > 0) return `it refuses: ${answer.result.map(({ message }) => message).join('; ')}`
      return (await tester.mine()).length === 0 ? null : 'what was rehearsed is there'
    },
  },
  {
    what: 'what is created is observed as it was written, the memory with it',
    run: async (tester) => {
      const spec = { text: 'é\u0000"\\\n日本', list: [1, -0.5, true, null, { deep: {} }], password: 'canary' }
      const resource = tester.resource('a', spec)
      const memory = { '/spec/password': '${'.concat('PASSWORD}') }
      const problem = landed(await tester.apply([creation(resource, memory)]))
      if (problem !== null) return problem
      const found = await tester.find(resource)
      if (found?.live.digest !== resource.digest)
        return found === undefined ? 'it is not there' : 'it reads back otherwise'
      return JSON.stringify(found.templates) === JSON.stringify(memory) ? null : 'the memory is not handed back'
    },
  },
  {
    what: 'names of any kind come back as they were',
    run: async (tester) => {
      const resource = tester.resource(ODD_NAME, {})
      const problem = landed(await tester.apply([creation(resource)]))
      if (problem !== null) return problem
      return (await tester.find(resource)) === undefined ? `"${ODD_NAME}" is not there` : null
    },
  },
  {
    what: 'what does not change keeps its version',
    run: async (tester) => {
      const [before, after] = [await tester.mine(), await tester.mine()]
      const versions = (all: readonly Observed[]) =>
        JSON.stringify(all.map(({ live }) => [live.key, live.version]).sort())
      return versions(before) === versions(after) ? null : 'two observations in a row differ'
    },
  },
  {
    what: 'an update lands',
    run: async (tester) => {
      const resource = tester.resource('a', { size: 2 })
      const version = (await tester.find(resource))?.live.version ?? null
      const problem = landed(await tester.apply([update(resource, version)]))
      return (
        problem ?? ((await tester.find(resource))?.live.digest === resource.digest ? null : 'it reads back otherwise')
      )
    },
  },
  {
    what: 'a conditional write on another version is the error "stale", and nothing is written',
    run: async (tester) => {
      if (tester.abilities?.conditionalWrite !== true) return null
      const before = await tester.find(tester.resource('a', {}))
      const answers = [
        await tester.apply([update(tester.resource('a', { size: 3 }), 'no-such-version')]),
        await tester.apply([creation(tester.resource('a', { size: 3 }))]),
      ]
      if (answers.some((answer) => answer.kind !== 'error' || answer.error.code !== 'stale'))
        return 'it was not told as stale'
      const after = await tester.find(tester.resource('a', {}))
      return after?.live.digest === before?.live.digest ? null : 'it was written all the same'
    },
  },
  {
    what: 'a step that it does not name is the error "unsupported" or "refused"',
    run: async (tester) => {
      const answer = await tester.act('no-such-step')
      if (answer.kind === 'result') return 'it says that it was done'
      if (answer.kind === 'unusable') return wordsOf(answer)
      const { code } = answer.error
      return code === 'unsupported' || code === 'refused' ? null : `the error is "${code}"`
    },
  },
  {
    what: 'each step that it names is done, or refused without inputs, and the same key means the same',
    run: async (tester) => {
      for (const step of tester.abilities?.actions ?? []) {
        const [first, second] = [await tester.act(step), await tester.act(step)]
        for (const answer of [first, second])
          if (answer.kind !== 'result' && !(answer.kind === 'error' && answer.error.code === 'refused'))
            return `${step}: ${wordsOf(answer)}`
        if (first.kind !== second.kind) return `${step}: asked again with the same key, it is answered otherwise`
      }
      return null
    },
  },
  {
    what: 'what is deleted is gone, and nothing of the test is left',
    run: async (tester) => {
      if (tester.abilities?.delete !== 'delete') return null
      const changes = (await tester.mine()).map(({ live: { key, version } }) => deletion(key, version))
      const problem = landed(await tester.apply(changes))
      return problem ?? ((await tester.mine()).length === 0 ? null : 'some of it is still there')
    },
  },
]
/** Checks at the beginning without which the others are not tried. */
const NEEDED = 2

function creation({ key, ...resource }: Resource, memory: JsonObject = {}): Json {
  return { action: 'create', means: null, key, version: null, resource: wireOf({ key, ...resource }, memory) }
}

function update(resource: Resource, version: string | null): Json {
  return { action: 'update', means: null, key: resource.key, version, resource: wireOf(resource, {}) }
}

function deletion(key: string, version: string | null): Json {
  return { action: 'delete', means: null, key, version, resource: null }
}

function wireOf({ apiVersion, kind, namespace, name, metadata, spec }: Resource, memory: JsonObject): JsonObject {
  return { apiVersion, kind, namespace, name, metadata, spec, memory }
}

function landed(answer: Answer<null>): string | null {
  return answer.kind === 'result' ? null : wordsOf(answer)
}

function unsupported(answer: Answer<unknown>): string | null {
  if (answer.kind === 'error') return answer.error.code === 'unsupported' ? null : `the error is "${answer.error.code}"`
  return answer.kind === 'unusable' ? wordsOf(answer) : 'it was answered'
}

function wordsOf(answer: Exclude<Answer<unknown>, { readonly kind: 'result' }>): string {
  if (answer.kind === 'unusable') return `the answer is unusable: ${answer.problem}`
  const { code, message, failures } = answer.error
  const told = failures.map(({ key, message: words }) => `${key} (${words})`).join('; ')
  return `error "${code}": ${message}${told === '' ? '' : `; ${told}`}`
}
