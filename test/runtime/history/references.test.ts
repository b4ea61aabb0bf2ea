import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../../src/adapters/store/index.ts'
import { sha256 } from '../../../src/core/canonical.ts'
import { Bundles } from '../../../src/runtime/bundles.ts'
import { DigestSet } from '../../../src/runtime/history/digest-set.ts'
import { markContents } from '../../../src/runtime/history/mark.ts'
import { digestsIn, referencesOf } from '../../../src/runtime/history/references.ts'
import { aCommit } from '../../contract/store.suite.ts'
import { aLayer } from '../../support/builders/resources.ts'

const never = new AbortController().signal

/** A store whose one state refers to what `save` returns; all digests that it holds. */
async function referredTo(save: (bundles: Bundles) => Promise<string>) {
  const pairs = new Map<string, string>()
  const store = await openMemoryStore(pairs)
  const root = await save(new Bundles(store))
  await store.append(aCommit('a', 0, { snapshot: { context: { deep: [{ root }] } } }))
  const isKept = await markContents(store, never)
  const held = [...pairs.keys()].filter((key) => key.startsWith('c')).map((key) => key.slice(2))
  return { isKept, held, root, bundles: new Bundles(store) }
}

const layers = fc
  .uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 30 })
  .map((names) => names.map((name) => aLayer({ name })))

describe('what is referred to is marked', () => {
  it('every part of a release', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async (resources) => {
        const { isKept, held, root, bundles } = await referredTo((own) => own.saveRelease(resources))
        expect(held.filter((digest) => !isKept(digest))).toEqual([])
        expect(await bundles.bundle(root)).toMatchObject({ kind: 'release' })
      }),
      { numRuns: 20 },
    )
  })

  it('every part of a backup, and an inventory', async () => {
    const resources = ['a', 'b', 'c'].map((name) => ({ ...aLayer({ name }), version: null }))
    const backup = await referredTo((own) => own.saveBackup([{ target: 'files', resources }]))
    expect(backup.held.filter((digest) => !backup.isKept(digest))).toEqual([])
    const inventory = await referredTo((own) => own.saveInventory([{ target: 'files', key: 'Layer/default/a' }]))
    expect(inventory.isKept(inventory.root)).toBe(true)
  })

  it('nothing that is not', async () => {
    const { isKept } = await referredTo((own) => own.saveRelease([aLayer()]))
    expect(isKept(sha256('something else'))).toBe(false)
  })
})

describe('references', () => {
  const [one, two] = [sha256('one'), sha256('two')]
  it('of a form that is not known are all digests that stand in it, to be read too', () => {
    expect(referencesOf(JSON.stringify({ groups: [one, { of: two }], commit: 'a'.repeat(40) }))).toEqual({
      nodes: [one, two],
      leaves: [],
    })
    expect(referencesOf(`group ${one}\ngroup ${two}\n`).nodes).toEqual([one, two])
  })

  it('of a resource are none, whatever stands in its spec', () => {
    expect(referencesOf(`{"apiVersion":"honua.io/v1","spec":{"checksum":"${one}"}}`)).toEqual({ nodes: [], leaves: [] })
  })

  it('in a value are found at any depth, longer and shorter texts are not', () => {
    expect(digestsIn({ a: [one, { b: two, c: `${one}0`, d: one.slice(1) }], e: null, f: 7 })).toEqual([one, two])
  })

  it('of a quarantined release there are none: its digest is only compared', () => {
    expect(digestsIn({ context: { quarantine: [{ release: one }], lastGood: { release: two } } })).toEqual([two])
  })
})

describe('a set of digests', () => {
  it('has what was added, and nothing else', () => {
    const numbers = fc.uniqueArray(fc.nat(1_000_000), { maxLength: 3_000 })
    fc.assert(
      fc.property(numbers, (all) => {
        const digests = all.map((number) => sha256(String(number)))
        const set = new DigestSet()
        const half = digests.slice(digests.length / 2)
        for (const digest of half) set.add(digest)
        for (const digest of half) set.add(digest)
        expect(digests.map((digest) => set.has(digest))).toEqual(digests.map((digest) => half.includes(digest)))
      }),
      { numRuns: 10 },
    )
  })
})
