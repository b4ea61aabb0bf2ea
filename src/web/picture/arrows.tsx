import { type RefObject, useLayoutEffect, useState } from 'react'
import type { CompositionView } from '../../api/contract.ts'
import { type Rectangle, routeBetween } from './route.ts'

interface Drawn {
  readonly width: number
  readonly height: number
  readonly ways: readonly string[]
}

/** The ways of the arrows, wherever the boxes come to lie. For the element's own component: only there it is known when this runs first. */
export function useArrows(
  around: RefObject<HTMLElement | null>,
  references: CompositionView['references'],
): Drawn | null {
  const [drawn, setDrawn] = useState<Drawn | null>(null)
  useLayoutEffect(() => {
    const element = around.current
    if (element === null || references.length === 0) return undefined
    const draw = () => setDrawn(drawnIn(element, references))
    const watch = new ResizeObserver(draw)
    watch.observe(element)
    draw()
    return () => watch.disconnect()
  }, [around, references])
  return drawn
}

/** Arrows for what refers to what, behind the boxes. For the eye alone: each box says the same in words. */
export function Arrows({ drawn }: { readonly drawn: Drawn | null }) {
  if (drawn === null) return null
  return (
    <svg className="arrows" aria-hidden="true" width={drawn.width} height={drawn.height}>
      <defs>
        <marker id="arrow-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
          <path d="M 0 0 L 8 4 L 0 8 z" className="arrow-head" />
        </marker>
      </defs>
      {drawn.ways.map((way) => (
        <path key={way} d={way} className="arrow" markerEnd="url(#arrow-head)" />
      ))}
    </svg>
  )
}

function drawnIn(element: HTMLElement, references: CompositionView['references']): Drawn {
  const { left, top, width, height } = element.getBoundingClientRect()
  const boxes = new Map<string, Rectangle>()
  for (const box of element.querySelectorAll<HTMLElement>('[data-component]')) {
    const place = box.getBoundingClientRect()
    boxes.set(box.dataset['component'] ?? '', {
      ...{ left: place.left - left, right: place.right - left },
      ...{ top: place.top - top, bottom: place.bottom - top },
    })
  }
  const ways = references.flatMap(({ from, to }, number) => {
    const [one, other] = [boxes.get(from), boxes.get(to)]
    return one === undefined || other === undefined ? [] : [routeBetween(one, other, number)]
  })
  return { width, height, ways }
}
