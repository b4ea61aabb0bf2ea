/** What runs in the thread that looks: plain calls that wait for the disk, as nothing else runs here. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { errorCode } from '../files.ts'
import { type Facts, factsOf, type Path, type Unseen } from './facts.ts'
import type { LookAnswer, LookRequest } from './messages.ts'

/** One answer holds about as much, so that a folder of large files is not held at once. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024

function answerTo({ want, paths, bytesMax }: LookRequest): LookAnswer {
  const found: (Facts | Unseen)[] = []
  const contents: (Buffer | null)[] = []
  let length = 0
  for (const path of paths) {
    if (length > ANSWER_BYTES_MAX) break
    const one = tried(() => (want === 'facts' ? factsAt(path) : opened(path, bytesMax)))
    const content = 'content' in one ? one.content : null
    found.push('content' in one ? one.facts : one)
    contents.push(content)
    length += content?.length ?? 0
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const content of contents) {
    if (content === null) continue
    bytes.set(content, at)
    at += content.length
  }
  return { ready: false, found, lengths: contents.map((content) => content?.length ?? null), bytes }
}

function tried<Found>(look: () => Found): Found | Unseen {
  try {
    return look()
  } catch (error) {
    const failed = errorCode(error)
    if (failed === undefined) throw error
    return { failed }
  }
}

function factsAt(path: Path): Facts {
  return factsOf(lstatSync(onceMore(path), { bigint: true }))
}

function opened(path: Path, bytesMax: number): { readonly facts: Facts; readonly content: Buffer | null } {
  const fd = openSync(onceMore(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const facts = factsOf(fstatSync(fd, { bigint: true }))
    if (facts.kind !== 'file' || facts.size > bytesMax) return { facts, content: null }
    return { facts, content: allOf(fd, Number(facts.size)) }
  } finally {
    closeSync(fd)
  }
}

/** All bytes of a file of about `size` bytes: one more than it had is asked for, fewer mean that its end was reached. */
function allOf(fd: number, size: number): Buffer {
  const chunks: Buffer[] = []
  for (let wanted = size + 1; ; wanted = Math.max(size, 4096)) {
    const chunk = Buffer.allocUnsafe(wanted)
    const count = readSync(fd, chunk, 0, wanted, null)
    chunks.push(chunk.subarray(0, count))
    if (count < wanted) return Buffer.concat(chunks)
  }
}

/** A path of bytes loses its class on the way between threads. */
function onceMore(path: Path): Path {
  return typeof path === 'string' ? path : Buffer.from(path)
}

const say = (answer: LookAnswer) => parentPort?.postMessage(answer, answer.ready ? [] : [answer.bytes.buffer])

parentPort?.on('message', (request: LookRequest) => say(answerTo(request)))
say({ ready: true })
