import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { charts } from './support/charts.ts'

const ROOT = new URL('..', import.meta.url).pathname
const operating = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8')
const sources = ['src', 'machines'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
)
/** Names of environment variables look like codes. */
const VARIABLES = new Set(['HONUA_SOCKET', 'HONUA_TOKEN', 'HONUA_GIT_USER', 'HONUA_DRIVER_CALL'])
const codes = new Set(
  sources
    .flatMap((text) => [...text.matchAll(/'(HONUA_[A-Z_]+)'/g)].map(([, code = '']) => code))
    .filter((code) => !VARIABLES.has(code)),
)
const told = new Map(
  [...operating.matchAll(/^\| `(HONUA_[A-Z_]+)` \| (.+) \| (.+) \|$/gm)].map(
    ([, code = '', meaning = '', remedy = '']) => [code, { meaning, remedy }],
  ),
)

describe('the operating manual', () => {
  it('tells every code of the program', () => {
    expect([...codes].filter((code) => !told.has(code))).toEqual([])
  })

  it('tells no code that the program does not have', () => {
    expect([...told.keys()].filter((code) => !codes.has(code))).toEqual([])
  })

  it('says of every code what it means and what to do', () => {
    expect(
      [...told]
        .filter(([, { meaning, remedy }]) => meaning.trim() === '' || remedy.trim() === '')
        .map(([code]) => code),
    ).toEqual([])
  })

  it('tells every state of an environment', () => {
    const states = charts
      .filter(({ machine }) => machine.id === 'environment')
      .flatMap(({ machine }) =>
        Object.entries(machine.root.states).flatMap(([top, node]) =>
          Object.keys(node.states).map((sub) => `${top}.${sub}`),
        ),
      )
    expect(states.filter((state) => !operating.includes(`| \`${state}\``))).toEqual([])
  })
})
