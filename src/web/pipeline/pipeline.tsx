import type { EnvironmentView, PipelineView, StageView } from '../../api/contract.ts'
import { useAsked } from '../browser/use-asked.ts'
import { useSlowed } from '../browser/use-slowed.ts'
import { behindBy, useCommitsBehind } from '../live/commits-behind.ts'
import { useEnvironment, useLive } from '../live/use-live.ts'
import { Link } from '../parts/link.tsx'
import { Empty } from '../parts/notices.tsx'
import { Given } from '../parts/panel.tsx'
import { StateSign } from '../parts/state.tsx'
import { Ago } from '../parts/time.tsx'
import { behindWords, commitWords, short, shown } from '../parts/words.ts'
import { Content } from './content.tsx'

/** The comparison is made anew at most this often, in ms. */
const COMPARE_EVERY_MS = 2_000

/** What each environment has, held against the one before it, in the order of the configuration. */
export function PipelinePage() {
  const version = useLive(({ environments }) =>
    environments.map((view) => [view.name, view.deployedCommit, view.deployedRelease, behindBy(view)].join(' ')).join(),
  )
  const asked = useAsked<PipelineView>('/v1/pipeline', useSlowed(version, COMPARE_EVERY_MS))
  const behind = useCommitsBehind()
  return (
    <>
      <h1>Pipeline</h1>
      <p className="lead">
        What is deployed where, in the order in which the configuration names the environments; each is compared with
        the one before it.
      </p>
      <Given asked={asked}>
        {({ stages }) =>
          stages.length === 0 ? (
            <Empty title="No environment yet">Name them in their order below spec.sync of the configuration.</Empty>
          ) : (
            <ol className="stages">
              {stages.map((stage) => (
                <Stage key={stage.name} stage={stage} behind={behind[stage.name] ?? null} />
              ))}
            </ol>
          )
        }
      </Given>
    </>
  )
}

function Stage({ stage, behind }: { readonly stage: StageView; readonly behind: number | null }) {
  const view = useEnvironment(stage.name)
  return (
    <li className="panel stage">
      <div className="card-head">
        <h2>
          <Link to={`/environments/${encodeURIComponent(stage.name)}`}>{stage.name}</Link>
        </h2>
        {view !== undefined && <StateSign view={view} />}
      </div>
      {view !== undefined && <Deployed view={view} stage={stage} behind={behind} />}
      {stage.before !== null && <Compared before={stage.before} />}
    </li>
  )
}

function Deployed(props: {
  readonly view: EnvironmentView
  readonly stage: StageView
  readonly behind: number | null
}) {
  const { view, stage, behind } = props
  if (view.deployedCommit === null) return <p>Nothing is deployed yet.</p>
  return (
    <>
      <p>
        <code>{short(view.deployedCommit)}</code>{' '}
        {stage.commit !== null && stage.commit.id === view.deployedCommit && (
          <>
            {shown(stage.commit.subject)}{' '}
            <span className="faint">
              by {shown(stage.commit.author)}, <Ago at={stage.commit.committedAt} />
            </span>
          </>
        )}
      </p>
      <dl className="facts">
        <dt>Deployed</dt>
        <dd>{view.deployedAt === null ? 'never' : <Ago at={view.deployedAt} />}</dd>
        <dt>Release</dt>
        <dd>
          <code>{short(view.deployedRelease)}</code>
        </dd>
        <dt>Latest</dt>
        <dd>
          <code>{short(view.latestCommit)}</code> {behindWords(view, behind)}
        </dd>
      </dl>
    </>
  )
}

/** How far it is behind the one before it. */
function Compared({ before }: { readonly before: NonNullable<StageView['before']> }) {
  const { environment, commits, content } = before
  return (
    <section className="compared" aria-label={`Compared with ${environment}`}>
      <h3>Compared with {environment}</h3>
      <p>
        {commits === null
          ? `How many commits of ${environment} are missing cannot be told: the cache of the repository no longer has one of both.`
          : commits === 0
            ? `No commit that touches it is deployed to ${environment} and not here.`
            : `${commitWords(commits)} that ${commits === 1 ? 'touches' : 'touch'} it deployed to ${environment} and not here.`}
      </p>
      <Content content={content} environment={environment} />
    </section>
  )
}
