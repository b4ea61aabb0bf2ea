import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { Overview } from './overview/overview.tsx'
import { shown } from './parts/words.ts'

/** What a page is given: the parts of the path, by their name in `path`. */
export interface PageProps {
  readonly name: string
}

/** One page: a folder beside this file, and a line below. */
export interface Page {
  /** `:name` is one part of the path: the name of an environment or the id of a deployment. */
  readonly path: string
  readonly label: string
  /** Where the way to it stands: in the menu, beside the views of an environment, or in other pages alone. */
  readonly place: 'menu' | 'environment' | 'elsewhere'
  /** Whether it is for anybody, whoever signed in, and does without the controller. */
  readonly needsNobody?: true
  readonly view: ComponentType<PageProps> | LazyExoticComponent<ComponentType<PageProps>>
}

export const PAGES: readonly Page[] = [
  { path: '/', label: 'Environments', place: 'menu', view: Overview },
  {
    path: '/pipeline',
    label: 'Pipeline',
    place: 'menu',
    view: lazy(async () => ({ default: (await import('./pipeline/pipeline.tsx')).PipelinePage })),
  },
  {
    path: '/windows',
    label: 'Windows',
    place: 'menu',
    view: lazy(async () => ({ default: (await import('./windows/windows.tsx')).WindowsPage })),
  },
  {
    path: '/source',
    label: 'Source',
    place: 'menu',
    view: lazy(async () => ({ default: (await import('./source/source.tsx')).SourcePage })),
  },
  {
    path: '/notifications',
    label: 'Notifications',
    place: 'menu',
    view: lazy(async () => ({ default: (await import('./notifications/notifications.tsx')).NotificationsPage })),
  },
  {
    path: '/health',
    label: 'Health',
    place: 'menu',
    view: lazy(async () => ({ default: (await import('./health/health.tsx')).HealthPage })),
  },
  {
    path: '/source/chart',
    label: 'Chart of the source',
    place: 'elsewhere',
    view: lazy(async () => ({ default: (await import('./chart/source.tsx')).SourceChartPage })),
  },
  {
    path: '/audit',
    label: 'Audit',
    place: 'menu',
    view: lazy(async () => ({ default: (await import('./audit/audit.tsx')).AuditPage })),
  },
  {
    path: '/replay',
    label: 'Open a replay',
    place: 'menu',
    needsNobody: true,
    view: lazy(async () => ({ default: (await import('./replay/open.tsx')).OpenPage })),
  },
  {
    path: '/environments/:name',
    label: 'Now',
    place: 'environment',
    view: lazy(async () => ({ default: (await import('./environment/now.tsx')).EnvironmentPage })),
  },
  {
    path: '/environments/:name/chart',
    label: 'Chart',
    place: 'environment',
    view: lazy(async () => ({ default: (await import('./chart/environment.tsx')).EnvironmentChartPage })),
  },
  {
    path: '/environments/:name/timeline',
    label: 'Timeline',
    place: 'environment',
    view: lazy(async () => ({ default: (await import('./environment/timeline.tsx')).TimelinePage })),
  },
  {
    path: '/environments/:name/replay',
    label: 'Replay',
    place: 'environment',
    view: lazy(async () => ({ default: (await import('./replay/replay.tsx')).ReplayPage })),
  },
  {
    path: '/deployments/:name',
    label: 'Deployment',
    place: 'elsewhere',
    view: lazy(async () => ({ default: (await import('./deployment/deployment.tsx')).DeploymentPage })),
  },
]

export interface Found {
  readonly page: Page
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
