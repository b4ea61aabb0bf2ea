import fc from 'fast-check'
import { debounceTime, interval, map, Subject, take, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { TimerHeap } from './timer-heap.ts'
import { virtualClock } from './virtual-clock.ts'

describe('the heap of timers', () => {
  it('gives what a sorted list would give, cancelled ones left out', () => {
    const operation = fc.record({ at: fc.nat(20), cancels: fc.boolean() })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), fc.nat(20), (operations, until) => {
        const heap = new TimerHeap()
        const kept: { readonly at: number; readonly index: number }[] = []
        const taken: number[] = []
        for (const [index, { at, cancels }] of operations.entries()) {
          const cancel = heap.set(at, () => taken.push(index))
          if (cancels) cancel()
          else kept.push({ at, index })
        }
        expect(heap.size).toBe(kept.length)
        for (let next = heap.take(until); next !== undefined; next = heap.take(until)) next.run()
        const due = kept.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || a.index - b.index)
        expect(taken).toEqual(due.map(({ index }) => index))
        expect(heap.size).toBe(kept.length - due.length)
      }),
    )
  })
})

describe('virtual time', () => {
  it('stands still until it is moved, and timers see their own moment', async () => {
    const clock = virtualClock(1_000)
    const seen: number[] = []
    clock.sleep(50).then(() => seen.push(clock.now()))
    timer(20, clock.scheduler).subscribe(() => seen.push(clock.now()))
    await clock.advance(19)
    expect(seen).toEqual([])
    await clock.advance(100)
    expect([seen, clock.now(), clock.pending]).toEqual([[1_020, 1_050], 1_119, 0])
  })

  it('what a timer starts runs in the same advance', async () => {
    const clock = virtualClock(0)
    const naps: number[] = []
    const sleeper = async () => {
      for (let nap = 0; nap < 3; nap += 1) {
        await clock.sleep(10)
        naps.push(clock.now())
      }
    }
    const done = sleeper()
    await clock.advance(30)
    await done
    expect(naps).toEqual([10, 20, 30])
  })

  it('an abort ends a sleep with its reason and leaves no timer', async () => {
    const clock = virtualClock()
    const stop = new AbortController()
    const sleeping = clock.sleep(1_000, stop.signal)
    stop.abort(new Error('enough'))
    await expect(sleeping).rejects.toThrow('enough')
    expect(clock.pending).toBe(0)
  })

  it('a jump of the wall clock makes nothing due', async () => {
    const clock = virtualClock(0)
    let fired = false
    timer(100, clock.scheduler).subscribe(() => {
      fired = true
    })
    clock.jump(1_000_000)
    await clock.advance(99)
    expect([fired, clock.now()]).toEqual([false, 1_000_099])
  })

  it('rxjs operators keep their promises on it', async () => {
    const clock = virtualClock(0)
    const keys$ = new Subject<string>()
    const seen: string[] = []
    keys$.pipe(debounceTime(10, clock.scheduler)).subscribe((key) => seen.push(`${key}@${clock.now()}`))
    interval(7, clock.scheduler)
      .pipe(
        take(3),
        map((n) => `tick${n}`),
      )
      .subscribe((tick) => seen.push(`${tick}@${clock.now()}`))
    for (const key of ['a', 'b', 'c']) {
      keys$.next(key)
      await clock.advance(4)
    }
    await clock.advance(20)
    expect(seen).toEqual(['tick0@7', 'tick1@14', 'c@18', 'tick2@21'])
    expect(clock.pending).toBe(0)
  })

  it('an action that schedules itself twice runs once, as on the scheduler of rxjs', async () => {
    const clock = virtualClock(0)
    const runs: number[] = []
    clock.scheduler.schedule(function () {
      runs.push(clock.now())
      if (runs.length === 1) {
        this.schedule(undefined, 5)
        this.schedule(undefined, 9)
      }
    }, 1)
    await clock.advance(100)
    expect(runs).toEqual([1, 10])
  })

  it('one seed gives one series of chances', () => {
    const series = () => {
      const clock = virtualClock(0, 7)
      return [clock.random(), clock.random(), clock.id()]
    }
    expect(series()).toEqual(series())
  })
})
