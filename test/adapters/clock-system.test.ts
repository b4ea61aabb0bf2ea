import { asyncScheduler } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/adapters/clock-system.ts'

const DAY_MS = 86_400_000

afterEach(() => {
  vi.useRealTimers()
})

describe('the system clock', () => {
  it('tells the time of the machine', () => {
    vi.useFakeTimers({ now: Date.UTC(2025, 9, 4, 15, 33, 44) })
    expect(systemClock().now()).toBe(Date.UTC(2025, 9, 4, 15, 33, 44))
  })

  it('gives chances in [0, 1) that differ', () => {
    const clock = systemClock()
    const chances = Array.from({ length: 1_000 }, () => clock.random())
    expect(chances.every((chance) => chance >= 0 && chance < 1)).toBe(true)
    expect(new Set(chances).size).toBe(1_000)
  })

  it('gives ids of 32 hex characters, each once', () => {
    const clock = systemClock()
    const ids = Array.from({ length: 1_000 }, () => clock.id())
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true)
    expect(new Set(ids).size).toBe(1_000)
  })

  it('runs streams on the scheduler of rxjs', () => {
    expect(systemClock().scheduler).toBe(asyncScheduler)
  })
})

describe('a sleep', () => {
  const asleep = (ms: number, signal?: AbortSignal) => {
    const state = { ended: false }
    const sleep = systemClock()
      .sleep(ms, signal)
      .finally(() => {
        state.ended = true
      })
    return { state, sleep }
  }

  it('ends when its time is over and not before', async () => {
    vi.useFakeTimers()
    const { state } = asleep(1_000)
    await vi.advanceTimersByTimeAsync(999)
    expect(state.ended).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(state.ended).toBe(true)
  })

  it('longer than a timer can be (24.8 days) lasts its whole time', async () => {
    vi.useFakeTimers()
    const { state } = asleep(60 * DAY_MS)
    for (let day = 1; day < 60; day += 1) await vi.advanceTimersByTimeAsync(DAY_MS)
    expect(state.ended).toBe(false)
    await vi.advanceTimersByTimeAsync(DAY_MS)
    expect(state.ended).toBe(true)
  })

  it('that is aborted ends at once with the reason and leaves no timer and no listener', async () => {
    vi.useFakeTimers()
    const stop = new AbortController()
    const { sleep } = asleep(1_000, stop.signal)
    const refused = expect(sleep).rejects.toThrow('enough')
    stop.abort(new Error('enough'))
    await refused
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([0, 10])('of %i ms that was aborted before it began never begins', async (ms) => {
    await expect(systemClock().sleep(ms, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
  })

  it('leaves nothing behind on the signal', async () => {
    vi.useFakeTimers()
    const { signal } = new AbortController()
    const removed = vi.spyOn(signal, 'removeEventListener')
    const { sleep } = asleep(10, signal)
    await vi.advanceTimersByTimeAsync(10)
    await sleep
    expect(removed).toHaveBeenCalledTimes(1)
  })

  it.each([0, -5])('of %i ms is none', async (ms) => {
    await expect(systemClock().sleep(ms)).resolves.toBeUndefined()
  })
})
