import type { Observed } from '../../conceal.ts'
import { readApplied, readHealth, readProbe, readRefusals } from '../protocol.ts'
import { NAMESPACE, type Tester } from './tester.ts'
import { creation, deletion, landed, unsupported, update, wordsOf } from './wire.ts'

const ODD_NAME = 'straße: 50% / #1'

/** What is asked, and what a test makes of the answer: null when it is right. */
interface Trial {
  readonly what: string
  readonly run: (tester: Tester) => Promise<string | null>
}

/** In order. */
export const TRIALS: readonly Trial[] = [
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
export const NEEDED = 2
