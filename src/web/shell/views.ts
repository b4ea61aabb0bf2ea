import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { Overview } from '../overview/overview.tsx'
import type { PagePath, PageProps } from '../pages.ts'

type View = ComponentType<PageProps> | LazyExoticComponent<ComponentType<PageProps>>

/** What each page shows. All but the first come when they are asked for. */
export const VIEWS: Readonly<Record<PagePath, View>> = {
  '/': Overview,
  '/pipeline': lazy(async () => ({ default: (await import('../pipeline/pipeline.tsx')).PipelinePage })),
  '/windows': lazy(async () => ({ default: (await import('../windows/windows.tsx')).WindowsPage })),
  '/source': lazy(async () => ({ default: (await import('../source/source.tsx')).SourcePage })),
  '/notifications': lazy(async () => ({
    default: (await import('../notifications/notifications.tsx')).NotificationsPage,
  })),
  '/health': lazy(async () => ({ default: (await import('../health/health.tsx')).HealthPage })),
  '/source/chart': lazy(async () => ({ default: (await import('../chart/source.tsx')).SourceChartPage })),
  '/audit': lazy(async () => ({ default: (await import('../audit/audit.tsx')).AuditPage })),
  '/replay': lazy(async () => ({ default: (await import('../replay/open.tsx')).OpenPage })),
  '/environments/:name': lazy(async () => ({ default: (await import('../environment/now.tsx')).EnvironmentPage })),
  '/environments/:name/chart': lazy(async () => ({
    default: (await import('../chart/environment.tsx')).EnvironmentChartPage,
  })),
  '/environments/:name/timeline': lazy(async () => ({
    default: (await import('../environment/timeline.tsx')).TimelinePage,
  })),
  '/environments/:name/replay': lazy(async () => ({ default: (await import('../replay/replay.tsx')).ReplayPage })),
  '/deployments/:name': lazy(async () => ({ default: (await import('../deployment/deployment.tsx')).DeploymentPage })),
}
