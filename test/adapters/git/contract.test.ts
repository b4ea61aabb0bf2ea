import { type GitSubject, gitContract } from '../../contract/git.suite.ts'
import {
  fileRemote,
  type GitRemote,
  httpRemote,
  SSHD,
  sourceMaker,
  sshRemote,
} from '../../support/git-remotes/index.ts'

async function subjectOn(remote: GitRemote): Promise<GitSubject> {
  const maker = await sourceMaker()
  return {
    commit: remote.commit,
    deleteBranch: remote.deleteBranch,
    setBranch: remote.setBranch,
    stop: remote.stop,
    start: remote.start,
    async source({ branch, cache }) {
      const source = maker.make(remote, cache === undefined ? { branch } : { branch, cacheDir: maker.cacheDir(cache) })
      await source.open()
      return source
    },
    async close() {
      await maker.close()
      await remote.close()
    },
  }
}

gitContract({ name: 'a file URL', open: async () => subjectOn(await fileRemote()) })
gitContract({ name: 'HTTP with a token', open: async () => subjectOn(await httpRemote()) })
gitContract({
  name: 'SSH with a key',
  open: async () => subjectOn(await sshRemote()),
  skip: SSHD === null ? 'no sshd on this computer' : null,
})
