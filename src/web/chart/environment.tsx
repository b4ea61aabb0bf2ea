import environment from 'virtual:chart/environment'
import { Known } from '../environment/known.tsx'
import { useLive } from '../live/use-live.ts'
import type { PageProps } from '../pages.ts'
import { Chart } from './chart.tsx'

/** The chart of one environment, as it is now. */
export function EnvironmentChartPage({ name }: PageProps) {
  const stream = `environment/${name}`
  const last = useLive(({ events }) => events.find((one) => one.stream === stream) ?? null)
  return <Known name={name}>{({ path }) => <Chart graph={environment} active={path} last={last} />}</Known>
}
