/** What may be handed to Git as a URL, a branch or a commit. Pure: the configuration and the Git adapter ask the same functions. */

export type GitTransport = 'https' | 'http' | 'ssh' | 'file'

/** A URL as Git may be given it, or why not. The reason never repeats the text, which may hold a secret. */
export type GitUrlCheck =
  | { readonly ok: true; readonly transport: GitTransport; readonly url: string }
  | { readonly ok: false; readonly reason: string }

/** A short branch name such as `main`, or why not. */
export type BranchCheck =
  | { readonly ok: true; readonly branch: string }
  | { readonly ok: false; readonly reason: string }

const URL_CHARS_MAX = 2048
const BRANCH_BYTES_MAX = 200

const HOST = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])`
const USER = '[A-Za-z0-9_][A-Za-z0-9._-]*'
const PORT = String.raw`(?::(?<port>\d{1,5}))?`

const WEB = new RegExp(`^(?<scheme>https?)://${HOST}${PORT}(?<path>/.*)$`)
const SSH = new RegExp(`^ssh://(?:${USER}@)?${HOST}${PORT}(?<path>/.*)$`)
/** `user@host:path`. One letter before the colon would be a drive on Windows, so the user is asked for. */
const SCP = new RegExp(`^${USER}@${HOST}:(?<path>[^-:].*)$`)

const HIDDEN = '(invalid URL)'

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/
const ENCODED_CONTROL = /%(?:[01][0-9a-f]|7f)/i
/** What reorders or hides text on a screen (a name that reads as another one), and half characters. */
const INVISIBLE = /[\p{Cf}\p{Cs}]/u

const refuse = (reason: string) => ({ ok: false, reason }) as const

/** Accepts https, http, ssh, `user@host:path`, file URLs and absolute paths; nothing that Git could read as an option or a helper. */
export function checkGitUrl(text: string): GitUrlCheck {
  if (text === '') return refuse('it is empty')
  if (text.length > URL_CHARS_MAX) return refuse(`it is longer than ${URL_CHARS_MAX} characters`)
  if (CONTROL.test(text) || INVISIBLE.test(text)) return refuse('it holds control or invisible characters')
  if (text.startsWith('-')) return refuse('it starts with "-" and would be read as an option')
  if (/^[A-Za-z0-9+.-]*::/.test(text)) return refuse('remote helpers (name::address) may run commands')
  if (text.startsWith('/')) return checkLocalPath(text, text)
  if (/^file:\/\//i.test(text)) return checkFileUrl(text)
  if (/[?#]/.test(text)) return refuse('a query or fragment has no meaning for Git and may hold a secret')
  if (/[\s\\]/.test(text)) return refuse('it holds a space or a backslash')
  if (ENCODED_CONTROL.test(text)) return refuse('it holds an encoded control character')
  if (/^https?:\/\//i.test(text)) return checkWebUrl(text)
  if (/^ssh:\/\//i.test(text)) return checkSshUrl(text)
  if (text.includes('://')) return refuse('its scheme is none of https, http, ssh, file')
  if (/^[^/]*:/.test(text)) return checkScpUrl(text)
  return refuse('it is neither a URL, nor user@host:path, nor an absolute path')
}

function checkWebUrl(text: string): GitUrlCheck {
  const authority = /^https?:\/\/([^/]*)/i.exec(text)?.[1] ?? ''
  if (authority.includes('@')) return refuse('it holds a user or password; use spec.git.credentials')
  const match = WEB.exec(text)
  const scheme = match?.groups?.['scheme']
  if (scheme !== 'https' && scheme !== 'http') return refuse('expected https://host/path')
  return finish(scheme, text, match?.groups)
}

function checkSshUrl(text: string): GitUrlCheck {
  const authority = /^ssh:\/\/([^/]*)/i.exec(text)?.[1] ?? ''
  if (/:.*@/.test(authority)) return refuse('it holds a password; use spec.git.credentials')
  const match = SSH.exec(text)
  if (match === null) return refuse('expected ssh://user@host/path')
  return finish('ssh', text, match.groups)
}

function checkScpUrl(text: string): GitUrlCheck {
  const match = SCP.exec(text)
  if (match === null) return refuse('expected user@host:path')
  return finish('ssh', text, match.groups)
}

function checkFileUrl(text: string): GitUrlCheck {
  if (!text.startsWith('file:///')) return refuse('expected file:///absolute/path')
  return checkLocalPath(text, text.slice('file://'.length))
}

function checkLocalPath(url: string, path: string): GitUrlCheck {
  if (/^\/+$/.test(path)) return refuse('it names no folder')
  if (path.startsWith('//')) return refuse('a path starts with one "/"')
  return { ok: true, transport: 'file', url }
}

function finish(
  transport: GitTransport,
  url: string,
  groups: Readonly<Record<string, string | undefined>> | undefined,
): GitUrlCheck {
  const port = groups?.['port']
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535)) return refuse('its port is not in 1 … 65535')
  const path = groups?.['path'] ?? ''
  if (/^\/*$/.test(path)) return refuse('it names no repository')
  if (port !== undefined && path.includes('@')) return refuse('what looks like its port may be the start of a password')
  if (/^\/+-/.test(path)) return refuse('its path starts with "-" and could be read as an option')
  return { ok: true, transport, url }
}

/** Accepts what `git check-ref-format --branch` accepts, except names that read as an option, a full ref or another name. */
export function checkBranch(name: string): BranchCheck {
  if (name === '') return refuse('it is empty')
  if (new TextEncoder().encode(name).length > BRANCH_BYTES_MAX)
    return refuse(`it is longer than ${BRANCH_BYTES_MAX} bytes`)
  if (CONTROL.test(name) || INVISIBLE.test(name)) return refuse('it holds control or invisible characters')
  if (name.startsWith('-')) return refuse('it starts with "-" and would be read as an option')
  if (name.startsWith('refs/')) return refuse('give the short name, without refs/heads/')
  if (name === '@' || name === 'HEAD') return refuse('it stands for a commit, not for a branch')
  if (/[\s~^:?*[\\]/.test(name)) return refuse('it holds a space or one of ~ ^ : ? * [ \\')
  if (name.includes('..') || name.includes('@{')) return refuse('it holds ".." or "@{"')
  if (name.endsWith('.')) return refuse('it ends with "."')
  for (const part of name.split('/')) {
    if (part === '') return refuse('it holds an empty part')
    if (part.startsWith('.') || part.endsWith('.lock')) return refuse('a part starts with "." or ends with ".lock"')
  }
  return { ok: true, branch: name }
}

/** True for a full commit (or object) id: 40 or 64 lower-case hex characters, not all zeros. */
export function isCommitId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) && !/^0+$/.test(text)
}

/** What people are shown: scheme, host, port and path. User, password, query and fragment are left out, also of refused URLs. */
export function displayUrl(text: string): string {
  if (CONTROL.test(text) || INVISIBLE.test(text)) return HIDDEN
  if (text.startsWith('/')) return text
  const check = checkGitUrl(text)
  const url = /^([A-Za-z][A-Za-z0-9+.-]*:\/\/)([^/?#]*)([^?#]*)/u.exec(text)
  if (url === null) return check.ok ? afterAt(text) : HIDDEN
  const [, scheme = '', authority = '', path = ''] = url
  const shown = `${scheme}${afterAt(authority)}${path}`
  // A password may hold "/", "?" or "#": a later "@" in a refused URL means that what looks like the host may be a secret.
  return check.ok || !text.slice(scheme.length + authority.length).includes('@') ? shown : HIDDEN
}

const afterAt = (text: string) => text.slice(text.lastIndexOf('@') + 1)
