import type { HealthView, StatusView } from '../../api/contract.ts'
import { useMinute } from '../browser/days.ts'
import { useAsked } from '../browser/use-asked.ts'
import { useSlowed } from '../browser/use-slowed.ts'
import { useLive } from '../live/use-live.ts'
import { Link } from '../parts/link.tsx'
import { Given, Panel } from '../parts/panel.tsx'
import { Sign } from '../parts/state.tsx'
import { Ago, When } from '../parts/time.tsx'
import { bytes, sentence, shown } from '../parts/words.ts'
import { Checks } from './checks.tsx'
import { Targets } from './targets.tsx'

const TONES = { Starting: 'busy', Running: 'good', DiskFull: 'bad', Stopping: 'idle' } as const
/** What targets are and said is asked for at most this often, in ms. */
const ASK_EVERY_MS = 5_000

/** Whether the controller is well, and what it reaches. */
export function HealthPage() {
  const status = useLive((live) => live.status)
  const moved = useSlowed(
    useLive(({ events: [newest] }) => `${newest?.stream} ${newest?.sequence}`),
    ASK_EVERY_MS,
  )
  const asked = useAsked<HealthView>('/v1/health', `${moved} ${status?.state} ${useMinute()}`)
  if (status === null) return <p className="faint">Asking the controller …</p>
  return (
    <>
      <div className="heading">
        <h1>Health</h1>
        <Sign tone={TONES[status.state]}>{status.state}</Sign>
      </div>
      <p className="lead">Whether the controller is well, and whether what it needs answers.</p>
      <div className="columns">
        <div>
          <Panel title="Targets">
            <Given asked={asked}>{({ targets }) => <Targets targets={targets} />}</Given>
          </Panel>
          <Panel title="Checks">
            <Given asked={asked}>
              {({ checked, configured }) => <Checks checked={checked} configured={configured} />}
            </Given>
          </Panel>
        </div>
        <div>
          <Panel title="Controller">
            <Given asked={asked}>{(health) => <Controller health={health} status={status} />}</Given>
          </Panel>
          <Panel title="Repository">
            <Repository source={status.source} />
          </Panel>
          <Panel title="Remarks">
            {status.notices.length === 0 ? (
              <p>None: everything that is configured is done.</p>
            ) : (
              <ul>
                {status.notices.map((notice) => (
                  <li key={notice}>{shown(notice)}</li>
                ))}
              </ul>
            )}
          </Panel>
        </div>
      </div>
    </>
  )
}

function Controller({ health, status }: { readonly health: HealthView; readonly status: StatusView }) {
  const { store, room, charts, version, platform } = health
  return (
    <dl className="facts">
      <dt>Version</dt>
      <dd>
        {shown(version)} on {shown(platform)}
      </dd>
      <dt>Statecharts</dt>
      <dd>
        environment {charts.environment}, source {charts.source}
      </dd>
      <dt>Runs since</dt>
      <dd>
        <When at={status.startedAt} /> (<Ago at={status.startedAt} />)
      </dd>
      <dt>Store</dt>
      <dd>
        {store.state === 'ok' ? 'writes and syncs' : sentence(store.message ?? store.state)}
        {store.since !== null && (
          <>
            {' '}
            since <When at={store.since} />
          </>
        )}
      </dd>
      {room !== null && (
        <>
          <dt>Disk</dt>
          <dd>{bytes(room.freeBytes)} free</dd>
          <dt>Reserve</dt>
          <dd>
            {room.keptBytes === 0
              ? 'given back: the disk was full'
              : `${bytes(room.keptBytes)}, given back when the disk is full`}
          </dd>
        </>
      )}
      <dt>Last sync</dt>
      <dd>{status.lastSyncAt === null ? 'not yet' : <Ago at={status.lastSyncAt} />}</dd>
    </dl>
  )
}

function Repository({ source }: { readonly source: StatusView['source'] }) {
  return (
    <>
      <dl className="facts">
        <dt>State</dt>
        <dd>
          <Link to="/source">{source.state}</Link>
        </dd>
        <dt>Asked</dt>
        <dd>{source.lastCheckAt === null ? 'not yet' : <Ago at={source.lastCheckAt} />}</dd>
        <dt>Answered</dt>
        <dd>{source.lastSuccessAt === null ? 'not yet' : <Ago at={source.lastSuccessAt} />}</dd>
      </dl>
      {source.failure !== null && (
        <p>
          {sentence(source.failure.message)} (since <When at={source.failure.since} />)
        </p>
      )}
    </>
  )
}
