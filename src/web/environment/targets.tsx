import type { CompositionView, DeploymentList, EnvironmentView } from '../../api/contract.ts'
import { targetStanding } from '../../core/standing/index.ts'
import type { Plan } from '../../core/vocabulary.ts'
import { useAsked } from '../browser/use-asked.ts'
import { Given, Panel } from '../parts/panel.tsx'
import { Picture } from '../picture/picture.tsx'
import { useFollowed } from '../picture/use-followed.ts'
import { restMark, STANDING_MARKS, UNKNOWN_MARK } from '../picture/words.ts'

/** What the environment is made of, and the state of each part: in the deployment under way, or at rest. */
export function Targets({ view, plan }: { readonly view: EnvironmentView; readonly plan: Plan | null }) {
  const environment = `/v1/environments/${encodeURIComponent(view.name)}`
  const composition = useAsked<CompositionView>(
    `${environment}/composition`,
    `${view.plan?.release} ${view.deployedRelease} ${view.deployedAt} ${view.targets.join()}`,
  )
  return (
    <Panel title="Targets">
      <Given asked={composition}>
        {(given) => {
          const whole: Whole = { view, plan, composition: given }
          if (view.deployment !== null) return <InDeployment {...whole} id={view.deployment} />
          // What a failed rollback left stays to be seen until somebody has taken care of it.
          return view.hold?.kind === 'intervention' ? <AfterTheLast {...whole} /> : <AtRest {...whole} />
        }}
      </Given>
    </Panel>
  )
}

interface Whole {
  readonly view: EnvironmentView
  readonly plan: Plan | null
  readonly composition: CompositionView
}

function AtRest({ view, plan, composition }: Whole) {
  const stepsOf = (target: string) => plan?.steps.filter((step) => step.target === target).length ?? 0
  return (
    <Picture
      drawing={{
        ...{ composition, plan, deeds: [], progress: [] },
        markOf: (target) => restMark(view, target, stepsOf(target)),
      }}
    />
  )
}

function AfterTheLast(whole: Whole) {
  const path = `/v1/environments/${encodeURIComponent(whole.view.name)}/history?limit=1`
  const newest = useAsked<DeploymentList>(path, String(whole.view.hold?.since)).value?.deployments[0]
  return newest === undefined ? <AtRest {...whole} /> : <InDeployment {...whole} id={newest.id} />
}

function InDeployment({ id, view, composition }: Whole & { readonly id: string }) {
  const { course, plan: asked } = useFollowed(id)
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
