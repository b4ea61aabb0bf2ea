/** Routes that look into a statechart: where it stands, and what one event did to it. */
import type { FastifyInstance } from 'fastify'
import { apiErrors } from '../../core/errors/api.ts'
import type { Facade } from '../../runtime/facade.ts'
import { createLimiter } from '../../runtime/limiter.ts'
import type { ChartView, StepView } from '../contract.ts'
import { statusOf } from '../reads.ts'
import { chartNow } from './now.ts'
import { Steps } from './steps.ts'

interface Asked {
  readonly Params: { readonly name: string; readonly sequence: string }
}

export function addCharts(app: FastifyInstance, facade: Facade): void {
  const steps = new Steps(facade)
  // Folding takes the processor: who asks for much waits for it, and nobody else does.
  const limiter = createLimiter(1)
  const step = (stream: string, sequence: string) => limiter.run(() => steps.at(stream, numberIn(sequence)))
  const environment = (name: string) => `environment/${statusOf(facade, name).name}`

  app.get('/v1/charts/source', async (): Promise<ChartView> => chartNow(facade, 'source'))
  app.get<Asked>(
    '/v1/charts/source/:sequence',
    async ({ params }): Promise<StepView> => step('source', params.sequence),
  )
  app.get<Asked>('/v1/charts/environment/:name', async ({ params }): Promise<ChartView> => {
    return chartNow(facade, environment(params.name))
  })
  app.get<Asked>('/v1/charts/environment/:name/:sequence', async ({ params }): Promise<StepView> => {
    return step(environment(params.name), params.sequence)
  })
}

function numberIn(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw apiErrors.bodyInvalid({ reason: 'sequence: expected a whole number from 1' })
}
