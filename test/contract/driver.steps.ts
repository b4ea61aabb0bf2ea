/** What every driver promises that does steps of a topology. */
import { expect, it } from 'vitest'
import type { Acted, ActRequest, Driver } from '../../src/ports/driver.ts'
import type { DriverFault, TroubledFixture } from './driver.faults.ts'
import { aTheme, calm } from './driver.requests.ts'

/** A step that a fixture's target can do, and how often it was. */
export interface ContractStep {
  readonly name: string
  readonly inputs: ActRequest['inputs']
  done(): Promise<number>
}

export interface SteppingFixture extends TroubledFixture {
  /** Absent where no step of the driver changes anything. */
  readonly step?: ContractStep
}

const desired = [aTheme('a')]

function act(
  driver: Driver,
  step: Pick<ContractStep, 'name' | 'inputs'>,
  key: string,
  signal = calm(),
): Promise<Acted> {
  if (driver.act === undefined) throw new Error('the driver does no steps')
  const request = {
    environment: 'production',
    idempotencyKey: `production/1/0/${key}`,
    action: step.name,
    inputs: step.inputs,
  }
  return driver.act({ ...request, changed: desired.map(({ key: changed }) => changed), desired }, signal)
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

/** Declares the tests; those of `faults` only where the fixture can make them. */
export function stepContract(open: () => SteppingFixture, faults: readonly DriverFault[]): void {
  const opened = () => {
    const { step } = open()
    if (step === undefined) throw new Error('the fixture has no step')
    return { fixture: open(), step }
  }

  it('the probe names the step, and a step that it does not name is not done', async () => {
    const { fixture, step } = opened()
    const driver = fixture.open()
    expect((await driver.probe(calm())).abilities.actions).toContain(step.name)
    const failure = await failureOf(act(driver, { name: 'update-dns', inputs: {} }, 'a'))
    expect(failure).toMatchObject({ code: expect.stringMatching(/^HONUA_TARGET_(REFUSED|UNSUPPORTED)$/) })
    expect(await step.done()).toBe(0)
  })

  it('a step asked for twice with one key is done once, by another driver too; with another key it is done again', async () => {
    const { fixture, step } = opened()
    const [first, second] = [await act(fixture.open(), step, 'a'), await act(fixture.open(), step, 'a')]
    expect([first.message, second.message]).not.toContain('')
    expect(await step.done()).toBe(1)
    await act(fixture.open(), step, 'b')
    expect(await step.done()).toBe(2)
  })

  it('a step that is stopped before it begins is not done', async () => {
    const { fixture, step } = opened()
    const stop = AbortSignal.abort(new Error('stopped'))
    await expect(act(fixture.open(), step, 'a', stop)).rejects.toThrow('stopped')
    expect(await step.done()).toBe(0)
  })

  it.runIf(faults.includes('unavailable'))(
    'a step that fails in passing says so, and is done when it has passed',
    async () => {
      const { fixture, step } = opened()
      const end = await fixture.trouble?.('unavailable')
      expect(await failureOf(act(fixture.open(), step, 'a'))).toMatchObject({ retry: 'later' })
      await end?.()
      await act(fixture.open(), step, 'a')
      expect(await step.done()).toBe(1)
    },
  )

  it.runIf(faults.includes('answer lost'))('a step whose answer is lost is not done twice', async () => {
    const { fixture, step } = opened()
    const end = await fixture.trouble?.('answer lost')
    const failure = await failureOf(act(fixture.open(), step, 'a'))
    await end?.()
    if (failure !== null) expect(failure).toMatchObject({ retry: 'later' })
    await act(fixture.open(), step, 'a')
    expect(await step.done()).toBe(1)
  })

  it.runIf(faults.includes('unauthorised'))('a step without rights is refused as such', async () => {
    const { fixture, step } = opened()
    const end = await fixture.trouble?.('unauthorised')
    expect(await failureOf(act(fixture.open(), step, 'a'))).toMatchObject({ code: 'HONUA_TARGET_AUTH' })
    await end?.()
    expect(await step.done()).toBe(0)
  })
}
