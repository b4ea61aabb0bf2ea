import type { CompositionView } from '../../api/contract.ts'
import { type Course, targetStanding } from '../../core/standing/index.ts'
import type { Deployment, Plan } from '../../core/vocabulary.ts'
import { useAsked } from '../browser/use-asked.ts'
import { useEnvironment } from '../live/use-live.ts'
import { Given, Panel } from '../parts/panel.tsx'
import { Picture } from '../picture/picture.tsx'
import { STANDING_MARKS, UNKNOWN_MARK } from '../picture/words.ts'

/** What the environment was made of for this deployment, and how far each part came in it. */
export function Targets(props: {
  readonly deployment: Deployment
  readonly plan: Plan | null
  readonly course: Course | null
}) {
  const { deployment, plan, course } = props
  const view = useEnvironment(deployment.environment)
  const asked = useAsked<CompositionView>(`/v1/deployments/${encodeURIComponent(deployment.id)}/composition`, '')
  return (
    <Panel title="Targets">
      <Given asked={asked}>
        {(composition) => (
          <Picture
            drawing={{
              ...{ composition, plan, deeds: deployment.deeds ?? [] },
              progress: view?.deployment === deployment.id ? view.progress : [],
              markOf: (target) =>
                plan === null || course === null ? UNKNOWN_MARK : STANDING_MARKS[targetStanding(target, plan, course)],
            }}
          />
        )}
      </Given>
    </Panel>
  )
}
