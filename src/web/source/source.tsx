import { useState } from 'react'
import type { JournalView, SourceView } from '../../api/contract.ts'
import { OrderDialog } from '../actions/dialog.tsx'
import { useAskedLines } from '../browser/use-asked.ts'
import { useLive } from '../live/use-live.ts'
import { Events } from '../parts/events.tsx'
import { Link } from '../parts/link.tsx'
import { Given, Panel } from '../parts/panel.tsx'
import { Sign } from '../parts/state.tsx'
import { Ago, When } from '../parts/time.tsx'
import { sentence, short, shown } from '../parts/words.ts'
import { useMissing } from '../shell/who.ts'

const TONES = { Connecting: 'busy', Watching: 'good', Fetching: 'busy', Unreachable: 'bad', Invalid: 'bad' } as const

/** The repository that everything comes from. */
export function SourcePage() {
  const source = useLive(({ status }) => status?.source ?? null)
  const asked = useAskedLines<JournalView>('/v1/journal/source?last=100', `${source?.head} ${source?.state}`)
  if (source === null) return <p className="faint">Asking the controller …</p>
  return (
    <>
      <div className="heading">
        <h1>Source</h1>
        <Sign tone={TONES[source.state]}>{source.state}</Sign>
        <Link to="/source/chart">Chart</Link>
      </div>
      {source.failure !== null && (
        <Panel title="The repository cannot be used">
          <p>
            {sentence(source.failure.message)} (since <When at={source.failure.since} />)
          </p>
          <p className="faint">{source.failure.code}</p>
        </Panel>
      )}
      {source.pending !== null && <Rewritten source={source} pending={source.pending} />}
      <Panel title="Facts">
        <dl className="facts">
          <dt>Repository</dt>
          <dd>{shown(source.url)}</dd>
          <dt>Branch</dt>
          <dd>{shown(source.branch)}</dd>
          <dt>Rewritten history</dt>
          <dd>{source.historyRewrite === 'hold' ? 'waits for a person' : 'is followed'}</dd>
          <dt>Newest commit</dt>
          <dd>
            <code>{source.head ?? 'none yet'}</code>
          </dd>
          <dt>Asked</dt>
          <dd>{source.lastCheckAt === null ? 'not yet' : <Ago at={source.lastCheckAt} />}</dd>
          <dt>Answered</dt>
          <dd>{source.lastSuccessAt === null ? 'not yet' : <Ago at={source.lastSuccessAt} />}</dd>
          {source.failure !== null && (
            <>
              <dt>Fails</dt>
              <dd>
                since <Ago at={source.failure.since} />
              </dd>
            </>
          )}
          <dt>Asks again</dt>
          <dd>{source.nextPollAt === null ? 'when somebody syncs' : <Ago at={source.nextPollAt} />}</dd>
        </dl>
      </Panel>
      <Panel title="Timeline">
        <Given asked={asked}>{(entries) => <Events entries={entries} />}</Given>
      </Panel>
    </>
  )
}

function Rewritten({ source, pending }: { readonly source: SourceView; readonly pending: string }) {
  const missing = useMissing()
  const [isOpen, setOpen] = useState(false)
  return (
    <Panel title="History was rewritten">
      <p>
        {shown(source.branch)} is at <code>{short(pending)}</code> now, which does not follow what was deployed. Until a
        person takes it, nothing of it is deployed.
      </p>
      <button type="button" aria-disabled={missing !== null} onClick={() => missing === null && setOpen(true)}>
        Take it …
      </button>
      {missing !== null && <span className="faint why-not">{missing.remedy}</span>}
      {isOpen && (
        <OrderDialog
          close={() => setOpen(false)}
          asking={{
            title: 'Take the rewritten history',
            path: '/v1/source/accept-rewrite',
            confirm: 'Take it',
            tone: 'danger',
            reason: 'needed',
            body: ({ reason }) => ({ reason, commit: pending }),
          }}
        >
          <p>
            Commit <code>{pending}</code> becomes what the environments are compared with.
          </p>
        </OrderDialog>
      )}
    </Panel>
  )
}
