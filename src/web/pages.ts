import { shown } from './parts/words.ts'

/** What a page is given: the parts of the path, by their name in `path`. */
export interface PageProps {
  readonly name: string
}

/** One page: a line below, and what is shown there in `shell/views.ts`. */
export interface Page {
  /** `:name` is one part of the path: the name of an environment or the id of a deployment. */
  readonly path: string
  readonly label: string
  /** Where the way to it stands: in the menu, beside the views of an environment, or in other pages alone. */
  readonly place: 'menu' | 'environment' | 'elsewhere'
  /** Whether it is for anybody, whoever signed in, and does without the controller. */
  readonly needsNobody?: true
}

const pages = [
  { path: '/', label: 'Environments', place: 'menu' },
  { path: '/pipeline', label: 'Pipeline', place: 'menu' },
  { path: '/windows', label: 'Windows', place: 'menu' },
  { path: '/source', label: 'Source', place: 'menu' },
  { path: '/notifications', label: 'Notifications', place: 'menu' },
  { path: '/health', label: 'Health', place: 'menu' },
  { path: '/source/chart', label: 'Chart of the source', place: 'elsewhere' },
  { path: '/audit', label: 'Audit', place: 'menu' },
  { path: '/replay', label: 'Open a replay', place: 'menu', needsNobody: true },
  { path: '/environments/:name', label: 'Now', place: 'environment' },
  { path: '/environments/:name/chart', label: 'Chart', place: 'environment' },
  { path: '/environments/:name/timeline', label: 'Timeline', place: 'environment' },
  { path: '/environments/:name/replay', label: 'Replay', place: 'environment' },
  { path: '/deployments/:name', label: 'Deployment', place: 'elsewhere' },
] as const satisfies readonly Page[]

export type PagePath = (typeof pages)[number]['path']

export const PAGES: readonly (Page & { readonly path: PagePath })[] = pages

export interface Found {
  readonly page: Page & { readonly path: PagePath }
  /** The part that is named in the path; empty where none is. */
  readonly name: string
}

/** The page of a path; null where there is none. */
export function pageAt(path: string): Found | null {
  for (const page of PAGES) {
    const [before = '', after] = page.path.split(':name')
    if (after === undefined) {
      if (path === page.path) return { page, name: '' }
    } else if (path.startsWith(before) && path.endsWith(after)) {
      const name = path.slice(before.length, path.length - after.length)
      if (name !== '' && !name.includes('/')) return { page, name: decodeURIComponent(name) }
    }
  }
  return null
}

/** What tabs and bookmarks call it. */
export function titleOf(found: Found | null): string {
  if (found === null) return 'No such page'
  return found.name === '' ? found.page.label : `${shown(found.name)}: ${found.page.label}`
}

export function pathOf(page: Page, name: string): string {
  return page.path.replace(':name', encodeURIComponent(name))
}
