import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { commitFiles, deleteBranch, makeBareRepository, setBranch, temporaryFolder } from './bare.ts'
import type { GitRemote } from './remote.ts'

/** A bare repository reached by a file URL. Stopping it takes the folder away. */
export async function fileRemote(): Promise<GitRemote> {
  const folder = await temporaryFolder()
  const repository = join(folder.path, 'city.git')
  await makeBareRepository(repository)
  return {
    name: 'file',
    url: `file://${repository}`,
    repository,
    credentials: { type: 'none' },
    wrong: null,
    commit: (files, message, options) => commitFiles(repository, files, message, options),
    deleteBranch: (branch) => deleteBranch(repository, branch),
    setBranch: (branch, commit) => setBranch(repository, branch, commit),
    stop: () => rename(repository, `${repository}.away`),
    start: () => rename(`${repository}.away`, repository),
    close: folder.remove,
  }
}
