import { asOtto } from '../api-world.ts'
import { someSettings } from '../builders/environment.ts'
import { type WebApiWorld, webApiWorld } from './api-world.ts'
import { connectInspector, type Inspector } from './inspector.ts'

/** What no inspector may be shown. */
export const SECRET = 'the-password-of-the-database'
/** The actors of it, in the order in which they are shown. */
export const ACTORS = ['source', 'environment/dev', 'environment/production'] as const

type Family = 'stately' | 'xstate'

/** A server of the pages that inspectors may look at, before a fake controller with real charts. */
export interface InspectWorld extends WebApiWorld {
  /** Lets an environment take settings with this target. */
  change(target: string, environment?: string): void
  /** An inspector as a program, with the token of otto, that asked to be shown everything. */
  look(family: Family): Promise<Inspector>
  /** An address, without its scheme, for what can send neither a cookie nor a header. */
  address(family: Family): Promise<string>
}

export async function inspectWorld(environments?: readonly string[]): Promise<InspectWorld> {
  const inspect = (text: string) => text.replaceAll(SECRET, '(hidden)')
  const world = await webApiWorld(environments === undefined ? { inspect } : { inspect, environments })
  return {
    ...world,
    change: (target, environment = 'production') =>
      world.facade.happen(environment, { type: 'settings.changed', settings: someSettings({ targets: [target] }) }),
    async look(family) {
      const inspector = await connectInspector(`ws://${world.host}/v1/inspect/${family}`, { headers: asOtto })
      if (family === 'xstate') inspector.socket.send('{"type":"xstate.inspecting"}')
      await inspector.at(ACTORS.length - 1)
      return inspector
    },
    async address(family) {
      const headers = { ...asOtto, 'honua-request': '1' }
      const { text } = await world.send('POST', '/v1/inspect/tickets', { headers, body: {} })
      return `${world.host}/v1/inspect/${family}?ticket=${JSON.parse(text).ticket}`
    },
  }
}
