import { Client } from './client.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { report } from './failure.ts'
import type { Io } from './io.ts'
import { Output } from './output.ts'
import { parseArguments } from './program.ts'
import { socketPath } from './socket.ts'

/** The honua program without its process: arguments in, exit code out; all it says goes to the screens of `io`. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = parseArguments(argv, io.stdout)
  if (parsed.kind === 'help') {
    io.stdout.write(parsed.text)
    return EXIT.ok
  }
  const { global } = parsed
  const how = { format: global.output, color: global.color && (io.env['NO_COLOR'] ?? '') === '' }
  if (parsed.kind === 'usage') return report(parsed.error, io, how)
  try {
    const api = new Client({ socket: socketPath(global.socket, io), token: io.env['HONUA_TOKEN'] })
    return await parsed.run({ io, api, out: new Output(io, how) })
  } catch (error) {
    return report(error, io, how)
  }
}
