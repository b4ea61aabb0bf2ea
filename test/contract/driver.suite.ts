/** What every driver promises, whatever it talks to. An adapter is finished when this suite is green on it. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { makeResource } from '../../src/core/resource.ts'
import type { LiveState, Resource, ResourceKey } from '../../src/core/vocabulary.ts'
import type { Driver } from '../../src/ports/driver.ts'
import { representedBy } from '../../src/runtime/environment/world.ts'
import { abilitiesTold, abilityWords, troublesTold } from './driver.docs.ts'
import { ALL_FAULTS, type DriverFault, troubleContract } from './driver.faults.ts'
import { aTheme, calm, deploy, placeholder, requestFor } from './driver.requests.ts'
import { type Sample, themes } from './driver.sample.ts'
import { type SteppingFixture, stepContract } from './driver.steps.ts'

/** An empty target, and what a test may do to it behind the driver's back. */
export interface DriverFixture extends SteppingFixture {
  /** A new driver on the same target, as after a restart. `secrets` are what `${NAME}` resolves to. */
  open(secrets?: ReadonlyMap<string, string>): Driver
  /** Replaces the spec of what is live, without the driver. */
  editOutOfBand(key: ResourceKey, spec: JsonObject): Promise<void>
  removeOutOfBand(key: ResourceKey): Promise<void>
  /** Everything the target holds, versions and times included: equal texts mean that nothing was written. */
  fingerprint(): Promise<string>
  close(): Promise<void>
}

const digests = (state: LiveState) => state.resources.map(({ key, digest }) => `${key} ${digest}`)
const expected = (driver: Driver, desired: readonly Resource[]) =>
  desired
    .map((resource) => representedBy(driver, resource))
    .map(({ key, digest }) => `${key} ${digest}`)
    .sort()

/** Names that are unusual and still allowed. */
const oddNames = [
  'a b',
  'straße',
  'a%2Fb',
  'roads::main',
  '-x',
  '日本',
  'x'.repeat(200),
  'UPPER',
  "quote'd",
  'a.yaml',
  '#1',
]

export interface DriverSubject {
  readonly name: string
  /** The troubles that the fixture can make; docs/drivers.md says so of each driver. */
  readonly faults: readonly DriverFault[]
  /** Its fixtures have a step that changes something. */
  readonly doesSteps?: boolean
  readonly open: () => Promise<DriverFixture>
  /** What it is tried with; themes where nothing is said. */
  readonly sample?: Sample
  /** Cases of the property that costs most; fewer where each starts many programs. Default 15. */
  readonly runs?: number
  /** Why it cannot be tried on this computer. */
  readonly skip?: string | null
}

export function driverContract(subject: DriverSubject): void {
  const { runs = 15, skip = null, sample = themes } = subject
  const told = skip === null ? '' : ` (skipped: ${skip})`
  describe.skipIf(skip !== null)(`the ${subject.name} driver keeps the driver contract${told}`, () => {
    let fixture: DriverFixture
    beforeEach(async () => {
      fixture = await subject.open()
    })
    afterEach(async () => {
      await fixture.close()
    })
    const editToSize99 = (driver: Driver) => {
      const { key, spec } = representedBy(driver, sample.of('a', { size: 99 }))
      return fixture.editOutOfBand(key, spec)
    }

    it('an untouched target is observed as empty', async () => {
      const state = await fixture.open().observe([], calm())
      expect(state.resources).toEqual([])
    })

    it('what was created is observed with the digest that was declared, sorted by key', async () => {
      const driver = fixture.open()
      const desired = [sample.of('b'), sample.of('a', { size: 2 })]
      await deploy(driver, desired)
      expect(digests(await fixture.open().observe([], calm()))).toEqual(expected(driver, desired))
    })

    it('updates and deletions land in one request', async () => {
      const driver = fixture.open()
      await deploy(driver, [sample.of('stays'), sample.of('changes', { size: 1 }), sample.of('goes')])
      const desired = [sample.of('stays'), sample.of('changes', { size: 2 }), sample.of('comes')]
      await deploy(driver, desired)
      expect(digests(await driver.observe([], calm()))).toEqual(expected(driver, desired))
    })

    it.runIf(sample.isFree)('a change of labels alone lands', async () => {
      const driver = fixture.open()
      await deploy(driver, [aTheme('a', {}, { labels: { tier: 'one' } })])
      const desired = [aTheme('a', {}, { labels: { tier: 'two' } })]
      await deploy(driver, desired)
      expect(digests(await driver.observe([], calm()))).toEqual(expected(driver, desired))
    })

    it('tells of its progress no more often than it changes something, never backwards, and at the end that all is done', async () => {
      const driver = fixture.open()
      await deploy(driver, [sample.of('a', { size: 1 })])
      const desired = [sample.of('a', { size: 2 }), sample.of('b'), sample.of('c')]
      const request = requestFor(driver, await driver.observe(desired, calm()), desired)
      const told: (readonly [done: number, total: number])[] = []
      await driver.apply({ ...request, progress: (...counts) => told.push(counts) }, calm())
      expect(told.length).toBeLessThanOrEqual(request.changes.length)
      expect(told).toEqual(told.toSorted(([one], [other]) => one - other))
      expect(told.at(-1)).toEqual([request.changes.length, request.changes.length])
    })

    it('the last resource can be deleted', async () => {
      const driver = fixture.open()
      await deploy(driver, [sample.of('only')])
      await deploy(driver, [])
      expect((await driver.observe([], calm())).resources).toEqual([])
    })

    it('applying the same request again writes nothing, after a restart too', async () => {
      const driver = fixture.open()
      await deploy(driver, [sample.of('changes', { size: 1 }), sample.of('goes')])
      const request = await deploy(driver, [sample.of('changes', { size: 2 }), sample.of('comes')])
      const before = await fixture.fingerprint()
      await driver.apply(request, calm())
      await fixture.open().apply(request, calm())
      expect(await fixture.fingerprint()).toBe(before)
    })

    it('stopped at any moment, the same request applied again after a restart leads to the desired state', async () => {
      const before = [sample.of('changes', { size: 1 }), sample.of('goes')]
      const after = [sample.of('changes', { size: 2 }), sample.of('comes'), sample.of('too')]
      for (const turns of [0, 1, 2, 3, 5, 8, 13, 21, 34, 55]) {
        const driver = fixture.open()
        await deploy(driver, before)
        const request = requestFor(driver, await driver.observe([], calm()), after)
        const stop = new AbortController()
        const running = driver.apply(request, stop.signal).catch((error: unknown) => error)
        for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
        stop.abort(new Error('stopped'))
        await running
        await fixture.open().apply(request, calm())
        expect(digests(await fixture.open().observe([], calm()))).toEqual(expected(driver, after))
      }
    })

    it('a change made by hand is seen, and the next apply takes it back', async () => {
      const driver = fixture.open()
      const desired = [sample.of('a', { size: 1 }), sample.of('b')]
      await deploy(driver, desired)
      await editToSize99(driver)
      await fixture.removeOutOfBand(sample.of('b').key)
      const [seen, ...others] = (await driver.observe([], calm())).resources
      expect([seen === undefined ? null : sample.sizeOf(seen.spec), others]).toEqual([99, []])
      await deploy(driver, desired)
      expect(digests(await driver.observe([], calm()))).toEqual(expected(driver, desired))
    })

    it('a resource that moved since the plan makes the apply stale, and nothing is written', async () => {
      const driver = fixture.open()
      await deploy(driver, [sample.of('a', { size: 1 }), sample.of('b')])
      const request = requestFor(driver, await driver.observe([], calm()), [
        sample.of('a', { size: 2 }),
        sample.of('c'),
      ])
      await editToSize99(driver)
      const before = await fixture.fingerprint()
      await expect(driver.apply(request, calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_STALE', retry: 'later' })
      expect(await fixture.fingerprint()).toBe(before)
    })

    it('a resource that appeared since the plan is not overwritten', async () => {
      const driver = fixture.open()
      const request = requestFor(driver, await driver.observe([], calm()), [sample.of('a', { size: 1 })])
      await deploy(fixture.open(), [sample.of('a', { size: 2 })])
      await expect(driver.apply(request, calm())).rejects.toMatchObject({ code: 'HONUA_TARGET_STALE' })
    })

    it('a dry run changes nothing', async () => {
      const driver = fixture.open()
      await deploy(driver, [sample.of('a', { size: 1 }), sample.of('b')])
      const before = await fixture.fingerprint()
      const request = requestFor(driver, await driver.observe([], calm()), [
        sample.of('a', { size: 2 }),
        sample.of('c'),
      ])
      expect(await driver.dryRun(request, calm())).toEqual([])
      expect(await fixture.fingerprint()).toBe(before)
    })

    describe('with a secret in a resource', () => {
      const secrets = new Map([['DB_PASSWORD', 's3cr3t-canary']])
      const desired = [sample.of('a', { text: `user:${placeholder('DB_PASSWORD')}@db` })]

      it('the target gets the value and an observer the name', async () => {
        const driver = fixture.open(secrets)
        await deploy(driver, desired)
        const state = await driver.observe(desired, calm())
        expect(await fixture.fingerprint()).toContain('user:s3cr3t-canary@db')
        expect(digests(state)).toEqual(expected(driver, desired))
        expect(JSON.stringify(state)).not.toContain('canary')
      })

      it('it stays hidden when the repository declares the resource no more', async () => {
        await deploy(fixture.open(secrets), desired)
        const state = await fixture.open(secrets).observe([], calm())
        expect(JSON.stringify(state)).not.toContain('canary')
        expect(state.resources).toHaveLength(1)
      })

      it('it stays hidden when its name cannot be resolved any more', async () => {
        await deploy(fixture.open(secrets), desired)
        const state = await fixture.open().observe([], calm())
        expect(JSON.stringify(state)).not.toContain('canary')
      })

      it.runIf(sample.secrets !== 'never read back')(
        'a rotated value shows as a difference without either value',
        async () => {
          await deploy(fixture.open(secrets), desired)
          const rotated = fixture.open(new Map([['DB_PASSWORD', 'other-canary']]))
          const state = await rotated.observe(desired, calm())
          expect(state.resources.map(({ spec }) => sample.textOf(spec))).toEqual(['(hidden)'])
          await deploy(rotated, desired)
          expect(await fixture.fingerprint()).toContain('user:other-canary@db')
        },
      )

      it.runIf(sample.secrets === 'anywhere')(
        'a text that the repository declares in the clear stays, though it equals the secret',
        async () => {
          const clear = [aTheme('a', { user: placeholder('DB_USER'), schema: 'honua' })]
          const driver = fixture.open(new Map([['DB_USER', 'honua']]))
          await deploy(driver, clear)
          expect(digests(await driver.observe(clear, calm()))).toEqual(expected(driver, clear))
        },
      )

      it.runIf(sample.secrets === 'anywhere')(
        'a text that only looks like one is written as it is meant, and read back as it was declared',
        async () => {
          const escaped = [aTheme('a', { label: `$${placeholder('NAME')}`, other: placeholder('field name') })]
          const driver = fixture.open()
          await deploy(driver, escaped)
          expect(await fixture.fingerprint()).toMatch(/[^$]\$\{NAME\}/)
          expect(digests(await fixture.open().observe([], calm()))).toEqual(expected(driver, escaped))
        },
      )

      it('other resources can be changed beside it after a restart', async () => {
        await deploy(fixture.open(secrets), desired)
        const driver = fixture.open(secrets)
        const more = [...desired, sample.of('b')]
        await deploy(driver, more)
        expect(digests(await driver.observe(more, calm()))).toEqual(expected(driver, more))
      })

      it('a missing one stops the apply before anything is written', async () => {
        const driver = fixture.open()
        const before = await fixture.fingerprint()
        const request = requestFor(driver, await driver.observe(desired, calm()), desired)
        await expect(driver.apply(request, calm())).rejects.toMatchObject({ code: 'HONUA_SECRET_MISSING' })
        expect(await fixture.fingerprint()).toBe(before)
      })
    })

    it('an aborted signal is honoured by every method, with its own reason', async () => {
      const driver = fixture.open()
      const request = requestFor(driver, await driver.observe([], calm()), [sample.of('a')])
      const signal = AbortSignal.abort(new Error('shutting down'))
      const calls = [
        () => driver.probe(signal),
        () => driver.observe([], signal),
        () => driver.dryRun(request, signal),
        () => driver.apply(request, signal),
        () => driver.health(signal),
      ]
      for (const call of calls) await expect(call()).rejects.toThrow('shutting down')
    })

    it('a probe says what answered, and a target in order is healthy', async () => {
      const driver = fixture.open()
      expect((await driver.probe(calm())).description).not.toBe('')
      expect(await driver.health(calm())).toEqual({ healthy: true })
    })

    it('its abilities are those that docs/drivers.md tells', async () => {
      const { abilities } = await fixture.open().probe(calm())
      expect(abilitiesTold().get(subject.name)).toEqual(abilityWords(abilities))
    })

    it('the troubles that its fixture makes are those that docs/drivers.md tells', () => {
      const made = (fault: DriverFault) => subject.faults.includes(fault)
      expect(troublesTold().get(subject.name)).toEqual(ALL_FAULTS.map((fault) => (made(fault) ? 'yes' : 'no')))
    })

    it('odd names come back as they were', async () => {
      const driver = fixture.open()
      const desired = oddNames.map((name) => sample.of(name.slice(0, sample.nameLengthMax)))
      await deploy(driver, desired)
      expect(digests(await driver.observe([], calm()))).toEqual(expected(driver, desired))
    })

    it.runIf(sample.isFree)('any JSON in spec, labels and annotations comes back as it was', async () => {
      const text = fc.string({ unit: 'binary', maxLength: 30 })
      const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }).map((json) => JSON.parse(JSON.stringify(json)))
      const resource = fc.record({
        value,
        labels: fc.dictionary(text, text, { maxKeys: 3 }),
        annotations: fc.dictionary(text, text, { maxKeys: 3 }),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(resource, { minLength: 1, maxLength: 20 }), async (all) => {
          const driver = fixture.open()
          const desired = all.map(({ value: json, labels, annotations }, index) =>
            aTheme(`r${index}`, { value: json }, { labels, annotations }),
          )
          await deploy(driver, desired)
          expect(digests(await fixture.open().observe([], calm()))).toEqual(expected(driver, desired))
        }),
        { numRuns: runs },
      )
    })

    it('representing twice is representing once', async () => {
      const driver = fixture.open()
      await driver.probe(calm())
      const value = fc.jsonValue({ maxDepth: 3 }).map((json) => JSON.parse(JSON.stringify(json)))
      fc.assert(
        fc.property(
          fc.constantFrom('honua.io/v1', 'honua.io/v1alpha1', 'honua.io/v1alpha0'),
          fc.constantFrom('Layer', 'Service', 'Theme', 'Unknown'),
          fc.dictionary(fc.string(), value),
          fc.dictionary(fc.constantFrom('description', 'service', 'labels', 'annotations', 'title'), value),
          (apiVersion, kind, spec, metadata) => {
            const once = representedBy(
              driver,
              makeResource({ apiVersion, kind, namespace: 'default', name: 'x', spec, metadata }),
            )
            expect(representedBy(driver, once)).toEqual(once)
          },
        ),
      )
    })

    describe.runIf(subject.faults.length > 0)('in trouble', () => {
      troubleContract(() => fixture, subject.faults, sample)
    })

    describe.runIf(subject.doesSteps === true)('doing steps of a topology', () => {
      stepContract(() => fixture, subject.faults)
    })
  })
}
