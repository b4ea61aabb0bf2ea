import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = new URL('..', import.meta.url).pathname
/** Rows from the ground up; a folder may import from rows below its own, and from itself. */
const ROWS: readonly (readonly string[])[] = [
  ['src/core', 'machines'],
  ['src/ports'],
  ['src/runtime'],
  ['src/streams'],
  ['src/api/contract'],
  ['src/api/contract.ts'],
  ['src/api', 'src/adapters', 'src/cli', 'src/web', 'src/inspector'],
  ['src/main.ts', 'src/offline.ts'],
  ['src/demo.ts'],
]
/** Libraries that are pure: they compute and do nothing else. */
const PURE = new Set(['xstate', 'yaml', 'zod', 'diff', 'node:crypto'])
/** Where time and chance come from. */
const CLOCKS =
  /\bDate\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|\bsetTimeout\(|\bsetInterval\(|randomBytes\(|randomUUID\(/

const files = ['src', 'machines'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
    .map((name) => join(folder, name)),
)
const text = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]))

interface Import {
  readonly from: string
  readonly to: string
  readonly typesOnly: boolean
}

const imports: readonly Import[] = files.flatMap((from) =>
  [...(text.get(from) ?? '').matchAll(/(?:^|\n)\s*(import|export)\s+(type\s+)?[^'"]*?from\s+'([^']+)'/g)].map(
    ([, , typed, target = '']) => ({
      from,
      to: target.startsWith('.') ? relative('.', normalize(join(dirname(from), target))) : target,
      typesOnly: typed !== undefined,
    }),
  ),
)

function rowOf(file: string): number {
  const exact = ROWS.findIndex((row) => row.includes(file))
  return exact !== -1 ? exact : ROWS.findIndex((row) => row.some((folder) => file.startsWith(`${folder}/`)))
}

function homeOf(file: string): string | undefined {
  return ROWS.flat().find((folder) => file === folder || file.startsWith(`${folder}/`))
}

describe('the dependency rule', () => {
  it('every file has a row', () => {
    expect(files.filter((file) => rowOf(file) === -1)).toEqual([])
  })

  it('a file imports from rows below its own or from its own folder, never sideways, never upwards', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!text.has(to)) return false
      return (
        homeOf(from) !== homeOf(to) &&
        rowOf(to) >= rowOf(from) &&
        !(homeOf(from) === 'machines' && homeOf(to) === 'src/core')
      )
    })
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  it('machines import xstate, each other and, as types only, the vocabulary', () => {
    const wrong = imports.filter(
      ({ from, to, typesOnly }) =>
        from.startsWith('machines/') &&
        to !== 'xstate' &&
        !to.startsWith('machines/') &&
        !(typesOnly && to.startsWith('src/core/')),
    )
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  it('core imports only itself and pure libraries', () => {
    const wrong = imports.filter(
      ({ from, to }) => from.startsWith('src/core/') && !to.startsWith('src/core/') && !PURE.has(to),
    )
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  it('adapters are imported by what wires everything alone', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        to.startsWith('src/adapters/') &&
        !from.startsWith('src/adapters/') &&
        from !== 'src/main.ts' &&
        from !== 'src/offline.ts' &&
        from !== 'src/demo.ts',
    )
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  it('the CLI knows core and the contract, nothing else of the rest', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        from.startsWith('src/cli/') && text.has(to) && !/^src\/(cli|core)\//.test(to) && to !== 'src/api/contract.ts',
    )
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  it('the pages know the vocabulary, pure functions of core, the machines and the contract, nothing else of the rest', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        from.startsWith('src/web/') &&
        text.has(to) &&
        !/^(?:src\/(?:web|core)|machines)\//.test(to) &&
        to !== 'src/api/contract.ts',
    )
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  it('no file imports itself by a detour', () => {
    const next = new Map(
      files.map((file) => [file, imports.filter(({ from, to }) => from === file && text.has(to)).map(({ to }) => to)]),
    )
    const done = new Set<string>()
    const cycles: string[] = []
    const visit = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) cycles.push([...way.slice(way.indexOf(file)), file].join(' → '))
      else if (!done.has(file)) {
        for (const to of next.get(file) ?? []) visit(to, [...way, file])
        done.add(file)
      }
    }
    for (const file of files) visit(file, [])
    expect(cycles).toEqual([])
  })

  it('time and chance are read in the clock adapter alone, and in the clock of the pages', () => {
    const wrong = files.filter(
      (file) =>
        CLOCKS.test(text.get(file) ?? '') &&
        !file.endsWith('clock-system.ts') &&
        file !== 'src/web/browser/clock.ts' &&
        !file.startsWith('src/cli/'),
    )
    expect(wrong).toEqual([])
  })
})
