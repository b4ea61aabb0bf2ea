/**
 * Module hooks that load the tests anew for one mutant: everything of ours that is reached from an import tagged `?mutant=<n>` is
 * loaded once more with that tag, a file that lies in the mutant's folder from there, and `vitest` as a collector of tests.
 */
import { existsSync } from 'node:fs'
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module'

const ROOT = new URL('../../', import.meta.url).href
let folder = ''

/** `data` is the folder's URL with a slash at its end; mutant n's files lie in `<n>/` by their paths from the root. */
export const initialize: InitializeHook<string> = (data) => {
  folder = data
}

export const resolve: ResolveHook = async (specifier, context, next) => {
  const tag = tagOf(context.parentURL ?? '')
  if (tag === '') return next(specifier, context)
  if (specifier === 'vitest') return next(new URL('collector.ts', import.meta.url).href, context)
  const found = await next(specifier, context)
  const [file] = found.url.split('?')
  return found.url.startsWith(ROOT) && !found.url.includes('/node_modules/')
    ? { ...found, url: `${file}${tag}` }
    : found
}

export const load: LoadHook = async (url, context, next) => {
  const [file = '', number] = url.split('?mutant=')
  const own = new URL(`${number}/${file.slice(ROOT.length)}`, folder)
  return number !== undefined && existsSync(own) ? next(own.href, context) : next(url, context)
}

function tagOf(url: string): string {
  return /\?mutant=\d+/.exec(url)?.[0] ?? ''
}
