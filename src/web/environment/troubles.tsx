import type { EnvironmentView } from '../../api/contract.ts'
import { Panel } from '../parts/panel.tsx'
import { Ago, When } from '../parts/time.tsx'
import { actorWords, shown } from '../parts/words.ts'

/** What keeps it from being as declared; nothing where all is well. */
export function Troubles({ view }: { readonly view: EnvironmentView }) {
  const { hold, problems, drift } = view
  return (
    <>
      {hold !== null && (
        <Panel title={hold.kind === 'intervention' ? 'A person is needed' : 'Held'}>
          <p>
            {shown(hold.reason)} ({actorWords(hold.by)}, <Ago at={hold.since} />
            {hold.until !== null && (
              <>
                , until <When at={hold.until} />, <Ago at={hold.until} />
              </>
            )}
            )
          </p>
        </Panel>
      )}
      {problems.length > 0 && (
        <Panel title="Mistakes in the repository">
          <p>Mend these and push; nothing is deployed until then.</p>
          <ul>
            {problems.map(({ code, message, location }) => (
              <li key={`${code} ${location?.path} ${location?.line} ${message}`}>
                {location !== null && (
                  <code>
                    {shown(location.path)}:{location.line}:{location.column}
                  </code>
                )}{' '}
                {shown(message)} <span className="faint">{code}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {drift !== null && (
        <Panel title="Drift">
          <p>
            {drift.total} no longer as deployed, the oldest since <When at={drift.since} />.
          </p>
          <ul>
            {drift.resources.map(({ target, key, action, since }) => (
              <li key={`${target}/${key}`}>
                {shown(key)} on {shown(target)}: {action} would put it back (<Ago at={since} />)
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}
