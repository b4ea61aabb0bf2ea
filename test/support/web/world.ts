import { join } from 'node:path'
import { layerFile } from '../builders/layers.ts'
import { ControllerProcess } from '../controller-process.ts'
import { fileRemote, type GitRemote } from '../git-remotes/index.ts'

/** A real controller with its dashboard, `dev` automatic, `staging` outside of its hours and `production` by approval. */
export class WebWorld {
  readonly remote: GitRemote
  readonly controller: ControllerProcess
  readonly url: string

  private constructor(parts: {
    readonly remote: GitRemote
    readonly controller: ControllerProcess
    readonly url: string
  }) {
    this.remote = parts.remote
    this.controller = parts.controller
    this.url = parts.url
  }

  static async open(web: object = {}): Promise<WebWorld> {
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
      web: { enabled: true, port: 0, ...web },
    })
    await controller.start()
    const url = await controller.until(
      async () => /"url":"(http:[^"]+)","msg":"the dashboard is open"/.exec(controller.output)?.[1],
      'the address of the dashboard',
    )
    return new WebWorld({ remote, controller, url })
  }

  async close(): Promise<void> {
    await this.controller.remove()
    await this.remote.close()
  }
}

/** Three days from now: also when the test runs at midnight, today is another one. */
function aDayThatIsNotToday(): string {
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const
  return days[(new Date().getUTCDay() + 3) % 7] ?? 'Sun'
}
