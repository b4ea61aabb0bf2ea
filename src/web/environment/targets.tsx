import type { CompositionView, DeploymentList, EnvironmentView } from '../../api/contract.ts'
import { targetStanding } from '../../core/standing/index.ts'
import type { Plan } from '../../core/vocabulary.ts'
import { useAsked } from '../browser/use-asked.ts'
import { Given, Panel } from '../parts/panel.tsx'
import { Picture } from '../picture/picture.tsx'
import { useFollowed } from '../picture/use-course.ts'
import { restMark, STANDING_MARKS, UNKNOWN_MARK } from '../picture/words.ts'

/** What the environment is made of, and the state of each part: in the deployment under way, or at rest. */
export function Targets({ view, plan }: { readonly view: EnvironmentView; readonly plan: Plan | null }) {
  const environment = `/v1/environments/${encodeURIComponent(view.name)}`
  const composition = useAsked<CompositionView>(
    `${environment}/composition`,
    `${view.plan?.release} ${view.deployedRelease} ${view.deployedAt} ${view.targets.join()}`,
  )
  const needsPerson = view.hold?.kind === 'intervention'
  const newest = useAsked<DeploymentList>(`${environment}/history?limit=1`, `${view.deployment} ${needsPerson}`)
  // What a failed rollback left stays to be seen until somebody has taken care of it.
  const id = view.deployment ?? (needsPerson ? (newest.value?.deployments[0]?.id ?? null) : null)
  return (
    <Panel title="Targets">
      <Given asked={composition}>
        {(given) =>
          id === null ? (
            <Picture
              drawing={{
                ...{ composition: given, plan, deeds: [], progress: [] },
                markOf: (target) =>
                  restMark(view, target, plan?.steps.filter((step) => step.target === target).length ?? 0),
              }}
            />
          ) : (
            <InDeployment id={id} view={view} composition={given} />
          )
        }
      </Given>
    </Panel>
  )
}

function InDeployment(props: {
  readonly id: string
  readonly view: EnvironmentView
  readonly composition: CompositionView
}) {
  const { view, composition } = props
  const { course, plan: asked } = useFollowed(props.id)
  const plan = asked.value?.plan?.plan ?? null
  return (
    <Picture
      drawing={{
        ...{ composition, plan, deeds: course?.deployment.deeds ?? [], progress: view.progress },
        markOf: (target) =>
          plan === null || course === null ? UNKNOWN_MARK : STANDING_MARKS[targetStanding(target, plan, course)],
      }}
    />
  )
}
