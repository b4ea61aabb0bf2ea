import { describe, expect, it } from 'vitest'
import { assembleDesired, type PlacedFile, placeFile, readMigration } from '../../../src/core/desired.ts'
import { placeholder } from '../../contract/driver.requests.ts'

const told = (name: string, sql: string | Uint8Array) =>
  readMigration(name, sql).problems.map(({ code, line, column }) => `${line}:${column} ${code}`)

function assembled(common: Readonly<Record<string, string>>, own: Readonly<Record<string, string>>) {
  const placed = (folder: string, files: Readonly<Record<string, string>>): readonly PlacedFile[] =>
    Object.entries(files).map(([name, sql]) =>
      placeFile(`environments/${folder}/migrations/${name}`, readMigration(name, sql)),
    )
  const trees = { environment: 'e', common: 'c', gitops: null }
  return assembleDesired({
    environment: 'dev',
    commit: 'a'.repeat(40),
    trees,
    common: placed('common', common),
    own: placed('dev', own),
  })
}

describe('a migration', () => {
  it('is one resource with its number, its text and the sum of it', () => {
    const { parts, problems } = readMigration('001_parcels.sql', 'create table t (id int);')
    expect(problems).toEqual([])
    expect(parts.map(({ part }) => part)).toMatchObject([
      {
        key: 'Migration/default/001_parcels',
        spec: { number: 1, sql: 'create table t (id int);', checksum: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ])
  })

  it.each([
    'parcels.sql',
    '01_a.sql',
    '001-a.sql',
    '001_.sql',
    '001_a.SQL',
    '001_ä.sql',
    '001_a.b.sql',
    '1234567890123456_a.sql',
  ])('is not called %s', (name) => expect(told(name, 'select 1')).toEqual(['1:1 HONUA_MIGRATION_NAME']))

  it('without a statement, or that is no SQL, is refused with its place', () => {
    expect(told('001_a.sql', '-- nothing\n')).toEqual(['1:1 HONUA_MIGRATION_SQL'])
    expect(told('001_a.sql', "select 1;\nselect 'open")).toEqual(['2:8 HONUA_MIGRATION_SQL'])
    expect(told('001_a.sql', 'select 1;\n  \\i other.sql\n')).toEqual(['2:3 HONUA_MIGRATION_SQL'])
    expect(told('001_a.sql', new Uint8Array([0x73, 0xff]))).toEqual(['1:1 HONUA_FILE_ENCODING'])
  })

  it('cannot begin or end transactions, nor mix what stands alone with others', () => {
    expect(told('001_a.sql', 'begin;\nselect 1;\ncommit;')).toEqual([
      '1:1 HONUA_MIGRATION_TRANSACTION',
      '3:1 HONUA_MIGRATION_TRANSACTION',
    ])
    expect(told('001_a.sql', 'select 1;\nvacuum;')).toEqual(['2:1 HONUA_MIGRATION_ALONE'])
    expect(told('001_a.sql', '-- alone\nvacuum;\n')).toEqual([])
  })

  it('holds no secret: a placeholder is refused wherever it stands, escaped too', () => {
    const name = placeholder('DB_PASSWORD')
    for (const sql of [`alter role r password '${name}'`, `select 1 -- ${name}`, `select '$${name}'`])
      expect(told('001_a.sql', sql)).toEqual([expect.stringMatching(/HONUA_MIGRATION_SECRET$/)])
    expect(told('001_a.sql', `select '${placeholder('lower')}'`)).toEqual([])
  })
})

describe('the migrations of an environment', () => {
  it('are its own and those of common; of one name, its own counts', () => {
    const { desired, problems } = assembled(
      { '001_a.sql': 'select 1', '002_b.sql': 'select 2' },
      { '002_b.sql': 'select 22', '003_c.sql': 'select 3' },
    )
    expect(problems).toEqual([])
    expect(desired?.resources.map(({ name, spec }) => [name, spec['sql']])).toEqual([
      ['001_a', 'select 1'],
      ['002_b', 'select 22'],
      ['003_c', 'select 3'],
    ])
  })

  it('have each a number of their own, common or not, whatever its zeros', () => {
    const { desired, problems } = assembled(
      { '001_a.sql': 'select 1' },
      { '0001_b.sql': 'select 1', '002_c.sql': 'select 1' },
    )
    expect(desired).toBeNull()
    expect(
      problems.map(({ code, location, message }) => [
        code,
        location?.path,
        message.includes('common') || message.includes('dev'),
      ]),
    ).toEqual([['HONUA_MIGRATION_NUMBER', 'environments/common/migrations/001_a.sql', true]])
  })
})
