import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleDesired, type PlacedFile, placeFile, readFile } from '../../../src/core/desired.ts'
import { releaseDigest } from '../../../src/core/release.ts'

const SECRET = 'hunter2-secret'

/** Anything, often what a field expects, sometimes a key that means something to JavaScript. */
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, 0, 4326, 1.5, '', 'Point', SECRET, '5', 'false', [], {}),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('name', 'srid', 'style', 'fields', 'storage', 'table', 'toString', '__proto__', 'labels'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).value

const orAnything = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: anything })

const resource = fc.record(
  {
    apiVersion: orAnything(fc.constantFrom('honua.io/v1', 'honua.io/v1alpha1', 'honua.io/v1alpha0')),
    kind: orAnything(fc.constantFrom('Theme', 'Layer', 'Service', 'Style', 'Topology', 'Other')),
    metadata: orAnything(
      fc.record(
        {
          name: orAnything(fc.constantFrom('a', 'b', 'A', 'toString', 'constructor')),
          namespace: orAnything(fc.constantFrom('default', 'city')),
          annotations: anything,
          environment: anything,
        },
        { requiredKeys: ['name'] },
      ),
    ),
    spec: orAnything(
      fc.record({ name: anything, description: anything, srid: anything, extra: anything }, { requiredKeys: [] }),
    ),
    status: anything,
  },
  { requiredKeys: ['apiVersion', 'kind', 'metadata', 'spec'] },
)

const files = (folder: string): fc.Arbitrary<readonly PlacedFile[]> =>
  fc
    .array(fc.array(orAnything(resource), { maxLength: 3 }), { maxLength: 3 })
    .map((contents) =>
      contents.map((documents, n) =>
        placeFile(
          `environments/${folder}/${n}.yaml`,
          readFile(documents.map((document) => `---\n${JSON.stringify(document)}\n`).join('')),
        ),
      ),
    )

const layers = fc.record({ common: files('common'), own: files('dev') })
const assembled = (parts: { readonly common: readonly PlacedFile[]; readonly own: readonly PlacedFile[] }) =>
  assembleDesired({
    environment: 'dev',
    commit: 'c'.repeat(40),
    trees: { environment: 't', common: null, gitops: null },
    ...parts,
  })

describe('whatever the files of an environment hold', () => {
  it('they give a whole state or problems with places, never both, never an exception', () => {
    fc.assert(
      fc.property(layers, (parts) => {
        const { desired, problems } = assembled(parts)
        expect(desired === null).toBe(problems.length > 0)
        for (const { location } of problems) expect(location?.path).toMatch(/^environments\/(common|dev)\/\d\.yaml$/)
        const keys = desired?.resources.map(({ key }) => key) ?? []
        expect(keys).toEqual([...new Set(keys)].sort())
        if (desired !== null) expect(desired.release).toBe(releaseDigest(desired.resources))
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(PROTOTYPE)
      }),
      { numRuns: 500 },
    )
  })

  it('no problem repeats a value of a spec', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom('Layer', 'Service', 'Style', 'Connection'), (value, kind) => {
        const document = {
          apiVersion: 'honua.io/v1',
          kind,
          metadata: { name: 'a' },
          spec: { name: value, host: value },
        }
        const text = JSON.stringify({
          ...document,
          spec: { ...document.spec, srid: value, storage: SECRET, style: value },
        })
        const own = [placeFile('environments/dev/0.yaml', readFile(text))]
        expect(JSON.stringify(assembled({ common: [], own }).problems)).not.toContain(SECRET)
      }),
      { numRuns: 300 },
    )
  })

  it('the order of the files decides nothing but which of two duplicates is told, and which is looked into', () => {
    fc.assert(
      fc.property(layers, ({ common, own }) => {
        const there = assembled({ common, own })
        const back = assembled({ common: [...common].reverse(), own: [...own].reverse() })
        expect(back.desired).toEqual(there.desired)
        expect(back.problems.length === 0).toBe(there.problems.length === 0)
      }),
      { numRuns: 300 },
    )
  })
})

const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype)
