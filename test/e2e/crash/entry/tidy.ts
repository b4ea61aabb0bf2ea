import { Controller } from '../../../../src/runtime/controller.ts'
import { HistoryKeeper } from '../../../../src/runtime/history/keeper.ts'

/** Little is kept, so that a short life leaves something to let go. */
const LIMITS = { entries: 10, ageMs: 0, deployments: 2, releases: 2 }

/** Lets the history keeper work over and over from the start, with limits that a test can reach. */
export function tidyAtOnce(): void {
  const { start } = Controller.prototype
  Controller.prototype.start = async function (this: Controller) {
    await start.call(this)
    const { store, clock, log } = this.parts
    const keeper = new HistoryKeeper({ store, clock, log, limits: () => LIMITS, collectEveryMs: 0 })
    void (async () => {
      while (this.state === 'Running') {
        await keeper.round()
        await clock.sleep(20)
      }
    })()
  }
}
