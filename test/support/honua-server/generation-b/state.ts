import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isRawObject, parseRaw, type Raw, stringifyRaw, textField, toRaw } from '../raw-json.ts'
import { keyOf, LAST_APPLIED, type Stored, specHash, toAnswer, type Wanted, wantedOf } from './resources.ts'

/** Something that really changed on the server. */
export interface Mutation {
  readonly action: 'create' | 'update' | 'delete'
  readonly key: string
  readonly version: number
}

/** Everything of one apply request, kept as a manifest version. */
export interface ManifestVersion {
  readonly id: string
  readonly appliedAt: string
  readonly resources: readonly Wanted[]
}

/** Logs and versions kept; older ones are dropped, so that a server can run for days. */
const KEPT_MAX = 10_000

/** The server's resources. With `persistPath` they outlive a restart; every change is written before it is answered. */
export class HonuaState {
  readonly mutations: Mutation[] = []
  readonly versions: ManifestVersion[] = []
  readonly #resources = new Map<string, Stored>()
  readonly #persistPath: string | null
  readonly #now: () => Date

  constructor(persistPath: string | null, now: () => Date) {
    this.#persistPath = persistPath
    this.#now = now
    if (persistPath !== null && existsSync(persistPath)) this.#load(readFileSync(persistPath, 'utf8'))
  }

  get(key: string): Stored | undefined {
    return this.#resources.get(key)
  }

  /** All resources in order of key; of one namespace when named. */
  all(namespace: string | null = null): readonly Stored[] {
    return [...this.#resources.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, stored]) => stored)
      .filter((stored) => namespace === null || stored.namespace === namespace)
  }

  /** Creates or replaces, metadata included: the version counts up, the generation with a new spec. */
  put(wanted: Wanted): Stored {
    const key = keyOf(wanted)
    const before = this.#resources.get(key)
    const at = this.#now().toISOString()
    const sameSpec = before !== undefined && specHash(before.spec) === specHash(wanted.spec)
    const stored: Stored = {
      ...wanted,
      id: before?.id ?? createHash('sha256').update(`${key}@${at}`).digest('hex').slice(0, 32),
      version: (before?.version ?? 0) + 1,
      generation: (before?.generation ?? 0) + (sameSpec ? 0 : 1),
      createdAt: before?.createdAt ?? at,
      updatedAt: at,
    }
    this.#resources.set(key, stored)
    this.#changed({ action: before === undefined ? 'create' : 'update', key, version: stored.version })
    return stored
  }

  /** False when there was nothing to remove. */
  remove(key: string): boolean {
    const before = this.#resources.get(key)
    if (before === undefined) return false
    this.#resources.delete(key)
    this.#changed({ action: 'delete', key, version: before.version })
    return true
  }

  rememberApplied(resources: readonly Wanted[]): void {
    const id = `v${this.versions.length + 1}`
    this.versions.push({ id, appliedAt: this.#now().toISOString(), resources })
    if (this.versions.length > KEPT_MAX) this.versions.shift()
  }

  /** Against the last request alone: what another request applied is `extra`. */
  drift(verbose: boolean): Raw {
    const baseline = this.versions.at(-1)
    const declared = new Map((baseline?.resources ?? []).map((wanted) => [keyOf(wanted), wanted]))
    const resources: Raw[] = []
    for (const key of new Set([...declared.keys(), ...this.#resources.keys()])) {
      const wanted = declared.get(key)
      const live = this.#resources.get(key)
      const declaredHash = wanted === undefined ? null : specHash(wanted.spec)
      const actualHash = live === undefined ? null : specHash(live.spec)
      if (declaredHash === actualHash) continue
      const driftType = wanted === undefined ? 'extra' : live === undefined ? 'missing' : 'spec-drift'
      const { kind, namespace, name } = wanted ?? live ?? { kind: '', namespace: '', name: '' }
      const item = new Map<string, Raw>([
        ['identifier', toRaw({ kind, namespace, name })],
        ['driftType', driftType],
        ['declaredHash', declaredHash],
        ['actualHash', actualHash],
      ])
      if (verbose) item.set('declaredSpec', wanted?.spec ?? null).set('actualSpec', live?.spec ?? null)
      resources.push(item)
    }
    return new Map<string, Raw>([
      ['generatedAt', this.#now().toISOString()],
      ['baselineVersionId', baseline?.id ?? null],
      ['hasDrift', baseline !== undefined && resources.length > 0],
      ['resources', baseline === undefined ? [] : resources],
    ])
  }

  manifest(namespace: string | null): Raw {
    const stored = this.all(namespace)
    const drifted = stored.filter((item) => {
      const applied = item.annotations.get(LAST_APPLIED)
      return applied !== undefined && applied !== specHash(item.spec)
    })
    const hash = createHash('sha256').update(stored.map((item) => `${keyOf(item)} ${specHash(item.spec)}\n`).join(''))
    return new Map<string, Raw>([
      ['apiVersion', 'honua.io/v1alpha1'],
      ['generatedAt', this.#now().toISOString()],
      ['resources', stored.map(toAnswer)],
      ['driftedResources', toRaw(drifted.map(({ kind, namespace: ns, name }) => ({ kind, namespace: ns, name })))],
      ['manifestHash', hash.digest('hex')],
    ])
  }

  #changed(mutation: Mutation): void {
    this.mutations.push(mutation)
    if (this.mutations.length > KEPT_MAX) this.mutations.shift()
    if (this.#persistPath === null) return
    const text = stringifyRaw(this.all().map(toAnswer))
    writeFileSync(`${this.#persistPath}.new`, text)
    renameSync(`${this.#persistPath}.new`, this.#persistPath)
  }

  #load(text: string): void {
    const list = parseRaw(text)
    if (!Array.isArray(list)) throw new TypeError('the persisted resources are not a list')
    for (const value of list) {
      const { wanted } = wantedOf(value)
      const metadata = isRawObject(value) ? value.get('metadata') : undefined
      this.#resources.set(keyOf(wanted), {
        ...wanted,
        id: textField(metadata, 'id') ?? '',
        version: Number(textField(metadata, 'resourceVersion') ?? '1'),
        generation: Number(isRawObject(metadata) ? stringifyRaw(metadata.get('generation') ?? null) : 1),
        createdAt: textField(metadata, 'createdAt') ?? '',
        updatedAt: textField(metadata, 'updatedAt') ?? '',
      })
    }
  }
}
