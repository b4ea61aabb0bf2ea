import type { EnvironmentView } from '../../api/contract.ts'
import { Ago, When } from '../parts/time.tsx'
import { short, shown } from '../parts/words.ts'

const DRIFT_WORDS = {
  heal: 'is put back',
  warn: 'is told and left until a sync',
  ignore: 'is not looked for between commits',
} as const

/** Where it stands, and how it is run. */
export function Facts({ view }: { readonly view: EnvironmentView }) {
  return (
    <dl className="facts">
      <dt>Latest commit</dt>
      <dd>
        <code>{short(view.latestCommit)}</code>
      </dd>
      <dt>Deployed</dt>
      <dd>
        <code>{short(view.deployedCommit)}</code>
        {view.deployedAt !== null && (
          <>
            {' '}
            on <When at={view.deployedAt} />
          </>
        )}
      </dd>
      <dt>Release</dt>
      <dd>
        <code>{short(view.deployedRelease)}</code>
      </dd>
      <dt>Compared</dt>
      <dd>{view.observedAt === null ? 'never' : <Ago at={view.observedAt} />}</dd>
      <dt>Next look</dt>
      <dd>{view.nextLookAt === null ? 'when something happens' : <Ago at={view.nextLookAt} />}</dd>
      <dt>Waits until</dt>
      <dd>{view.waiting?.until == null ? 'does not wait for a time' : <When at={view.waiting.until} />}</dd>
      <dt>Deploys</dt>
      <dd>{view.autoSync ? 'by itself' : 'after approval'}</dd>
      <dt>Deletes</dt>
      <dd>{view.prune ? 'what is ours and no longer in Git' : 'nothing (prune is off)'}</dd>
      <dt>Drift</dt>
      <dd>{DRIFT_WORDS[view.driftMode]}</dd>
      <dt>Targets</dt>
      <dd>{view.targets.length === 0 ? 'none' : shown(view.targets.join(', '))}</dd>
    </dl>
  )
}
