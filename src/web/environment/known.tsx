import type { ReactNode } from 'react'
import type { EnvironmentView } from '../../api/contract.ts'
import { useEnvironment, useLive } from '../live/use-live.ts'
import { Empty } from '../parts/notices.tsx'
import { EnvironmentHeading } from './heading.tsx'

/** A view of one environment, once it is known; what is shown for a name that nobody has. */
export function Known({
  name,
  children,
}: {
  readonly name: string
  readonly children: (view: EnvironmentView) => ReactNode
}) {
  const view = useEnvironment(name)
  const isConnected = useLive(({ status }) => status !== null)
  if (view !== undefined)
    return (
      <>
        <EnvironmentHeading view={view} />
        {children(view)}
      </>
    )
  if (!isConnected) return <p className="faint">Asking the controller …</p>
  return (
    <Empty title={`There is no environment “${name}”`}>The list of all is behind “Environments” in the menu.</Empty>
  )
}
