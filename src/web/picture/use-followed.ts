import type { JournalView, PlanAnswer } from '../../api/contract.ts'
import { type Course, courseOf } from '../../core/standing/index.ts'
import type { Deployment } from '../../core/vocabulary.ts'
import { type Asked, useAsked, useAskedLines } from '../browser/use-asked.ts'
import { useEnvironment, useLive } from '../live/use-live.ts'

/** Everything about one deployment, kept at the present while it runs. */
export interface Followed {
  readonly deployment: Asked<Deployment>
  readonly plan: Asked<PlanAnswer>
  readonly events: Asked<readonly JournalView[]>
  /** Null until record and events are there. */
  readonly course: Course | null
}

export function useFollowed(id: string): Followed {
  const path = `/v1/deployments/${encodeURIComponent(id)}`
  const environment = id.replace(/-\d{8}-\d{6}(?:-\d+)?$/, '')
  const view = useEnvironment(environment)
  const newest = useLive(({ events }) => events.find(({ stream }) => stream === `environment/${environment}`)?.sequence)
  const version = `${newest} ${view?.path} ${view?.deployedAt}`
  const deployment = useAsked<Deployment>(path, version)
  const events = useAskedLines<JournalView>(`${path}/events`, version)
  const plan = useAsked<PlanAnswer>(`${path}/plan`, '')
  const course =
    deployment.value === null || events.value === null
      ? null
      : courseOf(
          deployment.value,
          events.value.map(({ event }) => event),
        )
  return { deployment, plan, events, course }
}
