import environment from 'virtual:chart/environment'
import { Known } from '../environment/known.tsx'
import type { PageProps } from '../pages.ts'
import { Followed } from './followed.tsx'

/** The chart of one environment, as it is now. */
export function EnvironmentChartPage({ name }: PageProps) {
  return (
    <Known name={name}>
      {({ path }) => <Followed drawn={environment} stream={`environment/${name}`} path={path} />}
    </Known>
  )
}
