/** Passwords in connection strings, which servers of generation A give back to whoever asks. */

const HIDDEN = '(hidden)'
/** `Password=…;`, also quoted, and `scheme://user:…@host`. */
const PASSWORD = /((?:password|pwd)\s*=\s*)("(?:[^"]|"")*"|'(?:[^']|'')*'|[^;]*)/gi
const IN_URL = /(:\/\/[^:@/\s]*:)([^@\s]*)(@)/g

export function withoutPasswords(text: string): string {
  return text.replace(PASSWORD, `$1${HIDDEN}`).replace(IN_URL, `$1${HIDDEN}$3`)
}

/** Whether a password stands there in the clear, and not as `${NAME}`. */
export function holdsPassword(text: string): boolean {
  const values = [...text.matchAll(PASSWORD), ...text.matchAll(IN_URL)].map((match) => match[2] ?? '')
  return values.some((value) => value !== '' && !value.includes('${'))
}
