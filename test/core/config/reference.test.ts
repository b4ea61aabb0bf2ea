import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { configJsonSchema, configReference, loadConfig } from '../../../src/core/config/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts'
import { EXAMPLE, EXAMPLES, minimal } from '../../support/builders/configs.ts'

/** Every schema of a mapping inside a schema. */
function* mappingsIn(schema: Json | undefined): Generator<JsonObject> {
  if (Array.isArray(schema)) for (const item of schema) yield* mappingsIn(item)
  if (!isJsonObject(schema)) return
  if (isJsonObject(schema['properties'])) yield schema
  for (const inner of Object.values(schema)) yield* mappingsIn(inner)
}

const rows = configReference()
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(' | '))

describe('the JSON Schema', () => {
  it('knows every key and no other', () => {
    const mappings = [...mappingsIn(configJsonSchema())]
    expect(mappings.length).toBeGreaterThan(20)
    expect(mappings.filter((mapping) => mapping['additionalProperties'] !== false)).toEqual([])
  })

  it('requires what the configuration requires', () => {
    expect(configJsonSchema()).toMatchObject({
      required: ['apiVersion', 'kind', 'metadata', 'spec'],
      properties: { spec: { required: ['git'], properties: { git: { required: ['url'] } } } },
    })
  })

  it('read by itself, it takes and refuses what the configuration does', () => {
    const { $schema: _, ...schema } = configJsonSchema()
    const check = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)))
    const texts = [
      [EXAMPLE, true],
      [minimal(), true],
      [minimal({ brunch: 'main' }), false],
      [minimal({ reconciliation: { interval: 5 } }), false],
      [minimal({ reconciliation: { interval: '5 m' } }), false],
      [minimal({ sync: { Dev: {} } }), false],
      [minimal({ targets: [{ name: 'a', driver: 'ftp' }] }), false],
    ] as const
    for (const [text, isValid] of texts)
      expect([text, check.safeParse(parse(text)).success, loadConfig(text, 'f').config !== null]).toEqual([
        text,
        isValid,
        isValid,
      ])
  })
})

describe('the reference page', () => {
  it('is fresh; if not, run: npm run reference', () => {
    expect(readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')).toBe(configReference())
  })

  it('tells each key once, or once for each kind of target that has another thing there, and what each means', () => {
    const keys = rows.map(([key, , , meaning = '']) => `${key} ${/^`.*?` only\. /.exec(meaning)?.[0] ?? ''}`)
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
    expect(rows.filter(([, , , meaning = '']) => meaning.replace(' |', '').trim() === '')).toEqual([])
  })
})

describe('the example configuration', () => {
  it('shows every key', () => {
    const keys = rows.map(
      ([key = '']) =>
        key
          .replace(/[|` ]|\[\]/g, '')
          .split('.')
          .at(-1) ?? '',
    )
    const shown = `${EXAMPLE}\n${EXAMPLES.map(({ text }) => text).join('\n')}`
    expect(keys.filter((key) => !new RegExp(`^[ #-]*${key}:`, 'm').test(shown) && key !== 'environments')).toEqual([])
    expect(EXAMPLE).toContain('`environments:` is another word')
  })

  it.each(EXAMPLES)('$name is valid', ({ name, text }) => {
    expect(loadConfig(text, name).problems).toEqual([])
  })

  it('is valid with the lines that are commented out as well', () => {
    const whole = EXAMPLE.replace(/^( +)# ( *[a-zA-Z]+:)/gm, '$1$2')
      .replace('type: ssh-key', 'type: token')
      .replace('git@github.com:city/', 'https://github.com/city/')
    expect(whole).not.toMatch(/^ *# +[a-z]+:/m)
    expect(loadConfig(whole, 'f').problems).toEqual([])
  })
})
