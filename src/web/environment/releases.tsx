import { useState } from 'react'
import type { DeploymentList, EnvironmentView } from '../../api/contract.ts'
import { obstacleTo } from '../actions/obstacles.ts'
import { RollbackDialog } from '../actions/rollback.tsx'
import { SimpleDialog } from '../actions/simple.tsx'
import { useAsked } from '../browser/use-asked.ts'
import { Link } from '../parts/link.tsx'
import { Given, Panel, Table } from '../parts/panel.tsx'
import { Ago, When } from '../parts/time.tsx'
import { short, shown } from '../parts/words.ts'
import { useMissing } from '../shell/who.ts'
import { declaredInQuarantine, type ReleaseLine, releasesOf } from './releases-of.ts'

type Opened = { readonly order: 'rollback'; readonly to: string } | { readonly order: 'unhold' }

/** Releases that were deployed: what a rollback can go to, and what is kept from being applied again. */
export function Releases({ view }: { readonly view: EnvironmentView }) {
  const missing = useMissing()
  // Of the moment at which the dialog was opened.
  const [open, setOpen] = useState<{ readonly view: EnvironmentView; readonly what: Opened } | null>(null)
  const asked = useAsked<DeploymentList>(
    `/v1/environments/${encodeURIComponent(view.name)}/history?limit=200`,
    `${view.deployedRelease} ${view.deployedAt} ${view.quarantine.length}`,
  )
  const lifted = declaredInQuarantine(view)
  const mayRollBack = missing === null && obstacleTo('rollback', view) === null
  return (
    <Panel title="Releases">
      <Given asked={asked}>
        {({ deployments }) => {
          const releases = releasesOf(deployments, view)
          const strangers = view.quarantine.filter(
            ({ release }) => !releases.some((one) => one.deployment.release === release),
          )
          if (releases.length + strangers.length === 0) return <p>None yet: a deployment that completes makes one.</p>
          return (
            <Table label={`Releases of ${view.name}`} head={['Release', 'Commit', 'Deployed', 'State']}>
              {releases.map((line) => (
                <tr key={line.deployment.release}>
                  <th scope="row">
                    <code>{short(line.deployment.release)}</code>
                  </th>
                  <td>
                    <code>{short(line.deployment.commit)}</code>
                  </td>
                  <td>
                    <Link to={`/deployments/${encodeURIComponent(line.deployment.id)}`}>
                      <When at={line.deployment.completedAt ?? line.deployment.startedAt} />
                    </Link>
                  </td>
                  <td className="long">
                    <State line={line} />
                    {!line.isNow && mayRollBack && (
                      <button
                        type="button"
                        onClick={() => setOpen({ view, what: { order: 'rollback', to: line.deployment.id } })}
                      >
                        Go back to {short(line.deployment.release)} …
                      </button>
                    )}
                  </td>
                </tr>
              ))}
              {strangers.map(({ release, commit, reason, since }) => (
                <tr key={`${release} ${commit}`}>
                  <th scope="row">
                    <code>{short(release)}</code>
                  </th>
                  <td>
                    <code>{short(commit)}</code>
                  </td>
                  <td>never whole</td>
                  <td className="long">
                    In quarantine <Ago at={since} />: {shown(reason)}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }}
      </Given>
      {lifted !== null && missing === null && (
        <p>
          <button type="button" onClick={() => setOpen({ view, what: { order: 'unhold' } })}>
            Let {short(lifted.release)} be deployed again …
          </button>
        </p>
      )}
      {open !== null && open.what.order === 'rollback' && (
        <RollbackDialog view={open.view} to={open.what.to} close={() => setOpen(null)} />
      )}
      {open !== null && open.what.order === 'unhold' && (
        <SimpleDialog order="unhold" view={open.view} close={() => setOpen(null)} />
      )}
    </Panel>
  )
}

function State({ line: { isNow, quarantine } }: { readonly line: ReleaseLine }) {
  if (quarantine !== null)
    return (
      <p>
        In quarantine <Ago at={quarantine.since} />: {shown(quarantine.reason)}
      </p>
    )
  return isNow ? <p>Deployed now</p> : null
}
