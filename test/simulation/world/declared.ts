import { makeResource } from '../../../src/core/resource.ts'
import type { Resource, ResourceKey } from '../../../src/core/vocabulary.ts'
import type { Outline } from './outline.ts'

/** One resource as the people of the simulation write it. */
export interface Declared {
  readonly name: string
  /** Raised by each edit. */
  readonly revision: number
  /** What the targets of the simulation do about it: refuse it for ever, or fall ill while they hold it. */
  readonly nature: 'good' | 'refused' | 'sick'
  readonly geometry: 'Point' | 'Polygon'
  readonly wave: number
  /** `gitops.honua.io/prune: "false"`. */
  readonly isProtected: boolean
  /** Its title holds `${TOKEN}`. */
  readonly hasSecret: boolean
}

/** What a commit declares for one environment: `broken` when the files cannot be read whole. */
export interface Folder {
  /** What the environment's topology says; null where it has none. */
  readonly topology: Outline | null
  readonly resources: ReadonlyMap<string, Declared>
  readonly broken: 'syntax' | 'twice' | 'link' | null
}

export type Folders = ReadonlyMap<string, Folder>

export const COMMON = 'common'
/** Stands in front of a title so that a target knows what to do about it. */
export const REFUSED = 'refused'
export const SICK = 'sick'

export function declared(name: string, over: Partial<Declared> = {}): Declared {
  return {
    name,
    revision: 1,
    nature: 'good',
    geometry: 'Point',
    wave: 0,
    isProtected: false,
    hasSecret: false,
    ...over,
  }
}

/** The resource it is, as a plain target holds it. */
export function resourceOf(one: Declared): Resource {
  const annotations = {
    ...(one.wave === 0 ? {} : { 'gitops.honua.io/wave': String(one.wave) }),
    ...(one.isProtected ? { 'gitops.honua.io/prune': 'false' } : {}),
  }
  return makeResource({
    apiVersion: 'honua.io/v1',
    kind: 'Layer',
    namespace: 'default',
    name: one.name,
    metadata: Object.keys(annotations).length === 0 ? {} : { annotations },
    spec: {
      title: `${one.nature} ${one.revision}${one.hasSecret ? ' $'.concat('{TOKEN}') : ''}`,
      geometryType: one.geometry,
      storage: { table: `public.${one.name}` },
    },
  })
}

/** Whether a resource on a target bears the mark that keeps it from being deleted. */
export function isKept({ metadata }: Resource): boolean {
  return JSON.stringify(metadata).includes('"gitops.honua.io/prune":"false"')
}

/** The text of its file. JSON is YAML too, and quicker to write. */
export function fileOf(one: Declared): string {
  const { apiVersion, kind, name, metadata, spec } = resourceOf(one)
  return JSON.stringify({ apiVersion, kind, metadata: { name, ...metadata }, spec })
}

/** What an environment should hold at a commit: its own and what is common; null when the commit cannot be deployed there. */
export function wantedAt(folders: Folders, environment: string): ReadonlyMap<ResourceKey, Resource> | null {
  const [own, common] = [folders.get(environment), folders.get(COMMON)]
  if (
    own === undefined ||
    own.broken !== null ||
    own.topology?.bad === 'unknown' ||
    (common !== undefined && common.broken !== null)
  )
    return null
  const all = new Map(common?.resources)
  for (const [name, one] of own.resources) all.set(name, upon(common?.resources.get(name), one))
  return new Map([...all.values()].map(resourceOf).map((resource) => [resource.key, resource]))
}

/** The environment wins; what it does not say, common does. It says all of the spec, and only the annotations that it has. */
function upon(base: Declared | undefined, own: Declared): Declared {
  if (base === undefined) return own
  return { ...own, wave: own.wave === 0 ? base.wave : own.wave, isProtected: own.isProtected || base.isProtected }
}
