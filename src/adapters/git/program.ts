import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { gitErrors } from '../../core/errors/git.ts'
import { PROGRAM_FOLDERS } from '../process/run-group.ts'
import { startFailure, WANTS } from './failures.ts'

export interface GitProgram {
  readonly path: string
  readonly folder: string
}

/** `cat-file --batch-command` came with 2.36. */
const MINIMUM = [2, 36] as const

/**
 * Finds git in the fixed folders, then in the given PATH, and asks its version. Throws HONUA_GIT_PROGRAM_MISSING when there is none,
 * or one that is too old.
 */
export async function findGit(given: string | undefined, searchPath: string): Promise<GitProgram> {
  const folders = [...PROGRAM_FOLDERS, ...searchPath.split(':').filter(isAbsolute)]
  const candidates = given === undefined ? folders.map((folder) => join(folder, 'git')) : [given]
  for (const path of candidates) {
    if (!(await isExecutable(path))) continue
    await checkVersion(path)
    return { path, folder: dirname(path) }
  }
  throw gitErrors.programMissing({
    reason: given === undefined ? 'it is not installed' : `there is no program ${given}`,
  })
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function checkVersion(path: string): Promise<void> {
  const text = await new Promise<string>((resolve, reject) => {
    execFile(path, ['version'], { env: { LC_ALL: 'C.UTF-8' }, cwd: '/' }, (error, stdout) => {
      if (error === null) resolve(stdout)
      else
        reject(
          WANTS.has(String(error.code))
            ? startFailure(String(error.code))
            : gitErrors.programMissing({ reason: `${path} does not run` }),
        )
    })
  })
  const match = /(\d+)\.(\d+)/.exec(text)
  const [major, minor] = [Number(match?.[1]), Number(match?.[2])]
  const old = major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])
  if (match === null || old) throw gitErrors.programMissing({ reason: `${path} is older than ${MINIMUM.join('.')}` })
}
