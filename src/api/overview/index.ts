/** Reads about all environments together, for pages that compare them. Asked when somebody looks, and never by the controller itself. */
import type { FastifyInstance } from 'fastify'
import type { Facade } from '../../runtime/facade.ts'
import { createLimiter } from '../../runtime/limiter.ts'
import type { BehindView, HealthView, NotificationsView, PipelineView, WindowsView } from '../contract.ts'
import { commitsBehind } from './behind.ts'
import { healthView } from './health.ts'
import { pipelineView } from './pipeline.ts'
import { windowsView } from './windows.ts'

interface Asked {
  readonly Querystring: { readonly [key: string]: unknown }
}

export function addOverview(app: FastifyInstance, facade: Facade): void {
  // Comparing releases reads much: who asks for it waits, and nobody else does.
  const limiter = createLimiter(1)
  app.get('/v1/behind', (): Promise<BehindView> => commitsBehind(facade))
  app.get('/v1/pipeline', (): Promise<PipelineView> => limiter.run(() => pipelineView(facade)))
  app.get<Asked>('/v1/windows', async ({ query }): Promise<WindowsView> => windowsView(facade, query))
  app.get('/v1/health', (): Promise<HealthView> => limiter.run(() => healthView(facade)))
  app.get('/v1/notifications', async (): Promise<NotificationsView> => ({ slack: facade.notYetActive().slack }))
}
