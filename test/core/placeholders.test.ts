import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { concealSecrets, declaredSecrets, resolveSecrets } from '../../src/core/placeholders.ts'
import { makeResource } from '../../src/core/resource.ts'

const connection = (spec: JsonObject, metadata: JsonObject = {}) =>
  makeResource({
    apiVersion: 'honua.io/v1alpha1',
    kind: 'Connection',
    namespace: 'default',
    name: 'gis',
    metadata,
    spec,
  })

const SECRETS: Readonly<Record<string, string>> = {
  DB_PASSWORD: 'hunter2-secret',
  DB_HOST: 'db.internal',
  LONG: 'hunter2-secret-and-more',
}
const lookup = (name: string) => {
  const value = SECRETS[name]
  if (value === undefined) throw new Error(`no secret ${name}`)
  return value
}

describe('declaredSecrets', () => {
  it('names each once, sorted, wherever it stands', () => {
    const resource = connection(
      { url: 'postgres://${DB_USER}:${DB_PASSWORD}@${DB_HOST}', list: [{ deep: '${DB_USER}' }] },
      { annotations: { a: '${NOTE}' } },
    )
    expect(declaredSecrets(resource)).toEqual(['DB_HOST', 'DB_PASSWORD', 'DB_USER', 'NOTE'])
  })

  it.each(['$${NAME}', '${name}', '${1A}', '$NAME', '${NAME', '{NAME}', '${NA-ME}', '${}'])('%s names none', (text) => {
    expect(declaredSecrets(connection({ text }))).toEqual([])
  })
})

describe('resolveSecrets', () => {
  it('puts the values in and turns the escape into the text itself', () => {
    const resolved = resolveSecrets(
      connection({ url: '//${DB_PASSWORD}@${DB_HOST}', text: '$${DB_HOST}', port: 5432 }),
      lookup,
    )
    expect(resolved.spec).toEqual({ url: '//hunter2-secret@db.internal', text: '${DB_HOST}', port: 5432 })
    expect(resolved.digest).toBe(connection(resolved.spec).digest)
  })

  it('a value that looks like a placeholder is not resolved again', () => {
    expect(resolveSecrets(connection({ a: '${A}' }), () => '${B}$$&').spec).toEqual({ a: '${B}$$&' })
  })

  it('a resource without placeholders stays the same object', () => {
    const plain = connection({ a: 'x', b: ['$NAME'] })
    expect(resolveSecrets(plain, lookup)).toBe(plain)
  })

  it('a missing secret is the error of the lookup', () => {
    expect(() => resolveSecrets(connection({ a: '${NOWHERE}' }), lookup)).toThrow('no secret NOWHERE')
  })
})

describe('concealSecrets', () => {
  const hint = connection({
    password: '${DB_PASSWORD}',
    url: '//${DB_PASSWORD}@x',
    text: '$${DB_HOST}',
    list: ['${DB_HOST}'],
  })

  it('what was resolved comes back as it was declared', () => {
    const concealed = concealSecrets(resolveSecrets(hint, lookup), hint, lookup)
    expect(concealed).toEqual(hint)
  })

  it('another value in the place of a secret is hidden', () => {
    const live = connection({ password: 'other', url: 'x', text: 'changed', list: [7], added: 'new' })
    expect(concealSecrets(live, hint, lookup).spec).toEqual({
      password: '(hidden)',
      url: '(hidden)',
      text: 'changed',
      list: ['(hidden)'],
      added: 'new',
    })
  })

  it('a secret is blotted out of every other text', () => {
    const live = connection(
      { echo: 'used hunter2-secret twice: hunter2-secret', log: [{ line: 'db.internal' }] },
      { note: 'hunter2-secret' },
    )
    const concealed = concealSecrets(live, hint, lookup)
    expect(concealed.spec).toEqual({ echo: 'used (hidden) twice: (hidden)', log: [{ line: '(hidden)' }] })
    expect(concealed.metadata).toEqual({ note: '(hidden)' })
  })

  it('a secret that contains another one leaves nothing behind', () => {
    const both = connection({ a: '${DB_PASSWORD}', b: '${LONG}' })
    expect(concealSecrets(connection({ c: 'hunter2-secret-and-more' }), both, lookup).spec).toEqual({ c: '(hidden)' })
  })

  it('a short secret is not looked for in other texts', () => {
    const short = connection({ a: '${PIN}' })
    expect(concealSecrets(connection({ a: '42', b: '4242' }), short, () => '42').spec).toEqual({
      a: '${PIN}',
      b: '4242',
    })
  })

  it('a secret that became a key is blotted out and no field is lost', () => {
    const live = connection({ 'hunter2-secret': 1, 'db.internal': 2, '(hidden)': 3 })
    expect(concealSecrets(live, hint, lookup).spec).toEqual({ '(hidden)': 1, '(hidden)2': 2, '(hidden)3': 3 })
  })

  it('a key that the repository declares stays, even when a secret has the same text', () => {
    const declared = connection({ token: '${WORD}', public: true })
    expect(concealSecrets(connection({ token: 'public', public: true }), declared, () => 'public')).toEqual(declared)
  })

  it('a hint without placeholders leaves the same object', () => {
    const live = connection({ a: 'hunter2-secret' })
    expect(concealSecrets(live, connection({ a: 'x' }), lookup)).toBe(live)
  })

  it('what a live resource has more than a resource is kept', () => {
    const live = { ...resolveSecrets(hint, lookup), version: 'v7' }
    expect(concealSecrets(live, hint, lookup)).toEqual({ ...hint, version: 'v7' })
  })

  it('whatever is live, no secret of the hint is left in it', () => {
    const text = fc
      .array(fc.constantFrom('hunter2-secret', 'db.internal', 'hunter2', '-secret', 'x', '${DB_HOST}', '(hidden)'))
      .map((parts) => parts.join(''))
    const spec = fc.dictionary(
      fc.constantFrom('password', 'url', 'text', 'list', 'z', 'hunter2-secret', 'at db.internal'),
      fc.oneof(text, fc.array(text), fc.dictionary(fc.constant('k'), text)),
      {
        noNullPrototype: true,
      },
    )
    fc.assert(
      fc.property(spec, (live) => {
        const told = JSON.stringify(concealSecrets(connection(live), hint, lookup))
        expect(told).not.toContain('hunter2-secret')
        expect(told).not.toContain('db.internal')
      }),
    )
  })
})
