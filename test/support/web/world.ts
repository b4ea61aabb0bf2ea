import { join } from 'node:path'
import { layerFile } from '../builders/layers.ts'
import { ControllerProcess } from '../controller-process.ts'
import { fileRemote, type GitRemote } from '../git-remotes/index.ts'

/** A real controller with its dashboard, `dev` automatic, `staging` outside of its hours and `production` by approval. */
export class WebWorld {
  readonly remote: GitRemote
  readonly controller: ControllerProcess
  readonly #web: object
  readonly #spec: object
  #url = ''

  private constructor(remote: GitRemote, controller: ControllerProcess, web: object, spec: object) {
    this.remote = remote
    this.controller = controller
    this.#web = web
    this.#spec = spec
  }

  /** `web` completes spec.web, `spec` all of it. */
  static async open(web: object = {}, spec: object = {}): Promise<WebWorld> {
    const remote = await fileRemote()
    await remote.commit(
      Object.fromEntries(
        ['dev', 'staging', 'production'].map((name) => [
          `environments/${name}/layers/parcels.yaml`,
          layerFile('parcels', { title: `Parcels of ${name}` }),
        ]),
      ),
      'Declare the parcels',
    )
    const controller = new ControllerProcess({})
    const world = new WebWorld(remote, controller, web, spec)
    world.#configure(0)
    await controller.start()
    world.#url = await controller.until(
      async () => /"url":"(http:[^"]+)","msg":"the dashboard is open"/.exec(controller.output)?.[1],
      'the address of the dashboard',
    )
    return world
  }

  get url(): string {
    return this.#url
  }

  /** Kills the controller. */
  kill(): Promise<void> {
    return this.controller.end('SIGKILL')
  }

  /** Starts it again at the same address. */
  async startAgain(): Promise<void> {
    this.#configure(Number(new URL(this.#url).port))
    await this.controller.start()
  }

  async close(): Promise<void> {
    await this.controller.remove()
    await this.remote.close()
  }

  #configure(port: number): void {
    const { controller, remote } = this
    controller.configure({
      git: { url: remote.url, poll: { interval: '250ms' } },
      dataDir: join(controller.folder, 'data'),
      secretsDir: join(controller.folder, 'secrets'),
      reconciliation: { interval: '1h', retry: { initialDelay: '100ms' } },
      sync: {
        dev: { autoSync: true, prune: true },
        staging: {
          autoSync: true,
          outsideWindow: 'wait',
          conditions: [{ type: 'time-window', days: [aDayThatIsNotToday()], hours: '12:00-12:01' }],
        },
        production: { autoSync: false },
      },
      targets: [{ name: 'files', driver: 'directory', path: join(controller.folder, 'out/{environment}') }],
      web: { enabled: true, port, ...this.#web },
      ...this.#spec,
    })
  }
}

/** Three days from now: also when the test runs at midnight, today is another one. */
export function aDayThatIsNotToday(): string {
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const
  return days[(new Date().getUTCDay() + 3) % 7] ?? 'Sun'
}
