import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openDriver } from '../../../src/adapters/drivers/index.ts'
import { run } from '../../../src/cli/run.ts'
import { formatProblem, loadConfig } from '../../../src/core/config/index.ts'
import { Assembler, assembleDesired, placeFile, readFile } from '../../../src/core/desired.ts'
import { HonuaError } from '../../../src/core/errors/index.ts'
import { testDeps } from '../../adapters/drivers/deps.ts'
import { calm } from '../../contract/driver.requests.ts'
import { apiWorld, asOtto } from '../../support/api-world.ts'
import { layerFile } from '../../support/builders/layers.ts'
import { fakeIo } from '../../support/fake-io.ts'
import { type HonuaServer, startHonuaServer } from '../../support/honua-server/server.ts'

/** Something that takes text from outside. */
export interface FuzzTarget {
  readonly name: string
  /** What is well-formed, to begin with. */
  readonly samples: readonly string[]
  /** Makes it ready; what comes back takes one input, and throws when a promise is broken. */
  open(): Promise<{ take(input: string): void | Promise<void>; close(): Promise<void> }>
}

const nothing = async (): Promise<void> => undefined
const root = new URL('../../..', import.meta.url).pathname
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const unpacked = (path: string) => gunzipSync(readFileSync(join(root, path))).toString('utf8')
const JOURNALS = 'test/fixtures/journals/v0.1'

/** Problems have a place and a code, and nothing in them acts on a terminal. */
const configuration: FuzzTarget = {
  name: 'the configuration',
  samples: [read('config/gitops-controller.yaml'), read('test/support/seed-configuration.yaml')],
  open: async () => ({
    take(input) {
      const { config, problems } = loadConfig(input, 'f.yaml')
      assert((config === null) === problems.length > 0, 'a configuration or problems')
      for (const problem of problems)
        assert(/^f\.yaml:\d+:\d+ [^\p{Cc}]+$/u.test(formatProblem(problem)), formatProblem(problem))
    },
    close: nothing,
  }),
}

const repository: FuzzTarget = {
  name: 'a file of the repository',
  samples: [
    layerFile('parcels', { title: 'Parcels', wave: 2 }),
    ...readdirSync(join(root, 'config/sample-repository/environments'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.yaml'))
      .map((path) => read(`config/sample-repository/environments/${path}`)),
    '{"apiVersion":"honua.io/v1alpha1","kind":"Layer","metadata":{"name":"a","namespace":"b"},"spec":{"title":"${X}"}}',
  ],
  open: async () => {
    const assembler = new Assembler()
    return {
      take(input) {
        const own = [placeFile('environments/dev/a.yaml', readFile(Buffer.from(input, 'utf8')))]
        const trees = { environment: null, common: null, gitops: null }
        const assembly = { environment: 'dev', commit: 'c'.repeat(40), trees, common: [], own }
        const { desired, problems } = assembleDesired(assembly, assembler)
        assert((desired === null) === problems.length > 0, 'a state or problems')
        for (const { code, message } of problems) assert(/^HONUA_/.test(code) && message.length < 2_000, message)
      },
      close: nothing,
    }
  },
}

/** A file that is handed to a command. The command ends with one of its codes, never with a mistake of its own. */
function commandOn(
  name: string,
  samples: readonly string[],
  line: (file: string, folder: string) => readonly string[],
): FuzzTarget {
  return {
    name,
    samples,
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'honua-fuzz-'))
      let count = 0
      return {
        async take(input) {
          count += 1
          const file = join(folder, 'input')
          writeFileSync(file, input)
          const io = fakeIo({ cwd: folder })
          await run(line(file, join(folder, `data-${count}`)), io)
          assert(!io.err().includes('HONUA_INTERNAL'), io.err())
          assert(!/[\u001b\u0007\u202e]/.test(io.out() + io.err()), 'the terminal is left alone')
        },
        async close() {
          rmSync(folder, { recursive: true, force: true })
        },
      }
    },
  }
}

const bundle = commandOn(
  'a replay bundle',
  ['rewrite', 'auto'].map((name) => unpacked(`${JOURNALS}/${name}.replay.json.gz`)),
  (file) => ['replay', '--file', file],
)

const backup = commandOn('a backup', [unpacked(`${JOURNALS}/store.ndjson.gz`)], (file, data) => [
  ...['admin', 'import', '--from', file, '--data', data],
])

const commandLine: FuzzTarget = {
  name: 'a command line',
  samples: [
    'env list -o json',
    'env hold production -m why --until 2h',
    'rollback production --to 3f9ac2d1 -m back --wait --timeout 5s',
    'replay production --from 3 --to 9 --step',
    'events --follow --environment dev',
    'deployment approve production-20260105-080000 --plan 3f9ac2d1',
    'controller sync dev --socket /nowhere/x.sock',
    'schema Layer',
  ],
  open: async () => ({
    async take(input) {
      const io = fakeIo({ cwd: '/nowhere', env: { HONUA_SOCKET: '/nowhere/honua.sock' } })
      await run(
        input
          .split(' ')
          .filter((word) => word !== '')
          .slice(0, 40),
        io,
      )
      assert(!io.err().includes('HONUA_INTERNAL'), io.err())
    },
    close: nothing,
  }),
}

/** Whatever is asked, the answer is one of the API's own, and the next question is answered. */
const request: FuzzTarget = {
  name: 'a request',
  samples: [
    'POST /v1/environments/production/sync {"reason":"why"}',
    'POST /v1/environments/production/hold {"reason":"why","until":1795479042455}',
    'POST /v1/environments/production/rollback {"reason":"why","to":"3f9ac2d1"}',
    'POST /v1/deployments/production-20260105-080000/approve {"reason":"","plan":"3f9ac2d1"}',
    'POST /v1/source/accept-rewrite {"commit":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","reason":"x"}',
    'GET /v1/journal/environment/production?from=1&to=9 ',
    'GET /v1/events?environment=dev&limit=3 ',
    'GET /v1/audit?from=2 ',
    'GET /v1/charts/environment/production/4 ',
    'GET /v1/windows?from=1767600000000&until=1767700000000&environment=dev ',
  ],
  open: async () => {
    const world = await apiWorld()
    return {
      async take(input) {
        const [method = 'GET', path = '/', ...rest] = input.split(' ')
        if (!/^[A-Z]{1,10}$/.test(method) || /[^\x21-\x7e]/.test(path) || path === '') return
        const { status, text } = await world.send(method, path, {
          headers: asOtto,
          // A GET with a body is two requests to any server.
          ...(method === 'POST' ? { body: rest.join(' ') } : {}),
        })
        assert(status >= 200 && status < 500, `${status} for ${method} ${path}: ${text}`)
      },
      close: () => world.close(),
    }
  },
}

const answer: FuzzTarget = {
  name: 'an answer of a target',
  samples: [
    '{"success":true,"data":{"resources":[{"apiVersion":"honua.io/v1alpha1","kind":"Theme","metadata":{"name":"a","namespace":"default","resourceVersion":"7"},"spec":{"name":"x","size":1.0}}]}}',
    '{"success":true,"data":{"version":"2026.0.3","capabilities":{"manifests":true}}}',
    '{"success":false,"error":{"code":"X","message":"no"}}',
  ],
  open: async () => {
    const server: HonuaServer = await startHonuaServer({ apiKey: 'key' })
    const target = {
      name: 'gis',
      driver: 'honua',
      url: server.url,
      credentials: { type: 'api-key', secretRef: 'gis-key' },
      timeoutMs: 5_000,
      maxInFlight: 4,
    } as const
    const driver = openDriver(target, 'dev', testDeps({ own: new Map([['gis-key', 'key']]) }))
    return {
      async take(input) {
        server.clearFaults()
        server.setFault({ kind: 'garbage', body: input })
        for (const call of [() => driver.probe(calm()), () => driver.observe([], calm())])
          await call().catch((error: unknown) => assert(error instanceof HonuaError, String(error)))
      },
      async close() {
        await driver.close()
        await server.close()
      },
    }
  },
}

export const targets: readonly FuzzTarget[] = [configuration, repository, bundle, backup, commandLine, request, answer]

function assert(holds: boolean, told: string): void {
  if (!holds) throw new Error(`broken: ${told}`)
}
