import { expect, it } from 'vitest'
import { Tidying } from '../../../src/adapters/drivers/directory/tidying.ts'
import { TestClock } from './deps.ts'

/** A clock whose pauses end when the test says so, or by their signal. */
class HeldClock extends TestClock {
  #end: () => void = () => undefined

  override sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#end = resolve
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
  }
  endPause(): void {
    this.#end()
  }
}

function setUp() {
  const clock = new HeldClock()
  const tidying = new Tidying(clock)
  const done: string[] = []
  const later = (what: string) =>
    tidying.later(async () => {
      done.push(what)
    })
  return { clock, tidying, done, later }
}

it('old releases stay while what was written is read back', async () => {
  const { clock, tidying, done, later } = setUp()
  later('first')
  expect(done).toEqual([])
  clock.endPause()
  await tidying.now()
  expect(done).toEqual(['first'])
})

it('whoever writes next, or closes, does not wait for the pause, and never writes beside it', async () => {
  const { tidying, done, later } = setUp()
  later('first')
  await tidying.now()
  done.push('written')
  later('second')
  await tidying.now()
  await tidying.now()
  expect(done).toEqual(['first', 'written', 'second'])
})
