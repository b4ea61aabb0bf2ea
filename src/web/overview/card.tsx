import { memo } from 'react'
import type { EnvironmentView } from '../../api/contract.ts'
import { Link } from '../parts/link.tsx'
import { StateSign, toneOf } from '../parts/state.tsx'
import { Ago, When } from '../parts/time.tsx'
import { behindWords, countWords, short, shown, whyWords } from '../parts/words.ts'

/** One environment at a glance. Drawn anew only when it moved. `behind`: commits that are not deployed there; null where that is not known. */
export const Card = memo(function Card(props: { readonly view: EnvironmentView; readonly behind: number | null }) {
  const { view, behind } = props
  return (
    <li className={`card edge-${toneOf(view)}`}>
      <div className="card-head">
        <h2>
          <Link to={`/environments/${encodeURIComponent(view.name)}`}>{view.name}</Link>
        </h2>
        <StateSign view={view} />
      </div>
      <p className="why">{whyWords(view)}</p>
      <dl className="facts">
        <dt>Deployed</dt>
        <dd>
          <code>{short(view.deployedCommit)}</code>
          {view.deployedAt === null ? (
            ' never'
          ) : (
            <>
              {' '}
              <Ago at={view.deployedAt} />
            </>
          )}
        </dd>
        <dt>Latest</dt>
        <dd>
          <code>{short(view.latestCommit)}</code> {behindWords(view, behind)}
        </dd>
        <dt>Compared</dt>
        <dd>{view.observedAt === null ? 'never' : <Ago at={view.observedAt} />}</dd>
        <dt>Drift</dt>
        <dd>
          {view.drift === null ? (
            'none'
          ) : (
            <>
              {view.drift.total} since <Ago at={view.drift.since} />
            </>
          )}
        </dd>
        <dt>Plan</dt>
        <dd>{view.plan === null ? noPlan(view) : `${countWords(view.plan)}; risk ${view.plan.risk}`}</dd>
        <dt>Waits until</dt>
        <dd>{view.waiting?.until == null ? '–' : <When at={view.waiting.until} />}</dd>
        <dt>Deploys</dt>
        <dd>
          {view.autoSync ? 'by itself' : 'by approval'}, to{' '}
          {view.targets.length === 0 ? 'no target' : shown(view.targets.join(', '))}
        </dd>
      </dl>
    </li>
  )
})

function noPlan({ state }: EnvironmentView): string {
  return state === 'Synced' ? 'nothing to do' : 'none'
}
