import { describe, expect, it } from 'vitest'
import { HonuaError } from '../../src/core/errors/index.ts'
import { EffectDesk } from '../../src/runtime/effects.ts'
import { createLimiter } from '../../src/runtime/limiter.ts'
import { retrying, withDeadline } from '../../src/runtime/patience.ts'
import { silentLog } from '../support/silent-log.ts'
import { settle, virtualClock } from '../support/virtual-clock.ts'

interface Work {
  readonly id: string
  readonly kind: string
}

/** A desk whose effects end when the test says so. */
function aDesk() {
  const running: { readonly id: string; readonly signal: AbortSignal; readonly end: () => void }[] = []
  const answers: string[] = []
  const desk = new EffectDesk<{ readonly owed: readonly Work[] }, Work, string>({
    carry: (effect, _, signal) =>
      new Promise((resolve) => running.push({ id: effect.id, signal, end: () => resolve(`${effect.id} done`) })),
    answer: async (fact) => answers.push(fact),
    log: silentLog,
  })
  const owe = (...ids: readonly string[]) => desk.pay({ owed: ids.map((id) => ({ id, kind: 'look' })) })
  return { desk, owe, running, answers }
}

describe('an effect that is owed', () => {
  it('runs once, however often it is seen owed', async () => {
    const { owe, running, answers } = aDesk()
    owe('a')
    owe('a')
    await settle()
    running[0]?.end()
    await settle()
    expect([running.length, answers]).toEqual([1, ['a done']])
  })

  it('is aborted when it is no longer owed, and its answer is dropped', async () => {
    const { owe, running, answers } = aDesk()
    owe('a')
    await settle()
    owe()
    running[0]?.end()
    await settle()
    expect([running[0]?.signal.aborted, answers]).toEqual([true, []])
  })

  it('the next one starts only when the aborted one has let go', async () => {
    const { owe, running } = aDesk()
    owe('a')
    await settle()
    owe('b')
    await settle()
    expect(running.map((one) => one.id)).toEqual(['a'])
    running[0]?.end()
    await settle()
    expect(running.map((one) => one.id)).toEqual(['a', 'b'])
  })

  it('nothing starts after a stop', async () => {
    const { desk, owe, running } = aDesk()
    const stopped = desk.stop()
    owe('a')
    await stopped
    await settle()
    expect(running).toEqual([])
  })
})

describe('patience', () => {
  const passing = () => new HonuaError('HONUA_X', 'later', 'x', 'wait')

  it('a deadline aborts the task and says what took too long', async () => {
    const clock = virtualClock()
    const result = withDeadline(
      clock,
      { ms: 5_000, what: 'the look', signal: new AbortController().signal },
      () => new Promise(() => undefined),
    )
    const failed = expect(result).rejects.toThrow('the look took longer than 5000 ms')
    await clock.advance(5_000)
    await failed
    expect(clock.pending).toBe(0)
  })

  it('what may pass is tried again after growing pauses, and given up after the last try', async () => {
    const clock = virtualClock()
    const times: number[] = []
    const start = clock.now()
    const result = retrying(clock, { tries: 4, signal: new AbortController().signal }, () => {
      times.push(clock.now() - start)
      return Promise.reject(passing())
    })
    const failed = expect(result).rejects.toThrow('x')
    await clock.advance(60_000)
    await failed
    expect(times).toEqual([0, 500, 1_500, 3_500])
  })

  it('what is refused, and what is stale, is not tried again', async () => {
    const clock = virtualClock()
    let tries = 0
    for (const error of [
      new HonuaError('HONUA_X', 'never', 'x', ''),
      new HonuaError('HONUA_TARGET_STALE', 'later', 'x', ''),
    ])
      await retrying(clock, { tries: 4, signal: new AbortController().signal }, () => {
        tries += 1
        return Promise.reject(error)
      }).catch(() => undefined)
    expect(tries).toBe(2)
  })
})

describe('a limiter', () => {
  it('lets no more run at once than allowed, and everything in the end', async () => {
    const limiter = createLimiter(2)
    let now = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 9 }, (_, at) =>
        limiter
          .run(async () => {
            now += 1
            most = Math.max(most, now)
            await settle()
            now -= 1
            if (at === 3) throw new Error('one fails')
          })
          .catch(() => undefined),
      ),
    )
    expect([most, now]).toEqual([2, 0])
  })
})
