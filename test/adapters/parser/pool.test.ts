import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/adapters/clock-system.ts'
import { createLog } from '../../../src/adapters/log-pino.ts'
import { openParserPool, type ParserPool, type ParserPoolOptions } from '../../../src/adapters/parser/index.ts'
import { plainFile, readFile } from '../../../src/core/desired.ts'
import { defaultLimits } from '../../../src/core/documents/index.ts'

const open: ParserPool[] = []

function aPool(options: Partial<ParserPoolOptions> = {}): ParserPool {
  const pool = openParserPool({ clock: systemClock(), log: createLog({ level: 'silent' }), ...options })
  open.push(pool)
  return pool
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()))
})

const layer = (name: string) =>
  `apiVersion: honua.io/v1\nkind: Layer\nmetadata:\n  name: ${name}\nspec:\n  title: ${name}\n  geometryType: Polygon\n  storage: { table: public.t, srid: 4326 }\n`
/** Too long for the controller's own thread, whatever stands in front. */
const long = (text: string) => `${text}#${' '.repeat(8 * 1024)}\n`
const bytes = (text: string) => Buffer.from(text)

/** A thread that works on for ever on a file with `hang` in it, dies of one with `die`, and has nothing to say of others. */
const troubled = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads'
    parentPort.on('message', ({ bytes, lengths }) => {
      const text = Buffer.from(bytes).toString()
      if (text.includes('hang')) for (;;);
      if (text.includes('die')) process.exit(1)
      const files = lengths.map((bytes) => ({ parts: [], problems: [], notes: ['read'], environments: [], bytes }))
      parentPort.postMessage({ ready: false, files: JSON.stringify(files) })
    })
    parentPort.postMessage({ ready: true })
  `)}`,
)

describe('a pool of parsers', () => {
  it('gives what reading in this thread gives, mistakes and their places included', async () => {
    const texts = [
      layer('parcels'),
      long(layer('roads')),
      'a: [',
      long('kind: 7\n'),
      `${layer('a')}---\n${layer('b')}`,
      '\u0000',
      '',
      long(`${layer('x')}  __proto__: 1\n`),
      'apiVersion: honua.io/v1\nkind: Layer\nmetadata:\n  name: n\n  labels:\nspec:\n  big: 1e300\n  minus: -0\n  text: "\\u2028"\n',
    ]
    const limits = { ...defaultLimits, lexemesMax: 100_000 }
    const pool = aPool()
    const together = await pool.parse(texts.map(bytes), limits)
    const oneByOne = await Promise.all(texts.map(async (text) => (await pool.parse([bytes(text)], limits))[0]))
    const here = texts.map((text) => readFile(bytes(text), limits))
    expect(together.map(plainFile)).toEqual(here.map(plainFile))
    expect(oneByOne.map((file) => file && plainFile(file))).toEqual(here.map(plainFile))
    expect(together[1]?.locate(0, ['spec', 'storage', 'srid'])).toEqual(here[1]?.locate(0, ['spec', 'storage', 'srid']))
  })

  it('a crowd of small files is read in order, whoever reads them', async () => {
    const names = Array.from({ length: 2_000 }, (_, n) => `layer-${n}`)
    const pool = aPool()
    const groups = Array.from({ length: 50 }, (_, at) => names.slice(at * 40, at * 40 + 40))
    const read = await Promise.all(
      groups.map((group) =>
        pool.parse(
          group.map((name) => bytes(layer(name))),
          defaultLimits,
        ),
      ),
    )
    expect(read.flat().map(({ parts }) => parts[0]?.part.name)).toEqual(names)
  })

  it.each(['hang', 'die'])('a file that makes its thread %s is refused, and no other one', async (what) => {
    const pool = aPool({ script: troubled, patienceMsPerMib: 500, threadsMax: 1 })
    const contents = ['one', what, 'two'].map((text) => bytes(long(text)))
    const [files, later] = await Promise.all([
      pool.parse(contents, defaultLimits),
      pool.parse([bytes(long('later'))], defaultLimits),
    ])
    expect(files.map(({ problems, notes }) => problems[0]?.code ?? notes[0])).toEqual([
      'read',
      'HONUA_YAML_UNPARSABLE',
      'read',
    ])
    expect(later[0]?.notes).toEqual(['read'])
  })

  it('a small file that ended a thread is never tried in this one', async () => {
    const pool = aPool({ script: troubled, threadsMax: 1 })
    const files = await pool.parse([bytes(long('one')), bytes('die')], defaultLimits)
    expect(files.map(({ problems }) => problems[0]?.code)).toEqual([undefined, 'HONUA_YAML_UNPARSABLE'])
  })

  it('where no thread can start, files are read here', async () => {
    const pool = aPool({ script: new URL('data:text/javascript,throw new Error("no")') })
    const [file] = await pool.parse([bytes(long(layer('roads')))], defaultLimits)
    expect(file?.parts.map(({ part }) => part.key)).toEqual(['Layer/default/roads'])
  })
})
