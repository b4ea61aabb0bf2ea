import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { gzipSync } from 'node:zlib'

/** The scripts that a browser loads before a page of the build is there, each with what it imports at once. */
export function firstScripts(folder: string): readonly string[] {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const found = new Set<string>()
  const visit = (path: string): void => {
    if (found.has(path)) return
    found.add(path)
    const text = readFileSync(join(folder, path), 'utf8')
    // The build writes `import{a as b}from"./x.js"` and `import"./x.js"`; what is imported later stands in brackets.
    for (const [, target = ''] of text.matchAll(/(?:\bimport|\bfrom)\s*["'](\.[^"']+\.js)["']/g))
      visit(posix.join(posix.dirname(path), target))
  }
  for (const [, path = ''] of html.matchAll(/<(?:script|link)[^>]+(?:src|href)="\/([^"]+\.js)"/g)) visit(path)
  return [...found]
}

/** What they weigh packed as they are sent, in bytes. */
export function firstLoadBytes(folder: string): number {
  return firstScripts(folder).reduce((sum, path) => sum + gzipSync(readFileSync(join(folder, path))).length, 0)
}
