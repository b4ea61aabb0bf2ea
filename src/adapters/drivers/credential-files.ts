/** What a target's configuration names and does not hold: secrets, and certificates in files. */
import { readFile } from 'node:fs/promises'
import { targetErrors } from '../../core/errors/target.ts'
import type { DriverDeps } from './settings.ts'

/** Throws HONUA_TARGET_SECRET_MISSING where there is none, or an empty one. */
export async function secretOf(
  { name }: { readonly name: string },
  secretRef: string,
  { secrets }: Pick<DriverDeps, 'secrets'>,
): Promise<string> {
  const secret = await secrets.read(secretRef)
  if (secret === undefined || secret === '') throw targetErrors.secretMissing({ target: name, secretRef })
  return secret
}

/** The text of a PEM file. Throws HONUA_TARGET_CONFIG where it cannot be read. */
export async function pem(target: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw targetErrors.config({
      target,
      problem: `${path}: ${code}`,
      remedy: 'correct the path below tls, or the file’s rights',
    })
  }
}
