import { merge, NEVER, of, Subject } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, it } from 'vitest'
import type { EnvironmentFact } from '../../machines/environment/types.ts'
import { coalesced } from '../../src/streams/coalesce.ts'
import { pauseAfter, polls$ } from '../../src/streams/polls.ts'
import { alarms$, type Sleeper, wakes$ } from '../../src/streams/wakes.ts'
import { silentLog } from '../support/silent-log.ts'
import { settle, type VirtualClock, virtualClock } from '../support/virtual-clock.ts'

const marbles = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected))

describe('coalesced triggers', () => {
  it('all that arrive during a run mean exactly one more', () => {
    marbles().run(({ hot, cold, expectObservable }) => {
      const triggers$ = hot(' a-bcd---------e')
      const expected = '      -----a----d--------e'
      const result$ = coalesced(triggers$, (trigger) => cold('-----(r|)', { r: trigger }))
      expectObservable(result$, '-----------------------!').toBe(expected)
    })
  })

  it('a run that ends at once does not lose the trigger after it', () => {
    const seen: number[] = []
    coalesced(of(1, 2, 3), (trigger) => of(trigger)).subscribe((value) => seen.push(value))
    expect(seen).toEqual([1, 2, 3])
  })
})

describe('polls', () => {
  const pace = { enabled: true, intervalMs: 30_000, maxBackoffMs: 300_000 }

  it('polls at once, then by the interval, give or take a tenth', async () => {
    const clock = virtualClock()
    const times: number[] = []
    const start = clock.now()
    const subscription = polls$({
      clock,
      pace,
      trigger$: new Subject(),
      poll: async () => ({ ok: true, at: times.push(clock.now() - start) }),
    }).subscribe()
    await clock.advance(100_000)
    subscription.unsubscribe()
    expect(times[0]).toBe(0)
    const pauses = times.slice(1).map((time, at) => time - (times[at] ?? 0))
    expect(pauses.length).toBeGreaterThanOrEqual(2)
    for (const pause of pauses) expect(Math.abs(pause - 30_000)).toBeLessThanOrEqual(3_000)
  })

  it('backs off while polls fail, and goes back to the interval afterwards', () => {
    expect([0, 1, 2, 3, 9].map((failures) => pauseAfter(pace, failures, 0.5))).toEqual([
      30_000, 60_000, 120_000, 240_000, 300_000,
    ])
  })

  it('a trigger polls at once; ten during a poll mean one more', async () => {
    const clock = virtualClock()
    const trigger$ = new Subject<null>()
    let polls = 0
    const subscription = polls$({
      clock,
      pace: { ...pace, enabled: false },
      trigger$,
      poll: async () => {
        polls += 1
        await clock.sleep(1_000)
        return { ok: true }
      },
    }).subscribe()
    await clock.advance(10)
    for (let at = 0; at < 10; at += 1) trigger$.next(null)
    await clock.advance(60_000)
    subscription.unsubscribe()
    expect(polls).toBe(2)
  })
})

describe('wake-ups', () => {
  it('wake when the deadline is reached and not before; a new deadline replaces the old one', async () => {
    const clock = virtualClock()
    const start = clock.now()
    const deadline$ = new Subject<number | null>()
    const woken: number[] = []
    wakes$(deadline$, clock).subscribe(() => woken.push(clock.now() - start))
    deadline$.next(start + 50_000)
    await clock.advance(10_000)
    deadline$.next(start + 3_600_000)
    await clock.advance(3_600_000)
    expect(woken).toEqual([3_600_000])
  })

  it('follow the wall clock when it is set forward', async () => {
    const clock = virtualClock()
    const deadline$ = new Subject<number | null>()
    const woken: string[] = []
    wakes$(deadline$, clock).subscribe((wake) => woken.push(wake))
    deadline$.next(clock.now() + 86_400_000)
    await settle()
    clock.jump(86_400_000)
    await clock.advance(60_000)
    expect(woken).toEqual(['due'])
  })

  it('tell when the wall clock is set back, and still come when it has reached them', async () => {
    const clock = virtualClock()
    const deadline$ = new Subject<number | null>()
    const woken: string[] = []
    wakes$(deadline$, clock).subscribe((wake) => woken.push(wake))
    deadline$.next(clock.now() + 300_000)
    await settle()
    clock.jump(-86_400_000)
    await clock.advance(120_000)
    expect(woken).toEqual(['clock-set-back'])
    clock.jump(86_400_000)
    await clock.advance(240_000)
    expect(woken).toEqual(['clock-set-back', 'due'])
  })

  it('tell when the wall clock was set back just before a new deadline, which was reckoned by the old time', async () => {
    const clock = virtualClock()
    const deadline$ = new Subject<number | null>()
    const woken: string[] = []
    wakes$(deadline$, clock).subscribe((wake) => woken.push(wake))
    deadline$.next(clock.now() + 300_000)
    await clock.advance(30_000)
    const reckoned = clock.now() + 1_800_000
    clock.jump(-86_400_000)
    deadline$.next(reckoned)
    await clock.advance(120_000)
    expect(woken).toEqual(['clock-set-back'])
  })

  it('deadlines months away do not fire at once', async () => {
    const clock = virtualClock()
    const deadline$ = new Subject<number | null>()
    const woken: string[] = []
    wakes$(deadline$, clock).subscribe((wake) => woken.push(wake))
    deadline$.next(clock.now() + 60 * 86_400_000)
    await clock.advance(300_000)
    expect(woken).toEqual([])
  })
})

describe('alarms', () => {
  const sleeper = (name: string, clock: VirtualClock, send: (fact: EnvironmentFact) => Promise<unknown>): Sleeper => ({
    name,
    wakeAt$: merge(of(clock.now() + 60_000), NEVER),
    actor: { send },
  })

  it('one that takes no more events keeps nobody else from being woken', async () => {
    const clock = virtualClock()
    const woken: string[] = []
    const bad = sleeper('bad', clock, () => Promise.reject(new Error('its chart threw')))
    const good = sleeper('good', clock, async ({ type }) => woken.push(type))
    alarms$(merge(of(bad), of(good)), clock, silentLog).subscribe()
    await clock.advance(120_000)
    expect(woken).toEqual(['timer.fired'])
  })

  it('a wall clock that is set back makes everybody look anew', async () => {
    const clock = virtualClock()
    const woken: EnvironmentFact[] = []
    alarms$(of(sleeper('dev', clock, async (fact) => woken.push(fact))), clock, silentLog).subscribe()
    await settle()
    clock.jump(-86_400_000)
    await clock.advance(60_000)
    expect(woken).toEqual([{ type: 'look.requested', by: { name: 'controller', how: 'controller' } }])
  })
})
