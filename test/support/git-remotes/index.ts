/** Real Git remotes for tests: a file URL, HTTP with a token, SSH with keys. */
export {
  commitFiles,
  deleteBranch,
  type Files,
  git,
  headOf,
  makeBareRepository,
  rawObject,
  setBranch,
  temporaryFolder,
} from './bare.ts'
export { type HandClock, handClock } from './clock.ts'
export { fileRemote } from './file.ts'
export { type HttpBehaviour, type HttpRemote, httpRemote } from './http.ts'
export { type GitRecorder, type GitStart, gitRecorder } from './recorder.ts'
export type { GitRemote } from './remote.ts'
export { type LogLine, recordingLog, type SourceMaker, sourceMaker } from './sources.ts'
export { SSHD, type SshRemote, sshRemote } from './ssh.ts'
