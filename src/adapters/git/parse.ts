import type { CommitId } from '../../core/vocabulary.ts'
import type { CommitInfo, TreeEntry } from '../../ports/git.ts'
import { visibleText } from './text.ts'

const SPACE = 0x20
const NUL = 0x00
const SUBJECT_CHARS_MAX = 500

/**
 * The entries of a raw tree: `<mode> <name>\0<id bytes>`, repeated. Bytes of a name that are no UTF-8 become U+FFFD, which no
 * allowed name holds, so that the loader refuses the file by name. Throws a TypeError when the tree is malformed.
 */
export function parseTree(raw: Buffer, oidBytes: 20 | 32): readonly TreeEntry[] {
  const entries: TreeEntry[] = []
  let at = 0
  while (at < raw.length) {
    const space = raw.indexOf(SPACE, at)
    const nul = raw.indexOf(NUL, space)
    const end = nul + 1 + oidBytes
    if (space < 0 || nul < 0 || end > raw.length) throw new TypeError('a tree is cut off')
    const mode = raw.toString('latin1', at, space)
    if (!/^[0-7]{5,6}$/.test(mode)) throw new TypeError('a tree entry has no mode')
    entries.push({
      mode: mode.padStart(6, '0'),
      name: raw.toString('utf8', space + 1, nul),
      oid: raw.toString('hex', nul + 1, end),
    })
    at = end
  }
  return entries
}

export interface ParsedCommit {
  readonly tree: string
  readonly parents: readonly CommitId[]
  readonly info: CommitInfo
}

/** A raw commit: header lines, an empty line, the message. Throws a TypeError when it names no tree or committer. */
export function parseCommit(commit: CommitId, raw: Buffer): ParsedCommit {
  const end = raw.indexOf('\n\n')
  const head = raw.subarray(0, end < 0 ? raw.length : end)
  const encoding = /^encoding (.+)$/m.exec(head.toString('latin1'))?.[1]
  const headers = decode(head, encoding)
  const tree = /^tree ([0-9a-f]{40,64})$/m.exec(headers)?.[1]
  const author = /^author (.*) -?\d+ [+-]\d+$/m.exec(headers)?.[1]
  const seconds = /^committer .* (-?\d+) [+-]\d+$/m.exec(headers)?.[1]
  if (tree === undefined || seconds === undefined) throw new TypeError('a commit names no tree or committer')
  const message = end < 0 ? '' : decode(raw.subarray(end + 2), encoding)
  return {
    tree,
    parents: parentsOf(headers),
    info: {
      commit,
      author: visibleText((author ?? '').trim()),
      subject: visibleText(subjectOf(message)).slice(0, SUBJECT_CHARS_MAX),
      committedAt: Number(seconds) * 1000,
    },
  }
}

/** Only what stands right below the tree: a header of the same name further down is none that Git goes by. */
function parentsOf(headers: string): readonly CommitId[] {
  const lines = /^tree [0-9a-f]+\n((?:parent [0-9a-f]{40,64}\n)*)/.exec(headers)?.[1] ?? ''
  return lines.match(/[0-9a-f]{40,64}/g) ?? []
}

/** The first paragraph on one line, as Git's own `%s`. */
function subjectOf(message: string): string {
  const [first = ''] = message.replace(/^\n+/, '').split(/\n\s*\n/)
  return first.trim().split(/\r?\n/).join(' ')
}

function decode(bytes: Buffer, encoding: string | undefined): string {
  try {
    return new TextDecoder(encoding ?? 'utf-8').decode(bytes)
  } catch (error) {
    // The label is free text in the commit; an unknown one is a RangeError.
    if (error instanceof RangeError) return bytes.toString('utf8')
    throw error
  }
}
