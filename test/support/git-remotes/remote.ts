import type { GitCredentials } from '../../../src/adapters/git/index.ts'
import type { CommitOptions, Files } from './bare.ts'

/** A real Git remote under a test's control. `repository` is the bare repository's folder, for what the methods do not cover. */
export interface GitRemote {
  readonly name: string
  readonly url: string
  readonly repository: string
  readonly credentials: GitCredentials
  /** Credentials the remote refuses, with the secret they hold; null where the transport knows none. */
  readonly wrong: { readonly credentials: GitCredentials; readonly secret: string } | null
  commit(files: Files, message: string, options?: CommitOptions): Promise<string>
  deleteBranch(branch: string): Promise<void>
  setBranch(branch: string, commit: string): Promise<void>
  /** The remote stops answering, as when its computer is off; nothing is lost. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Ends everything and removes the folder. */
  close(): Promise<void>
}
