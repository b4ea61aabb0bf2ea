import environment from 'virtual:chart/environment'
import source from 'virtual:chart/source'
import { memo } from 'react'
import { Chart } from '../chart/chart.tsx'
import type { Sight } from './recording.ts'

const DRAWN = new Map([
  ['environment', environment],
  ['source', source],
])

/** The chart at a moment. */
export const Picture = memo(function Picture(props: { readonly name: string; readonly sight: Sight }) {
  const { name, sight } = props
  const drawn = DRAWN.get(name)
  if (drawn === undefined) return null
  return (
    <div className="follows">
      <Chart graph={drawn} active={sight.path} last={sight.step} />
    </div>
  )
})
