import environment from 'virtual:chart/environment'
import source from 'virtual:chart/source'
import { Chart } from '../chart/chart.tsx'
import type { Sight } from './recording.ts'

const DRAWN = new Map([
  ['environment', environment],
  ['source', source],
])

/** The chart at a moment. */
export function Picture({ name, sight }: { readonly name: string; readonly sight: Sight }) {
  const drawn = DRAWN.get(name)
  return drawn === undefined ? null : <Chart graph={drawn} active={sight.path} last={sight.step} />
}
