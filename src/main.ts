/** The one file that sees everything: configuration → adapters → runtime → streams → faces; it stops them in reverse. */
import { setMaxListeners } from 'node:events'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { concatMap, Subscription } from 'rxjs'
import { systemClock } from './adapters/clock-system.ts'
import { openConfigFile } from './adapters/config-file.ts'
import { driverPool } from './adapters/drivers/pool.ts'
import { type GitCredentials, openGitSource } from './adapters/git/index.ts'
import { knownSecrets } from './adapters/known-secrets.ts'
import { createLog, type LogOptions } from './adapters/log-pino.ts'
import { openParserPool } from './adapters/parser/index.ts'
import { openPeerIdentity } from './adapters/peer-identity.ts'
import { type FileSecrets, fileSecrets } from './adapters/secrets-files.ts'
import { openLevelStore } from './adapters/store/index.ts'
import { makeIdentity } from './api/identity.ts'
import { startApi } from './api/server.ts'
import { makeTokens } from './api/tokens.ts'
import { type RunningWeb, startWeb } from './api/web/server.ts'
import {
  type ControllerConfig,
  checkSecrets,
  environmentsOf,
  formatProblem,
  historyOf,
  type Loaded,
  notYetActive,
  restartReasons,
  settingsFor,
} from './core/config/index.ts'
import { configErrors } from './core/errors/config.ts'
import { HonuaError } from './core/errors/index.ts'
import type { Clock } from './ports/clock.ts'
import type { Log } from './ports/log.ts'
import { Bundles } from './runtime/bundles.ts'
import { Controller, type Setup } from './runtime/controller.ts'
import { Doing } from './runtime/environment/doing.ts'
import { Progress } from './runtime/environment/progress.ts'
import { Reached } from './runtime/environment/reached.ts'
import { facadeOf } from './runtime/facade-of.ts'
import { HistoryKeeper } from './runtime/history/keeper.ts'
import { createLimiter } from './runtime/limiter.ts'
import { createDesiredLoader } from './runtime/load-desired.ts'
import { SourceHost } from './runtime/source.ts'
import { polls$ } from './streams/polls.ts'
import { rounds$ } from './streams/rounds.ts'
import { alarms$ } from './streams/wakes.ts'

/** Environments that read and plan at the same time. */
const PLANNING_AT_ONCE = 16
/** Everything under way hears of one end: Node takes more than ten listeners for a leak, and says so on the terminal. */
const LISTENERS_MAX = 1_000
/** The longest pause between polls while the remote does not answer, in ms. */
const POLL_BACKOFF_MAX_MS = 5 * 60_000

/** The built pages: `dist/web`, seen from `dist/src` as well as from `src`. */
const PAGES = resolve(import.meta.dirname, import.meta.dirname.endsWith('dist/src') ? '../web' : '../dist/web')

/** The built page of the inspector, beside them. */
const INSPECTOR_PAGE = resolve(PAGES, '../inspector')

/** How often the history is brought within its limits, in ms. */
const TIDY_EVERY_MS = 10 * 60_000

export interface RunOptions {
  /** Path of the configuration file. */
  readonly config: string
  readonly clock?: Clock
  readonly log?: LogOptions
}

/** A controller that runs. */
export interface Running {
  readonly socket: string
  readonly notices: readonly string[]
  /** The dashboard; null where it is not enabled. */
  readonly web: Pick<RunningWeb, 'url' | 'invite' | 'inspectors'> | null
  stop(): Promise<void>
}

/** Runs until SIGINT or SIGTERM; SIGHUP reloads. Resolves with the exit code. */
export async function runController(options: RunOptions): Promise<number> {
  setMaxListeners(LISTENERS_MAX)
  try {
    const running = await startController(options)
    await new Promise<void>((done) => {
      process.once('SIGINT', () => done())
      process.once('SIGTERM', () => done())
    })
    await running.stop()
    return 0
  } catch (error) {
    if (!(error instanceof HonuaError)) throw error
    process.stderr.write(`${error.code}: ${error.message}\n  ${error.remedy}\n`)
    return 3
  }
}

/** Starts everything. Throws a HonuaError when the configuration, the store, the repository's cache or the socket cannot be used. */
export async function startController(options: RunOptions): Promise<Running> {
  const clock = options.clock ?? systemClock()
  const known = knownSecrets()
  const log = createLog({ ...(options.log ?? { level: 'info' }), secrets: known })
  const stops: (() => Promise<void> | void)[] = []
  const stopAll = async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  try {
    const file = openConfigFile(resolve(options.config), clock)
    stops.push(() => file.close())
    const loaded = await file.read()
    let config = taken(loaded)
    let notices = loaded.notes
    const { spec } = config
    const secrets = fileSecrets({
      dir: spec.secretsDir ?? process.env['CREDENTIALS_DIRECTORY'] ?? '/run/secrets',
      env: process.env,
      onRead: known.add,
    })
    const dataDir = resolve(spec.dataDir)
    const store = await openLevelStore({ dataDir, clock, log })
    stops.push(() => store.close())
    const git = openGitSource({
      url: spec.git.url,
      branch: spec.git.branch,
      credentials: await gitCredentials(spec.git.credentials, secrets),
      cacheDir: join(dataDir, 'git'),
      timeoutMs: spec.git.timeout,
      clock,
      log,
    })
    await git.open()
    stops.push(() => git.close())
    const source = await SourceHost.open({
      store,
      clock,
      log,
      git,
      settings: { url: git.displayUrl, branch: git.branch, historyRewrite: spec.git.historyRewrite },
    })
    const drivers = driverPool(() => config, { secrets, clock, log })
    stops.push(() => drivers.close())
    const parser = openParserPool({ clock, log })
    stops.push(() => parser.close())
    const controller = new Controller({
      store,
      clock,
      log,
      source,
      setup: setupOf(config, [...notices, ...(await missingSecrets(config, secrets))]),
      world: {
        clock,
        log,
        loader: createDesiredLoader({ git, parser, limits: { fileBytesMax: spec.limits.maxFileSize } }),
        bundles: new Bundles(store),
        drivers: drivers.of,
        limiter: createLimiter(PLANNING_AT_ONCE),
        progress: new Progress(),
        doing: new Doing(),
        reached: new Reached(),
      },
    })
    await controller.start()
    stops.push(() => controller.stop())
    const keeper = new HistoryKeeper({ store, clock, log, limits: () => historyOf(config) })
    stops.push(() => keeper.stop())
    const streams = new Subscription()
    stops.push(() => streams.unsubscribe())
    streams.add(pollStream(controller, config, clock, log))
    streams.add(timerStream(controller, clock, log))
    streams.add(
      rounds$(clock, TIDY_EVERY_MS, () => keeper.round()).subscribe({
        error: (error: unknown) => log.error({ error: String(error) }, 'the history is no longer tidied'),
      }),
    )
    streams.add(
      file.changes$
        .pipe(
          concatMap(async (changed) => {
            const refusal =
              changed.config === null ? changed.problems.map(formatProblem) : restartReasons(config, changed.config)
            if (changed.config !== null && refusal.length === 0) {
              config = changed.config
              notices = changed.notes
              drivers.renew()
              log.info({ file: options.config }, 'the new configuration is taken')
            }
            const refused = refusal.map((problem) => `the changed configuration is not taken: ${problem}`)
            for (const notice of refused) log.error({ file: options.config }, notice)
            await controller.configure(
              setupOf(config, [...refused, ...notices, ...(await missingSecrets(config, secrets))]),
            )
          }),
        )
        .subscribe({
          error: (error: unknown) => log.error({ error: String(error) }, 'the configuration is no longer watched'),
        }),
    )
    const reload = () => file.poke()
    process.on('SIGHUP', reload)
    stops.push(() => {
      process.off('SIGHUP', reload)
    })
    const socket = resolve(spec.socket ?? join(dataDir, 'honua.sock'))

    const peers = await openPeerIdentity({ folder: join(dirname(socket), 'peers'), clock })
    stops.push(() => peers.close())
    const tokens = makeTokens(secrets)
    const facade = facadeOf(controller, await version())
    const api = await startApi({ facade, socketPath: socket, identity: makeIdentity({ peers, tokens }), clock, log })
    stops.push(() => api.close())
    const web = spec.web.enabled
      ? await startWeb({
          facade,
          tokens,
          clock,
          log,
          settings: spec.web,
          pages: PAGES,
          inspect: spec.web.inspect ? { page: INSPECTOR_PAGE, hide: known.hide } : null,
        })
      : null
    if (web !== null) stops.push(() => web.close())
    for (const notice of controller.setup.notices) log.warn({}, notice)
    log.info({ socket, repository: git.displayUrl, branch: git.branch }, 'the controller runs')
    return { socket, notices: controller.setup.notices, web, stop: stopAll }
  } catch (error) {
    await stopAll()
    throw error
  }
}

function taken(loaded: Loaded): ControllerConfig {
  if (loaded.config === null) throw configErrors.invalid({ problems: loaded.problems.map(formatProblem) })
  return loaded.config
}

function setupOf(config: ControllerConfig, notices: readonly string[]): Setup {
  return {
    environments: environmentsOf(config),
    settings: (environment) => settingsFor(config, environment),
    notices,
    notYetActive: notYetActive(config),
  }
}

/** What of the configuration cannot work for want of a secret, a sentence each; names only. */
async function missingSecrets(config: ControllerConfig, secrets: FileSecrets): Promise<readonly string[]> {
  return (await checkSecrets(config, secrets)).map(formatProblem)
}

function pollStream(controller: Controller, config: ControllerConfig, clock: Clock, log: Log): Subscription {
  const stopping = new AbortController()
  const { enabled, interval } = config.spec.git.poll
  const subscription = polls$({
    clock,
    pace: { enabled, intervalMs: interval, maxBackoffMs: POLL_BACKOFF_MAX_MS },
    trigger$: controller.trigger$,
    poll: () => controller.poll(stopping.signal),
  }).subscribe({
    next: ({ nextAt }) => {
      controller.nextPollAt = nextAt
    },
    error: (error: unknown) => log.error({ error: String(error) }, 'polling stopped'),
  })
  subscription.add(() => stopping.abort(new Error('the controller stops')))
  return subscription
}

function timerStream(controller: Controller, clock: Clock, log: Log): Subscription {
  return alarms$(controller.hosts$, clock, log).subscribe({
    error: (error: unknown) => log.error({ error: String(error) }, 'timers stopped'),
  })
}

async function gitCredentials(
  credentials: ControllerConfig['spec']['git']['credentials'],
  secrets: FileSecrets,
): Promise<GitCredentials> {
  switch (credentials.type) {
    case 'none':
      return { type: 'none' }
    case 'token': {
      const { secretRef, username } = credentials
      const read = async () => (await secrets.read(secretRef)) ?? ''
      return { type: 'token', read, ...(username === undefined ? {} : { username }) }
    }
    case 'ssh-key': {
      const keyPath = await secrets.path(credentials.secretRef)
      if (keyPath === undefined) throw configErrors.secretMissing({ name: credentials.secretRef })
      return { type: 'ssh-key', keyPath }
    }
  }
}

/** The version in package.json, which lies beside `src` in the repository and above `dist` in the package. */
async function version(): Promise<string> {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const { version: found }: { readonly version: string } = JSON.parse(
        await readFile(new URL(place, import.meta.url), 'utf8'),
      )
      return found
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }
  return 'unknown'
}
