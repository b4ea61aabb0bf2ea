import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Assembler,
  type Assembly,
  assembleDesired,
  isEnvironmentName,
  type PlacedFile,
  placeFile,
  readFile,
} from '../../src/core/desired.ts'
import { releaseDigest } from '../../src/core/release.ts'
import { makeResource } from '../../src/core/resource.ts'
import { resourceText } from '../support/builders/resources.ts'
import { cpuMs } from '../support/cpu-time.ts'

const COMMIT = 'c'.repeat(40)
const common = (name: string, text: string) => placeFile(`environments/common/${name}`, readFile(text))
const own = (name: string, text: string) => placeFile(`environments/dev/${name}`, readFile(text))
const theme = (name: string, spec = `{name: ${name}}`, metadata = '') => resourceText('Theme', name, spec, metadata)

function assemble(parts: Partial<Pick<Assembly, 'common' | 'own' | 'problems'>>, assembler?: Assembler) {
  const trees = { environment: 't', common: null, gitops: null }
  return assembleDesired({ environment: 'dev', commit: COMMIT, trees, common: [], own: [], ...parts }, assembler)
}
const toldOf = ({ problems }: ReturnType<typeof assemble>) =>
  problems.map(({ code, location }) => `${location?.path}:${location?.line}:${location?.column} ${code}`)

describe('assembleDesired', () => {
  it('resources are sorted by key, complete, and told with their place', () => {
    const { desired, problems } = assemble({ own: [own('b.yaml', theme('b')), own('a.yaml', `\n${theme('a')}`)] })
    const expected = ['a', 'b'].map((name) =>
      makeResource({
        apiVersion: 'honua.io/v1alpha1',
        kind: 'Theme',
        namespace: 'default',
        name,
        metadata: {},
        spec: { name },
      }),
    )
    expect(problems).toEqual([])
    expect(desired).toEqual({
      environment: 'dev',
      commit: COMMIT,
      trees: { environment: 't', common: null, gitops: null },
      resources: [
        { ...expected[0], location: { path: 'environments/dev/a.yaml', line: 2, column: 1 } },
        { ...expected[1], location: { path: 'environments/dev/b.yaml', line: 1, column: 1 } },
      ],
      release: releaseDigest(expected),
    })
  })

  it('an environment without resources is empty, not wrong', () => {
    expect(assemble({}).desired?.resources).toEqual([])
  })

  it('key order and the form of numbers do not change the release', () => {
    const one = assemble({ own: [own('a.yaml', theme('a', '{name: a, x: 1.0, y: {p: 1, q: 2}}'))] })
    const two = assemble({ own: [own('b.json', theme('a', '{y: {q: 2, p: 1e0}, x: 1, name: a}'))] })
    expect(two.desired?.release).toBe(one.desired?.release)
  })
})

describe('common', () => {
  it('what only common declares is part of the environment, at its own place', () => {
    const { desired } = assemble({ common: [common('a.yaml', theme('a'))], own: [own('b.yaml', theme('b'))] })
    expect(desired?.resources.map(({ key, location }) => `${key} ${location.path}`)).toEqual([
      'Theme/default/a environments/common/a.yaml',
      'Theme/default/b environments/dev/b.yaml',
    ])
  })

  it('the environment wins field by field, null deletes, sequences are replaced', () => {
    const base = theme(
      'a',
      '{name: a, keep: 1, drop: 2, deep: {x: 1, y: 2}, list: [1, 2]}',
      '  labels: {team: gis, tier: low}\n',
    )
    const over = theme('a', '{drop: null, deep: {y: 3}, list: [9]}', '  labels: {tier: null}\n  annotations: {a: b}\n')
    expect(assemble({ common: [common('a.yaml', base)], own: [own('a.yaml', over)] }).desired?.resources).toMatchObject(
      [
        {
          spec: { name: 'a', keep: 1, deep: { x: 1, y: 3 }, list: [9] },
          metadata: { labels: { team: 'gis' }, annotations: { a: 'b' } },
          location: { path: 'environments/dev/a.yaml' },
        },
      ],
    )
  })

  it('a part of common may be incomplete where the environment completes it, and the other way round', () => {
    const layer = (spec: string) => resourceText('Layer', 'a', spec)
    const half = layer('{schemaName: public, tableName: a}')
    const rest = layer('{geometryType: Point, srid: 4326}')
    expect(assemble({ common: [common('a.yaml', half)], own: [own('a.yaml', rest)] }).problems).toEqual([])
    expect(assemble({ common: [common('a.yaml', rest)], own: [own('a.yaml', half)] }).problems).toEqual([])
    expect(toldOf(assemble({ common: [common('a.yaml', half)] }))).toEqual([
      'environments/common/a.yaml:5:1 HONUA_RESOURCE_INVALID',
      'environments/common/a.yaml:5:1 HONUA_RESOURCE_INVALID',
    ])
  })

  it('an overlay may change metadata alone', () => {
    const over = theme('a', '{}', '  labels: {a: b}\n').replace('spec: {}\n', '')
    expect(
      assemble({ common: [common('a.yaml', theme('a'))], own: [own('a.yaml', over)] }).desired?.resources,
    ).toMatchObject([{ metadata: { labels: { a: 'b' } }, spec: { name: 'a' } }])
  })

  it('a null that stands alone stays, and an empty labels field means none', () => {
    const { desired } = assemble({ own: [own('a.yaml', theme('a', '{name: a, alias: null}', '  labels:\n'))] })
    expect(desired?.resources).toMatchObject([{ spec: { name: 'a', alias: null }, metadata: {} }])
    expect(desired?.resources[0]?.metadata).toEqual({})
  })

  it('two forms of one resource cannot be merged', () => {
    const seed = theme('a').replace('v1alpha1', 'v1')
    expect(toldOf(assemble({ common: [common('a.yaml', seed)], own: [own('a.yaml', theme('a'))] }))).toEqual([
      'environments/dev/a.yaml:1:1 HONUA_RESOURCE_FORM',
    ])
  })
})

describe('what is wrong blocks the environment', () => {
  it('a duplicate names both places', () => {
    const result = assemble({ own: [own('a.yaml', theme('x')), own('b.yaml', `${theme('y')}---\n${theme('x')}`)] })
    expect(result.desired).toBeNull()
    expect(toldOf(result)).toEqual(['environments/dev/b.yaml:7:1 HONUA_RESOURCE_DUPLICATE'])
    expect(result.problems[0]?.message).toContain('first at environments/dev/a.yaml:1:1')
  })

  it('names that differ in case only are refused, within a folder and across', () => {
    expect(toldOf(assemble({ own: [own('a.yaml', theme('x')), own('b.yaml', theme('X'))] }))).toEqual([
      'environments/dev/b.yaml:1:1 HONUA_RESOURCE_CASE_TWIN',
    ])
    expect(toldOf(assemble({ common: [common('a.yaml', theme('x'))], own: [own('b.yaml', theme('X'))] }))).toEqual([
      'environments/dev/b.yaml:1:1 HONUA_RESOURCE_CASE_TWIN',
    ])
  })

  it('a wrong field is found in the file that has it', () => {
    const over = theme('a', '{extra: 1}')
    const base = theme('a', '\n  name: 7')
    expect(toldOf(assemble({ common: [common('a.yaml', base)], own: [own('a.yaml', over)] }))).toEqual([
      'environments/common/a.yaml:6:3 HONUA_RESOURCE_INVALID',
    ])
    expect(toldOf(assemble({ common: [common('a.yaml', theme('a'))], own: [own('a.yaml', base)] }))).toEqual([
      'environments/dev/a.yaml:6:3 HONUA_RESOURCE_INVALID',
    ])
  })

  it('a resource without spec anywhere is refused', () => {
    expect(toldOf(assemble({ own: [own('a.yaml', theme('a').replace('spec: {name: a}\n', ''))] }))).toEqual([
      'environments/dev/a.yaml:1:1 HONUA_RESOURCE_FORM',
    ])
  })

  it('mistakes of all files and folders come together, by place', () => {
    const folder = {
      code: 'HONUA_TREE_SYMLINK',
      message: '',
      location: { path: 'environments/dev/a-link.yaml', line: 1, column: 1 },
    }
    const result = assemble({
      common: [common('z.yaml', 'a: [\n')],
      own: [own('b.yaml', 'x: 1\nx: 2\n'), own('a.yaml', resourceText('Theme', 'a', '{}'))],
      problems: [folder],
    })
    expect(result.desired).toBeNull()
    expect(toldOf(result)).toEqual([
      'environments/common/z.yaml:2:1 HONUA_YAML_SYNTAX',
      'environments/dev/a-link.yaml:1:1 HONUA_TREE_SYMLINK',
      'environments/dev/a.yaml:5:1 HONUA_RESOURCE_INVALID',
      'environments/dev/b.yaml:2:1 HONUA_YAML_DUPLICATE_KEY',
    ])
  })

  it('a hundred problems are told and the rest is counted', () => {
    const { problems } = assemble({ own: Array.from({ length: 150 }, (_, n) => own(`f${n}.yaml`, '5\n')) })
    expect(problems).toHaveLength(101)
    expect(problems.at(-1)).toMatchObject({ code: 'HONUA_DESIRED_MORE', location: null })
    expect(problems.at(-1)?.message).toContain('50 more')
  })

  it('a wrong value is never repeated', () => {
    const secret = 'hunter2-secret'
    const result = assemble({
      own: [own('a.yaml', resourceText('Layer', 'a', `{srid: ${secret}, tableName: [${secret}]}`))],
    })
    expect(result.problems.length).toBeGreaterThan(2)
    expect(JSON.stringify(result)).not.toContain(secret)
  })

  it('a thousand wrong documents of one file are told in bounded time', () => {
    const text = Array.from({ length: 1_000 }, (_, n) => resourceText('Layer', `l${n}`, '{srid: x}')).join('---\n')
    const spent = cpuMs(() => expect(assemble({ own: [own('a.yaml', text)] }).problems).toHaveLength(101))
    expect(spent).toBeLessThan(10_000)
  })
})

describe('notes', () => {
  it('metadata that names another environment is noted', () => {
    const { desired, notes } = assemble({
      own: [own('a.yaml', theme('a', '{name: a}', '  environment: production\n'))],
    })
    expect(desired).not.toBeNull()
    expect(notes).toEqual([
      'environments/dev/a.yaml: metadata.environment of Theme/default/a names another environment than the folder; the folder counts',
    ])
  })
})

describe('an assembler that is kept', () => {
  /** Contents of some files: a theme by number, a broken file, or none. */
  const content = fc.option(fc.oneof(fc.constant('broken'), fc.constantFrom('a', 'b', 'c', 'A')), {
    nil: null,
    freq: 3,
  })
  const layers = fc.record({
    common: fc.array(content, { maxLength: 4 }),
    own: fc.array(content, { maxLength: 6 }),
    value: fc.nat({ max: 3 }),
  })

  it('gives what a fresh one gives, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(layers, { minLength: 1, maxLength: 8 }), (commits) => {
        const kept = new Assembler()
        const known = new Map<string, PlacedFile>()
        const placed = (path: string, text: string) => {
          const key = `${path}\n${text}`
          const file = known.get(key) ?? placeFile(path, readFile(text))
          known.set(key, file)
          return file
        }
        for (const commit of commits) {
          const files = (layer: 'common' | 'own') =>
            commit[layer].flatMap((one, n) =>
              one === null
                ? []
                : [
                    placed(
                      `${layer}/${n}.yaml`,
                      one === 'broken' ? 'a: [' : theme(one, `{name: ${one}, value: ${commit.value % (n + 1)}}`),
                    ),
                  ],
            )
          const now = { common: files('common'), own: files('own') }
          expect(assemble(now, kept)).toEqual(assemble(now))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('gives the very same objects for what did not change', () => {
    const [a, b] = [own('a.yaml', theme('a')), own('b.yaml', theme('b'))]
    const kept = new Assembler()
    const before = assemble({ own: [a, b] }, kept).desired?.resources
    const after = assemble({ own: [a, own('b.yaml', theme('b', '{name: c}'))] }, kept).desired?.resources
    expect(after?.[0]).toBe(before?.[0])
    expect(after?.[1]).not.toBe(before?.[1])
  })
})

describe('isEnvironmentName', () => {
  it.each(['dev', 'production', 'us-west-2', '0', 'a'.repeat(63)])('%s is one', (name) => {
    expect(isEnvironmentName(name)).toBe(true)
  })

  it.each(['common', 'README.md', 'Dev', '-x', 'x-', '', 'a'.repeat(64), '..', 'a/b', 'dév', 'dev\n', '__proto__'])(
    '%j is none',
    (name) => {
      expect(isEnvironmentName(name)).toBe(false)
    },
  )
})
