import { readFile } from 'node:fs/promises'

/** The version in package.json, which lies two folders up in the repository and three in the built package. */
export async function ownVersion(): Promise<string> {
  for (const place of ['../../package.json', '../../../package.json']) {
    const text = await readFile(new URL(place, import.meta.url), 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    })
    if (text !== undefined) {
      const { version }: { readonly version: string } = JSON.parse(text)
      return version
    }
  }
  return 'unknown'
}
