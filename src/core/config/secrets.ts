/** Which secrets a configuration refers to, and whether they are there. Names only: no value is kept, compared or told. */
import { asJson, isJsonObject, type Json } from '../json.ts'
import type { Problem } from '../vocabulary.ts'
import { type Path, textsOf, valueAt } from './finding.ts'
import { pathText } from './issues.ts'
import { WEBHOOK_SECRET_MIN } from './rules.ts'
import type { ControllerConfig } from './schema.ts'
import { placeholderNames } from './secret-text.ts'

/** Where secrets come from; `path` tells of those that are files or folders, such as ssh keys. */
export interface SecretLookup {
  read(name: string): Promise<string | undefined>
  path?(name: string): Promise<string | undefined>
}

interface SecretUse {
  readonly name: string
  readonly path: Path
  /** A file or folder is enough: its content is not looked at. */
  readonly isFile: boolean
  /** False for a part that is switched off. */
  readonly isActive: boolean
}

/** Names of all secrets that the configuration refers to, each once, those of parts that are switched off included. */
export function secretNames(config: ControllerConfig): readonly string[] {
  return [...new Set(usesOf(config).map(({ name }) => name))]
}

/** The secrets of all parts that are switched on and are not there, or cannot be used; empty when all is well. */
export async function checkSecrets(config: ControllerConfig, secrets: SecretLookup): Promise<readonly Problem[]> {
  const uses = usesOf(config).filter(({ isActive }) => isActive)
  const faults = await Promise.all(
    uses.map(async (use) => {
      const fault = await faultOf(use, secrets)
      return fault === undefined
        ? []
        : [{ ...fault, message: `${pathText(use.path)}: ${fault.message}`, location: null }]
    }),
  )
  return faults.flat()
}

async function faultOf(use: SecretUse, secrets: SecretLookup): Promise<Omit<Problem, 'location'> | undefined> {
  const { name } = use
  if (use.isFile && (await secrets.path?.(name)) !== undefined) return undefined
  const value = use.isFile ? undefined : await secrets.read(name)
  // A value that is itself a placeholder was never filled in: taken as it is, anybody could know it.
  if (value === undefined || value === '' || placeholderNames(value).length > 0)
    return { code: 'HONUA_SECRET_MISSING', message: `the secret "${name}" is not there` }
  const isShort = new TextEncoder().encode(value).length < WEBHOOK_SECRET_MIN
  if (use.path.includes('webhook') && use.path.at(-1) === 'secret' && isShort)
    return { code: 'HONUA_CONFIG_INVALID', message: `the secret "${name}" is shorter than ${WEBHOOK_SECRET_MIN} bytes` }
  return undefined
}

function usesOf({ spec }: ControllerConfig): readonly SecretUse[] {
  const root: Json = { spec: asJson(spec) }
  return [...textsOf(root)].flatMap(({ path, text }) => {
    const names = path.at(-1) === 'secretRef' ? [text] : placeholderNames(text)
    const owner = valueAt(root, path.slice(0, -1))
    const isFile = isJsonObject(owner) && owner['type'] === 'ssh-key'
    const isActive = !isJsonObject(owner) || owner['enabled'] !== false
    return names.map((name) => ({ name, path, isFile, isActive }))
  })
}
