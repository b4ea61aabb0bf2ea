import { describe, expect, it } from 'vitest'
import { shapeFolder, shapeMigrations } from '../../../src/core/desired.ts'

const TREE = '040000'
const FILE = '100644'
const LINK = '120000'
const shape = (entries: readonly (readonly [string, string])[]) =>
  shapeFolder(
    'environments/dev',
    entries.map(([name, mode]) => ({ name, mode })),
  )
const codes = (...entries: readonly (readonly [string, string])[]) =>
  shape(entries).problems.map(({ code, location }) => `${location?.path} ${code}`)

describe('shapeFolder', () => {
  it('yaml, yml and json files are resources, others are left alone whatever their name', () => {
    const entries = ['a.yaml', 'b.yml', 'c.json', 'D.YAML', 'README.md', 'Übersicht der Ebenen.pdf', '.gitkeep', 'yaml']
    expect(shape(entries.map((name) => [name, FILE]))).toEqual({
      files: [0, 1, 2, 3],
      folders: [],
      problems: [],
    })
  })

  it('executable files are files and folders are walked', () => {
    expect(
      shape([
        ['a.yaml', '100755'],
        ['layers', TREE],
      ]),
    ).toMatchObject({ files: [0], folders: [1], problems: [] })
  })

  it.each([
    ['a.yaml', '120000', 'HONUA_TREE_SYMLINK'],
    ['README.md', '120000', 'HONUA_TREE_SYMLINK'],
    ['layers', '120000', 'HONUA_TREE_SYMLINK'],
    ['shared', '160000', 'HONUA_TREE_SUBMODULE'],
    ['odd', '140000', 'HONUA_TREE_MODE'],
  ])('%s of mode %s is refused', (name, mode, code) => {
    expect(codes([name, mode])).toEqual([`environments/dev/${name} ${code}`])
  })

  it.each(['..', '.', '.git', '.GIT', 'my layers', 'a\\b', 'a:b', 'ebenen-süd', '\ufffd', '-x\n', ''])(
    'a folder called %j is refused',
    (name) => {
      expect(shape([[name, TREE]]).problems).toMatchObject([{ code: 'HONUA_TREE_NAME' }])
    },
  )

  it('a resource file with another character is refused and shown escaped', () => {
    const [problem] = shape([['par\u202ecels.yaml', FILE]]).problems
    expect(problem).toMatchObject({
      code: 'HONUA_TREE_NAME',
      location: { path: 'environments/dev/par\\u202ecels.yaml' },
    })
  })

  it('names that differ in case only are refused, and so are those that differ in how an accent is written', () => {
    expect(codes(['Parcels.yaml', FILE], ['parcels.yaml', FILE])).toEqual([
      'environments/dev/parcels.yaml HONUA_TREE_TWIN',
    ])
    expect(codes(['Layers', TREE], ['layers', TREE])).toEqual(['environments/dev/layers HONUA_TREE_TWIN'])
    expect(codes(['é.yaml', FILE], ['e\u0301.yaml', FILE]).filter((told) => told.endsWith('TWIN'))).toHaveLength(1)
  })

  it('a folder of migrations holds SQL files; folders and resources in it are refused, other files are left alone', () => {
    const entries = [
      ['001_a.sql', FILE],
      ['README.md', FILE],
      ['old', TREE],
      ['style.yaml', FILE],
      ['002_b.sql', LINK],
    ] as const
    const { files, folders, problems } = shapeMigrations(
      'environments/dev/migrations',
      entries.map(([name, mode]) => ({ name, mode })),
    )
    expect({ files, folders }).toEqual({ files: [0], folders: [] })
    expect(problems.map(({ code, location }) => `${location?.path} ${code}`)).toEqual([
      'environments/dev/migrations/old HONUA_MIGRATION_NAME',
      'environments/dev/migrations/style.yaml HONUA_MIGRATION_NAME',
      'environments/dev/migrations/002_b.sql HONUA_TREE_SYMLINK',
    ])
  })
})
