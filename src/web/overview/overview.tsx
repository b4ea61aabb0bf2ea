import { useLive } from '../live/use-live.ts'
import { Empty } from '../parts/notices.tsx'
import { Card } from './card.tsx'
import { Summary } from './summary.tsx'

/** All environments at a glance. */
export function Overview() {
  const environments = useLive((live) => live.environments)
  const status = useLive((live) => live.status)
  if (status === null) return <p className="faint">Asking the controller …</p>
  return (
    <>
      <h1>Environments</h1>
      <Summary status={status} />
      {environments.length === 0 ? (
        <Empty title="No environment yet">
          Name one in the controller’s configuration below spec.sync, or add a folder environments/&lt;name&gt; to the
          repository and push.
        </Empty>
      ) : (
        <ul className="cards">
          {environments.map((view) => (
            <Card key={view.name} view={view} />
          ))}
        </ul>
      )}
    </>
  )
}
