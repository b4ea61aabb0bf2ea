const DETAIL_CHARS_MAX = 300

/** Characters that act on a terminal, break a log line or reorder text: C0, C1, line separators, bidi and other format characters. */
const ACTIVE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Cf}]/gu

/** The text with every active character written out, e.g. ESC as `\x1b`, so that it is inert wherever it is shown. */
export function visibleText(text: string): string {
  return text.replace(ACTIVE, (char) => {
    const code = char.codePointAt(0) ?? 0
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/**
 * The one line of Git's stderr that tells most, inert, without the given secrets (plain, URL-encoded or Base64 with a user name)
 * and without users or passwords in URLs; at most 300 characters. Empty when Git said nothing.
 */
export function telling(stderr: string, secrets: readonly string[]): string {
  const lines = ownLines(stderr)
  const line =
    lines.findLast((text) => text.startsWith('fatal: ')) ??
    lines.findLast((text) => text.startsWith('error: ')) ??
    lines.at(-1)
  if (line === undefined) return ''
  return visibleText(withoutSecrets(line.replace(/^(?:fatal|error): /, ''), secrets)).slice(0, DETAIL_CHARS_MAX)
}

/** Lines that Git itself wrote. What the server says (`remote: …`) is left out: it must not decide what we take the failure for. */
export function ownLines(stderr: string): readonly string[] {
  return stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('remote:'))
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '(hidden)')
  return clean.replace(/:\/\/[^/\s'"]*@/g, '://')
}
