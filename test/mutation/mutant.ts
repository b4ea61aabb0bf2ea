/** What a mutant is: one small change to one file of the machines. */
import type { Node } from './syntax.ts'

export interface Change {
  /** The state and event, or the function, that is changed. */
  readonly where: string
  /** What is done to it, in words with the text it is about. */
  readonly what: string
  readonly start: number
  readonly end: number
  readonly text: string
}

export interface Mutant {
  /** `file · where · what`, with a number where one would stand for several. Says nothing of lines, so that it outlives edits elsewhere. */
  readonly id: string
  /** Path from the root of the repository. */
  readonly file: string
  readonly line: number
  /** The whole changed source. */
  readonly source: string
}

/** A text as it stands in the source, on one line, shortened. */
export function quoted(source: string, node: Node): string {
  const text = source.slice(node.start, node.end).replaceAll(/\s+/g, ' ')
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** Applies each change to the source by itself. */
export function mutantsFrom(file: string, source: string, changes: readonly Change[]): readonly Mutant[] {
  const counts = new Map<string, number>()
  return changes.map((change) => {
    const name = [file, change.where, change.what].join(' · ')
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return {
      id: count === 1 ? name : `${name} · ${count}`,
      file,
      line: source.slice(0, change.start).split('\n').length,
      source: source.slice(0, change.start) + change.text + source.slice(change.end),
    }
  })
}
