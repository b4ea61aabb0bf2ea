/** The folder whose resources are the base of every environment; no environment can be called so. */
export const COMMON = 'common'

/** The folder at the top of an environment, or of common, whose files are database migrations. */
export const MIGRATIONS_FOLDER = 'migrations'

/** Lower-case letters, digits and inner dashes, at most 63; not `common`. Such a name is safe in paths, URLs and ids. */
export function isEnvironmentName(name: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name) && name !== COMMON
}

/** With `.yaml` behind it, such a name is as long as a file's may be: 255 bytes. */
export const RESOURCE_NAME_CHARS_MAX = 250

/** Names and namespaces of resources: they become file names and parts of URLs. */
export function isResourceName(name: string): boolean {
  return name.length <= RESOURCE_NAME_CHARS_MAX && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)
}

/** Kinds of resources: a capital, then letters and digits, at most 63. */
export function isKind(name: string): boolean {
  return /^[A-Z][A-Za-z0-9]{0,62}$/.test(name)
}
