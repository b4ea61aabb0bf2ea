/** What may be the name of a folder or resource file in the repository. */

const ENTRY_NAME = /^[A-Za-z0-9._-]{1,255}$/

/** True for names of folders and resource files. `.`, `..` and what Git keeps for itself are none. */
export function isEntryName(name: string): boolean {
  return ENTRY_NAME.test(name) && name !== '.' && name !== '..' && name.toLowerCase() !== '.git'
}

/** True for files that hold resources. */
export function isResourceFile(name: string): boolean {
  return /\.(ya?ml|json)$/i.test(name)
}

/** True for files that are migrations where they lie in a folder of that name. */
export function isMigrationFile(name: string): boolean {
  return /\.sql$/i.test(name)
}

/** The same for names that some file systems cannot keep apart: upper and lower case, composed and decomposed accents. */
export function folded(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
