/** `npm start`: a controller with everything it needs on this machine, below ./data. For a first look, not for production. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { stringify } from 'yaml'
import { HonuaError } from './core/errors/index.ts'
import { startController } from './main.ts'

/** The stand-in for a Honua server lives with the tests; it is built beside this file. */
interface StandIn {
  readonly startHonuaServer: (options: {
    readonly apiKey: string
    readonly persistPath: string
  }) => Promise<{ readonly url: string; close(): Promise<void> }>
}

const DATA = resolve('data')
const DEMO = join(DATA, 'demo')
const REPOSITORY = join(DEMO, 'repository')
const API_KEY = 'demo-key-of-no-value'

try {
  await main()
} catch (error) {
  if (!(error instanceof HonuaError)) throw error
  process.stderr.write(`${error.code}: ${error.message}\n  ${error.remedy}\n`)
  process.exitCode = 3
}

async function main(): Promise<void> {
  mkdirSync(join(DEMO, 'secrets'), { recursive: true, mode: 0o750 })
  makeRepository()
  const server = await startStandIn()
  const config = join(DEMO, 'controller.yaml')
  writeFileSync(join(DEMO, 'secrets/gis-key'), API_KEY, { mode: 0o600 })
  writeFileSync(config, configFor(server.url))
  const controller = await startController({ config, log: { level: 'warn' } })
  const page = controller.web?.invite(userInfo().username) ?? ''
  const inspector = controller.web?.inspectors?.page ?? ''
  process.stdout.write(welcome({ serverUrl: server.url, config, page, inspector }))
  await new Promise<void>((done) => {
    process.once('SIGINT', () => done())
    process.once('SIGTERM', () => done())
  })
  process.stdout.write('\nStopping. What was deployed and decided stays in ./data; npm start goes on from there.\n')
  await controller.stop()
  await server.close()
}

function makeRepository(): void {
  if (existsSync(join(REPOSITORY, '.git'))) return
  cpSync(join(packageRoot(), 'config/sample-repository'), REPOSITORY, { recursive: true })
  const git = (...args: string[]) => execFileSync('git', ['-C', REPOSITORY, ...args], { stdio: 'ignore' })
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git(
    '-c',
    'user.name=Demo',
    '-c',
    'user.email=demo@example.org',
    'commit',
    '--quiet',
    '--message',
    'Declare what the city wants',
  )
}

async function startStandIn() {
  const module: StandIn = await import(
    pathToFileURL(join(packageRoot(), 'dist/test/support/honua-server/server.js')).href
  )
  return module.startHonuaServer({ apiKey: API_KEY, persistPath: join(DEMO, 'honua-server.json') })
}

/** The folder that holds package.json: this file runs as dist/src/demo.js. */
function packageRoot(): string {
  return resolve(import.meta.dirname, '../..')
}

function configFor(serverUrl: string): string {
  const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri']
  const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const spec = {
    git: { url: pathToFileURL(REPOSITORY).href, poll: { interval: '5s' } },
    reconciliation: { interval: '1m' },
    sync: {
      dev: { autoSync: true, prune: true },
      staging: {
        autoSync: true,
        conditions: [{ type: 'time-window', days: weekdays, hours: '09:00-17:00', timeZone }],
      },
      production: { autoSync: false },
    },
    dataDir: DATA,
    secretsDir: join(DEMO, 'secrets'),
    web: { enabled: true, anonymous: 'read', inspect: true },
    targets: [
      { name: 'files', driver: 'directory', path: join(DEMO, 'deployed/{environment}') },
      {
        name: 'gis',
        driver: 'honua',
        environments: ['dev'],
        url: serverUrl,
        credentials: { type: 'api-key', secretRef: 'gis-key' },
      },
    ],
  }
  return stringify({ apiVersion: 'honua.io/v1', kind: 'GitOpsController', metadata: { name: 'demo' }, spec })
}

function welcome({
  serverUrl,
  config,
  page,
  inspector,
}: {
  readonly serverUrl: string
  readonly config: string
  readonly page: string
  readonly inspector: string
}): string {
  return `
The controller runs. It watches ./data/demo/repository and deploys to folders in ./data/demo/deployed
and, for dev, to a stand-in for a Honua server at ${serverUrl}.

  dev         every commit is deployed
  staging     deployed on weekdays from 09:00 to 17:00, by approval at other times
  production  a person approves each plan

See it in the browser; this link signs you in, once:

  ${page}

Every statechart at work, for developers: ${inspector}

Or try, in another terminal in this folder:

  npx honua controller status
  npx honua env diff production            what would change
  npx honua deployment list                copy the id that awaits approval
  npx honua deployment approve <id>
  npx honua replay production              why it is in the state it is in

Change something, and watch dev follow within seconds:

  sed -i 's/Parcels (dev)/Cadastre (dev)/' data/demo/repository/environments/dev/parcels.yaml
  git -C data/demo/repository -c user.name=Me -c user.email=me@example.org commit -am "Rename the layer"
  npx honua events --follow

Configuration: ${config}. Ctrl-C stops it.
`
}
