/** What every driver promises when its target is in trouble. A fixture says which troubles it can make; docs/drivers.md lists them. */
import { expect, it } from 'vitest'
import type { LiveState, Resource } from '../../src/core/vocabulary.ts'
import type { ApplyRequest, Driver } from '../../src/ports/driver.ts'
import { representedBy } from '../../src/runtime/environment/world.ts'
import { calm, deploy, requestFor } from './driver.requests.ts'
import type { Sample } from './driver.sample.ts'

/** Each trouble, and what the target does in it. */
export const DRIVER_FAULTS = {
  'answer lost': 'the next write is carried out, and the answer never comes',
  'partial failure': 'of what is written, the sample named b is not taken',
  'lying success': 'the next write is reported as done, and nothing is done',
  slow: 'nothing is answered until `expire` lets deadlines pass',
  'too many requests': 'everything is answered as HTTP does with 429',
  unavailable: 'everything is answered as HTTP does with 503',
  unauthorised: 'the credentials are not accepted',
  garbage: 'everything is answered with what nobody can read',
  'connection cut': 'everything is broken off before it is done or answered',
} as const
export type DriverFault = keyof typeof DRIVER_FAULTS
export const ALL_FAULTS: readonly DriverFault[] = [
  'answer lost',
  'partial failure',
  'lying success',
  'slow',
  'too many requests',
  'unavailable',
  'unauthorised',
  'garbage',
  'connection cut',
]

/** What the tests of troubles need of a fixture. */
export interface TroubledFixture {
  open(): Driver
  fingerprint(): Promise<string>
  /** Puts the target in trouble; the result ends it. Only for faults that the subject lists. */
  trouble?(fault: DriverFault): Promise<() => Promise<void>>
  /** Lets every deadline pass that something waits for now. */
  expire?(): void
}

/** What a driver told of its failure. */
interface Failure {
  readonly code: string
  readonly retry: string
  readonly message: string
}

const before = ({ of }: Sample) => [of('a', { size: 1 }), of('b', { size: 1 }), of('goes')]
const after = ({ of }: Sample) => [of('a', { size: 2 }), of('b', { size: 2 }), of('comes')]

const digestsOf = (resources: readonly Resource[]) => resources.map(({ key, digest }) => `${key} ${digest}`).sort()
const wanted = (driver: Driver, sample: Sample) =>
  digestsOf(after(sample).map((resource) => representedBy(driver, resource)))

async function failureOf(work: Promise<unknown>): Promise<Failure | null> {
  try {
    await work
    return null
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !('retry' in error)) throw error
    return { code: String(error.code), retry: String(error.retry), message: error.message }
  }
}

/** A driver with a request that changes, creates and deletes, while the target is in trouble. */
async function inTrouble(fixture: TroubledFixture, fault: DriverFault, sample: Sample) {
  if (fixture.trouble === undefined) throw new Error('the fixture makes no trouble')
  const driver = fixture.open()
  await deploy(driver, before(sample))
  const request = requestFor(driver, await driver.observe([], calm()), after(sample))
  const untouched = await fixture.fingerprint()
  const end = await fixture.trouble(fault)
  return { driver, request, untouched, end }
}

/** Once the trouble is over, a new driver brings the same request to its end, and writes nothing that has landed again. */
async function recovers(fixture: TroubledFixture, request: ApplyRequest, sample: Sample): Promise<void> {
  const driver = fixture.open()
  await driver.probe(calm())
  const goal = new Set(wanted(driver, sample))
  const landed = (state: LiveState) =>
    state.resources
      .filter((live) => goal.has(`${live.key} ${live.digest}`))
      .map(({ key, version }) => `${key} ${version}`)
  const found = await driver.observe([], calm())
  const isDone = digestsOf(found.resources).join() === wanted(driver, sample).join()
  const then = await fixture.fingerprint()
  await driver.apply(request, calm())
  const now = await driver.observe([], calm())
  expect(digestsOf(now.resources)).toEqual(wanted(driver, sample))
  expect(landed(now)).toEqual(expect.arrayContaining(landed(found)))
  if (isDone) expect(await fixture.fingerprint()).toBe(then)
}

/** Everything is refused with the same code, nothing is written, and it passes with the trouble. */
function everythingFails(
  open: () => TroubledFixture,
  sample: Sample,
  fault: DriverFault,
  code: string,
  retry: string,
): void {
  it(`${fault}: observing and applying end with ${code}, and nothing is written`, async () => {
    const fixture = open()
    const { driver, request, untouched, end } = await inTrouble(fixture, fault, sample)
    expect(await failureOf(driver.observe([], calm()))).toMatchObject({ code, retry })
    expect(await failureOf(driver.apply(request, calm()))).toMatchObject({ code, retry })
    await end()
    expect(await fixture.fingerprint()).toBe(untouched)
    await recovers(fixture, request, sample)
  })
}

/** Declares the tests of the `faults` that a subject's fixture can make. */
export function troubleContract(open: () => TroubledFixture, faults: readonly DriverFault[], sample: Sample): void {
  const declared: Readonly<Record<DriverFault, () => void>> = {
    'answer lost': () =>
      it('answer lost: what landed is found by looking, and nothing is done twice', async () => {
        const fixture = open()
        const { driver, request, end } = await inTrouble(fixture, 'answer lost', sample)
        const failure = await failureOf(driver.apply(request, calm()))
        await end()
        if (failure !== null) expect(failure.retry).toBe('later')
        await recovers(fixture, request, sample)
      }),

    'partial failure': () =>
      it('partial failure: what landed and what did not is told, and the same request later does the rest', async () => {
        const fixture = open()
        const { driver, request, untouched, end } = await inTrouble(fixture, 'partial failure', sample)
        const failure = await failureOf(driver.apply(request, calm()))
        await end()
        expect(failure?.message).toContain(sample.of('b').key)
        if (failure?.code === 'HONUA_TARGET_REFUSED') expect(await fixture.fingerprint()).toBe(untouched)
        else expect(failure).toMatchObject({ code: 'HONUA_TARGET_PARTIAL', retry: 'never' })
        await recovers(fixture, request, sample)
      }),

    'lying success': () =>
      it('lying success: reading back finds what is not there', async () => {
        const fixture = open()
        const { driver, request, end } = await inTrouble(fixture, 'lying success', sample)
        const failure = await failureOf(driver.apply(request, calm()))
        await end()
        expect(failure).toMatchObject({ code: 'HONUA_TARGET_NOT_APPLIED', retry: 'later' })
        await recovers(fixture, request, sample)
      }),

    slow: () =>
      it('slow: the deadline ends the call, and so does an abort', async () => {
        const fixture = open()
        const { driver, request, end } = await inTrouble(fixture, 'slow', sample)
        let isOver = false
        const asked = failureOf(driver.observe([], calm())).finally(() => {
          isOver = true
        })
        while (!isOver) {
          fixture.expire?.()
          await new Promise((resolve) => setImmediate(resolve))
        }
        expect(await asked).toMatchObject({ code: 'HONUA_TARGET_UNREACHABLE', retry: 'later' })
        const stop = new AbortController()
        const hanging = driver.observe([], stop.signal)
        stop.abort(new Error('shutting down'))
        await expect(hanging).rejects.toThrow('shutting down')
        await end()
        await recovers(fixture, request, sample)
      }),

    'too many requests': () => everythingFails(open, sample, 'too many requests', 'HONUA_TARGET_BUSY', 'later'),
    unavailable: () => everythingFails(open, sample, 'unavailable', 'HONUA_TARGET_BUSY', 'later'),
    unauthorised: () => everythingFails(open, sample, 'unauthorised', 'HONUA_TARGET_AUTH', 'after-config-change'),
    garbage: () => everythingFails(open, sample, 'garbage', 'HONUA_TARGET_ANSWER', 'later'),
    'connection cut': () => everythingFails(open, sample, 'connection cut', 'HONUA_TARGET_UNREACHABLE', 'later'),
  }
  for (const fault of faults) declared[fault]()
}
