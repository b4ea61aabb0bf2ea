import type { ExitCode } from '../../src/cli/exit-codes.ts'
import { run } from '../../src/cli/run.ts'
import { type ApiWorld, apiWorld } from './api-world.ts'
import { type FakeIo, fakeIo } from './fake-io.ts'

/** The honua program against a real API on a real socket. */
export interface CliWorld extends ApiWorld {
  /** Runs a command line (words in '…' stay together) and tells what came of it. */
  honua(line: string, options?: Parameters<typeof fakeIo>[0]): Promise<Ran>
  /** The same, without waiting for its end. */
  start(
    line: string,
    options?: Parameters<typeof fakeIo>[0],
  ): { readonly io: FakeIo; readonly ended: Promise<ExitCode> }
}
export interface Ran {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

export async function cliWorld(options: Parameters<typeof apiWorld>[0] = {}): Promise<CliWorld> {
  const world = await apiWorld(options)
  const start: CliWorld['start'] = (line, { env, ...how } = {}) => {
    const io = fakeIo({
      cwd: world.folder,
      now: world.clock.now(),
      env: { HONUA_SOCKET: world.socket, ...env },
      ...how,
    })
    return { io, ended: run(words(line), io) }
  }
  return {
    ...world,
    start,
    async honua(line, how) {
      const { io, ended } = start(line, how)
      const code = await ended
      return { code, out: io.out(), err: io.err() }
    },
  }
}

function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
}
