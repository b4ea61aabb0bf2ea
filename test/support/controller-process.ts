import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'yaml'
import type { EnvironmentView, StatusView } from '../../src/api/contract.ts'
import type { Deployment } from '../../src/core/vocabulary.ts'
import { askSocket, type Reply } from './ask-socket.ts'

const ROOT = new URL('../..', import.meta.url).pathname
/** The built program; test/support/build.ts makes it before the first test. */
export const CLI = join(ROOT, 'dist/src/cli/main.js')
/** What `tester` signs in with. */
export const TOKEN = 'a-token-for-tests'
/** Waiting here is for a real process to get somewhere, never for time to pass; each wait ends as soon as it is there. */
const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 10

/** A real controller process on a folder of its own, with a token for `tester`. */
export class ControllerProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'honua-e2e-'))
  readonly socket = join(this.folder, 'data/honua.sock')
  readonly config = join(this.folder, 'controller.yaml')
  #child: ChildProcess | null = null
  #output = ''

  /** `spec` completes the configuration; `secrets` become files of the secrets folder, by their path in it. */
  constructor(spec: object, secrets: Readonly<Record<string, string>> = {}) {
    const secretsDir = join(this.folder, 'secrets')
    mkdirSync(secretsDir, { mode: 0o700 })
    const hash = createHash('sha256').update(TOKEN).digest('hex')
    for (const [name, value] of Object.entries({ 'operator-tokens': `tester ${hash}`, ...secrets })) {
      mkdirSync(dirname(join(secretsDir, name)), { recursive: true, mode: 0o700 })
      writeFileSync(join(secretsDir, name), value, { mode: 0o600 })
    }
    this.configure({ dataDir: join(this.folder, 'data'), secretsDir, ...spec })
  }

  configure(spec: object): void {
    writeFileSync(
      this.config,
      stringify({ apiVersion: 'honua.io/v1', kind: 'GitOpsController', metadata: { name: 'test' }, spec }),
    )
  }

  /** What the newest process printed so far. */
  get output(): string {
    return this.#output
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Starts the process and waits until its API answers. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<this> {
    this.launch({ env })
    await this.answering()
    return this
  }

  /** Starts a process and waits for nothing. `command` stands in the place of the honua program. */
  launch(how: { readonly env?: Readonly<Record<string, string>>; readonly command?: readonly string[] } = {}): void {
    const [program = '', ...before] = how.command ?? [process.execPath, CLI]
    const child = spawn(program, [...before, 'controller', 'run', '--config', this.config], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', ...how.env },
    })
    this.#child = child
    this.#output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString()))
  }

  /** Waits until the API answers. */
  answering(): Promise<true> {
    return this.until(async () => {
      const code = this.#child?.exitCode ?? null
      if (code !== null) throw new Error(`the controller ended with ${code}: ${this.#output.slice(-2_000)}`)
      return (await this.get('/v1/status')).status === 200 ? true : undefined
    }, 'the API to answer')
  }

  /** Waits for the end of the process: its exit code, or the signal that killed it. */
  async death(): Promise<number | NodeJS.Signals> {
    const child = this.#child
    if (child === null) throw new Error('no process runs')
    const how = await this.until(async () => child.signalCode ?? child.exitCode ?? undefined, 'the process to end')
    // What it said last may still be on its way.
    if (child.stderr?.closed === false) await once(child, 'close')
    this.#child = null
    return how
  }

  /** Ends the process by a signal and waits for its end. Nothing happens where none runs. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill(signal)
    await ended
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL')
    // A git that the killed process had started may still be writing for a moment.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }

  get(path: string): Promise<Reply> {
    return this.#request('GET', path, undefined)
  }

  post(path: string, body: object = {}): Promise<Reply> {
    return this.#request('POST', path, body)
  }

  async environment(name: string): Promise<EnvironmentView | undefined> {
    const { status, body } = await this.get(`/v1/environments/${name}`)
    return status === 200 ? (body as EnvironmentView) : undefined
  }

  /** Its status, once it answers: one that has no file handle left may drop a connection. */
  status(): Promise<StatusView> {
    return this.until(async () => {
      const { status, body } = await this.get('/v1/status')
      return status === 200 ? (body as StatusView) : undefined
    }, 'an answer')
  }

  async deployments(): Promise<readonly Deployment[]> {
    return ((await this.get('/v1/deployments')).body as { readonly deployments: readonly Deployment[] }).deployments
  }

  /** The environment once `check` holds of it. */
  environmentOnce(name: string, check: (view: EnvironmentView) => boolean, what: string): Promise<EnvironmentView> {
    return this.until(async () => {
      const view = await this.environment(name)
      return view !== undefined && check(view) ? view : undefined
    }, what)
  }

  /** The environment once it is Synced at the commit. */
  synced(name: string, commit: string): Promise<EnvironmentView> {
    return this.environmentOnce(
      name,
      (view) => view.state === 'Synced' && view.deployedCommit === commit,
      `${name} to be Synced at ${commit.slice(0, 8)}`,
    )
  }

  async until<Value>(look: () => Promise<Value | undefined>, what: string): Promise<Value> {
    for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
      const value = await look()
      if (value !== undefined) return value
      await pause(LOOK_EVERY_MS)
    }
    const state = await this.get('/v1/environments')
    throw new Error(
      `waited in vain for ${what}; ${JSON.stringify(state.body).slice(0, 3_000)}\n${this.#output.slice(-3_000)}`,
    )
  }

  #request(method: 'GET' | 'POST', path: string, body: object | undefined): Promise<Reply> {
    return askSocket({ socketPath: this.socket, method, path, body, headers: { authorization: `Bearer ${TOKEN}` } })
  }
}
