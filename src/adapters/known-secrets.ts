/** Shorter values are found everywhere: taking them out would ruin every text and hide nothing. In characters. */
const LENGTH_MIN = 4
/** Of a secret of several lines, such as a private key, each longer line is looked for by itself. In characters. */
const LINE_LENGTH_MIN = 16
/** Rotated secrets add up, and each costs time with every line: the oldest are forgotten beyond this. */
const VALUES_MAX = 1_000
const HIDDEN = '(hidden)'

/** Values that must appear nowhere. They are held in memory only. */
export interface KnownSecrets {
  add(value: string): void
  /** The text with every known value, in each form it may come back in, replaced. */
  hide(text: string): string
}

export function knownSecrets(): KnownSecrets {
  const values = new Set<string>()
  let pattern: RegExp | null = null
  return {
    add(value) {
      const lines = value.split(/\r?\n/).filter((line) => line.length >= LINE_LENGTH_MIN)
      for (const part of [value, ...lines]) {
        if (part.length < LENGTH_MIN || values.has(part)) continue
        values.add(part)
        const [oldest] = values
        if (values.size > VALUES_MAX && oldest !== undefined) values.delete(oldest)
        pattern = null
      }
    },
    hide(text) {
      if (values.size === 0) return text
      pattern ??= patternOf(values)
      return text.replace(pattern, HIDDEN)
    },
  }
}

/** Longest first: a secret that contains another one must not leave its rest behind. */
function patternOf(values: Iterable<string>): RegExp {
  const forms = [...new Set([...values].flatMap(formsOf))].sort((a, b) => b.length - a.length)
  return new RegExp(forms.map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')
}

/** As it is, inside JSON, in a URL, in base64. */
function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value, 'utf8')
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    // A lone half of a character has no form in a URL.
    encodeURIComponent(bytes.toString('utf8')),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ]
}
