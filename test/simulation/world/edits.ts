import type { Edit } from '../script.ts'
import { type Declared, declared, type Folder } from './declared.ts'
import { someOutline } from './outline.ts'

const NAMES_MAX = 9

/** What an edit makes of a folder: null removes it. `pick` chooses the resource. */
export function edited(folder: Folder | undefined, edit: Edit, pick: number): Folder | null {
  const resources = new Map(folder?.resources ?? [])
  const topology = folder?.topology ?? null
  const names = [...resources.keys()]
  const name = names[pick % Math.max(1, names.length)]
  const one = name === undefined ? undefined : resources.get(name)
  const change = (over: (one: Declared) => Partial<Declared>): Folder => {
    if (one !== undefined) resources.set(one.name, { ...one, revision: one.revision + 1, nature: 'good', ...over(one) })
    return { resources, topology, broken: null }
  }
  switch (edit) {
    case 'edit':
      return change(() => ({}))
    case 'breaking':
      return change(({ geometry }) => ({ geometry: geometry === 'Point' ? 'Polygon' : 'Point' }))
    case 'protect':
      return change(({ isProtected }) => ({ isProtected: !isProtected }))
    case 'refused':
    case 'sick':
      return change(() => ({ nature: edit }))
    case 'add': {
      const added = declared(`layer-${pick % NAMES_MAX}`, { wave: (pick % 3) - 1, revision: pick })
      resources.set(added.name, added)
      return { resources, topology, broken: null }
    }
    case 'remove':
      if (name !== undefined) resources.delete(name)
      return { resources, topology, broken: null }
    case 'empty':
      return { resources: new Map(), topology, broken: null }
    case 'drop':
      return null
    case 'restore':
      return mended(folder)
    case 'syntax':
    case 'twice':
    case 'link':
      return { resources, topology, broken: edit }
    case 'topology':
      return { ...change(() => ({})), topology: someOutline(topology, pick) }
    case 'topology-gone':
      return { ...change(() => ({})), topology: null }
    case 'topology-unable':
    case 'topology-unknown':
      return {
        ...change(() => ({})),
        topology: { ...someOutline(topology, pick), bad: edit === 'topology-unable' ? 'unable' : 'unknown' },
      }
  }
}

/** A folder that can be deployed: what was there, without what is bad in it. */
export function mended(folder: Folder | undefined): Folder {
  const kept = [...(folder?.resources.values() ?? [])]
  const all = kept.length === 0 ? [declared('roads')] : kept
  return {
    resources: new Map(
      all.map((one) => [
        one.name,
        one.nature === 'good' ? one : { ...one, nature: 'good', revision: one.revision + 1 },
      ]),
    ),
    topology: folder?.topology == null ? null : { ...folder.topology, bad: null },
    broken: null,
  }
}
