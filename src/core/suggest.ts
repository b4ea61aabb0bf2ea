/** Longer words are no slips of the pen, and comparing them costs time. */
const WORD_LENGTH_MAX = 64
/** A beginning shared by an abbreviation and its word, e.g. `Mon` and `Monday`, is at least this long. */
const STEM_LENGTH_MIN = 3

/**
 * The known word that was meant: the nearest one by edits when it is near (a third of the word, at least two), else one that begins
 * the given word or is begun by it. Case is ignored. Undefined when nothing is like it.
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (word === '' || word.length > WORD_LENGTH_MAX) return undefined
  const given = word.toLowerCase()
  // Two edits turn any two letters into any others: a short word must be nearer.
  const most = Math.min(Math.max(2, Math.floor(given.length / 3)), given.length - 1)
  let best: { readonly word: string; readonly edits: number } | undefined
  for (const candidate of known) {
    const edits = editsBetween(given, candidate.toLowerCase())
    if (edits <= most && (best === undefined || edits < best.edits)) best = { word: candidate, edits }
  }
  return best?.word ?? known.find((candidate) => shareStem(given, candidate.toLowerCase()))
}

/** `; did you mean "…"?`, ready to be put behind a sentence; empty when nothing is like the word. */
export function didYouMean(word: string, known: readonly string[]): string {
  const found = suggest(word, known)
  return found === undefined ? '' : `; did you mean "${found}"?`
}

function shareStem(one: string, other: string): boolean {
  return Math.min(one.length, other.length) >= STEM_LENGTH_MIN && (one.startsWith(other) || other.startsWith(one))
}

/** Insertions, deletions and replacements from one word to the other (Levenshtein), a row at a time. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row[to.length] ?? 0
}
