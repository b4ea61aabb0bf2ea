import environment from 'virtual:chart/environment'
import source from 'virtual:chart/source'
import { memo, useEffect, useRef } from 'react'
import { Chart } from '../chart/chart.tsx'
import type { Sight } from './recording.ts'

const DRAWN = new Map([
  ['environment', environment],
  ['source', source],
])

/** The chart at a moment. Where it is larger than its room, the active state is kept in view. */
export const Picture = memo(function Picture(props: { readonly name: string; readonly sight: Sight }) {
  const { name, sight } = props
  const room = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state is active in another path
  useEffect(() => {
    const picture = room.current?.querySelector('svg')
    if (picture == null) return undefined
    const observer = new ResizeObserver(() => keepInView(picture))
    observer.observe(picture)
    return () => observer.disconnect()
  }, [sight.path])
  const drawn = DRAWN.get(name)
  if (drawn === undefined) return null
  return (
    <div ref={room} className="follows">
      <Chart graph={drawn} active={sight.path} last={sight.step} />
    </div>
  )
})

function keepInView(picture: SVGElement): void {
  const view = picture.closest('.chart-view')
  const state = [...picture.querySelectorAll('[data-active="true"] > rect')].at(-1)
  if (view === null || state === undefined) return
  const [inner, outer] = [state.getBoundingClientRect(), view.getBoundingClientRect()]
  const isSeen =
    inner.top >= outer.top && inner.bottom <= outer.bottom && inner.left >= outer.left && inner.right <= outer.right
  if (isSeen) return
  const middle = ({ left, top, width, height }: DOMRect) => ({ x: left + width / 2, y: top + height / 2 })
  const [to, from] = [middle(inner), middle(outer)]
  view.scrollBy(to.x - from.x, to.y - from.y)
}
