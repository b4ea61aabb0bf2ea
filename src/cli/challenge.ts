import { open, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { ChallengeView } from '../api/contract.ts'
import { cliErrors } from '../core/errors/cli.ts'

const FILE_NAME = /^[0-9a-f]{32}$/
const NONCE = /^[0-9a-f]{16,128}$/

/**
 * Runs `task` with the challenge answered: the file that only we could have written stands beside the socket until it is over. Of the
 * path the controller names, the last part alone counts: whoever listens at the socket must not make us write anywhere else.
 */
export async function answering<Value>(
  socket: string,
  challenge: ChallengeView,
  task: () => Promise<Value>,
): Promise<Value> {
  const name = basename(challenge.path)
  if (!FILE_NAME.test(name) || !NONCE.test(challenge.nonce))
    throw cliErrors.challengeRefused({ reason: 'the challenge is malformed' })
  const path = join(dirname(socket), 'peers', name)
  await write(path, challenge.nonce)
  try {
    return await task()
  } finally {
    await unlink(path).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error
    })
  }
}

async function write(path: string, nonce: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      // The folder's group, the controller's, must be able to read it whatever our umask is; nobody else may write.
      await file.chmod(0o640)
      await file.writeFile(nonce)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw cliErrors.challengeRefused({ reason: `${path}: ${codeOf(error)}` })
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
