import type { EnvironmentView, PlanAnswer } from '../../api/contract.ts'
import { Actions } from '../actions/actions.tsx'
import { useAsked } from '../browser/use-asked.ts'
import type { PageProps } from '../pages.ts'
import { Given, Panel } from '../parts/panel.tsx'
import { whyWords } from '../parts/words.ts'
import { PlanDetails } from '../plan/plan.tsx'
import { WindowsPanel } from '../windows/panel.tsx'
import { Deployments } from './deployments.tsx'
import { Facts } from './facts.tsx'
import { Gates } from './gates.tsx'
import { Known } from './known.tsx'
import { Releases } from './releases.tsx'
import { Targets } from './targets.tsx'
import { Troubles } from './troubles.tsx'

/** Everything about one environment as it is now, and what can be done about it. */
export function EnvironmentPage({ name }: PageProps) {
  return (
    <Known name={name}>
      {(view) => (
        <>
          <Actions view={view} />
          <Troubles view={view} />
          <Planned view={view} />
        </>
      )}
    </Known>
  )
}

function noPlanWords(view: EnvironmentView): string {
  if (view.observedAt === null) return 'None yet: what is live was not compared with what Git declares.'
  if (view.state === 'Synced') return 'Nothing is to be done: what is live is what Git declares.'
  return `None at this moment: ${whyWords(view)}.`
}

function Planned({ view }: { readonly view: EnvironmentView }) {
  const asked = useAsked<PlanAnswer>(
    `/v1/environments/${encodeURIComponent(view.name)}/plan`,
    view.plan?.digest ?? view.deployedRelease ?? '',
  )
  return (
    <>
      <Targets view={view} plan={asked.value?.plan?.plan ?? null} />
      <div className="columns">
        <div>
          <Panel title="Plan">
            <Given asked={asked}>
              {({ plan }) => (plan === null ? <p>{noPlanWords(view)}</p> : <PlanDetails view={plan} />)}
            </Given>
          </Panel>
        </div>
        <div>
          <Panel title="Facts">
            <Facts view={view} />
          </Panel>
          <Panel title="Gates">
            <Gates view={view} />
          </Panel>
          <WindowsPanel environment={view.name} />
        </div>
      </div>
      <Deployments view={view} />
      <Releases view={view} />
    </>
  )
}
