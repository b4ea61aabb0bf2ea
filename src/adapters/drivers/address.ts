import { targetErrors } from '../../core/errors/target.ts'

/** An address that a server can have. Private networks are where Honua servers live; a cloud's metadata service is not. */
export function checkedUrl(target: string, text: string, key = 'url'): URL {
  const refuse = (problem: string) =>
    targetErrors.config({ target, problem, remedy: `set ${key} to the server’s address, e.g. https://gis.example.org` })
  if (!URL.canParse(text)) throw refuse(`the ${key} cannot be read`)
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refuse(`the ${key} is ${url.protocol} and not http or https`)
  if (url.username !== '' || url.password !== '') throw refuse(`the ${key} holds credentials; name a secretRef instead`)
  if (isLinkLocal(url.hostname)) throw refuse(`the ${key} leads to ${url.hostname}, a link-local address`)
  return url
}

/** `URL` has brought decimal, hexadecimal and octal spellings into the dotted form already. */
export function isLinkLocal(host: string): boolean {
  return /^169\.254\./.test(host) || /^\[fe[89ab]/i.test(host) || /^\[::ffff:a9fe:/i.test(host)
}
