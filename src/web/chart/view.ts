import { type KeyboardEvent, type PointerEvent, useCallback, useLayoutEffect, useRef, useState } from 'react'
import { type Frame, fitted } from './fitted.ts'
import type { Drawing } from './layout/drawing.ts'

/** Pixels of a unit at most and at least, and how much a step is. */
const ZOOM = { most: 4, least: 0.2, step: 1.25 } as const
/** How a chart is looked at. */
export interface View {
  readonly drawing: Drawing
  /** Pixels of a unit. */
  readonly scale: number
  readonly isFitted: boolean
  /** Pixels of a unit that fit. */
  readonly fitting: number
  /** For the element that scrolls. */
  readonly frame: (element: HTMLElement | null) => (() => void) | undefined
  fit(): void
  /** One step closer, or further away. */
  zoom(direction: 1 | -1): void
  onKey(event: KeyboardEvent): void
  onGrab(event: PointerEvent): void
}

export function useView(drawings: readonly Drawing[]): View {
  const element = useRef<HTMLElement | null>(null)
  const [frame, setFrame] = useState<Frame>({ width: 0, height: 0 })
  const [chosen, setChosen] = useState<number | null>(null)
  const fit = fitted(drawings, frame)
  const scale = chosen ?? fit.scale
  useMiddleKept(element, scale)

  const zoomBy = (factor: number) =>
    setChosen((known) => Math.min(ZOOM.most, Math.max(ZOOM.least, (known ?? fit.scale) * factor)))
  const zoom = (direction: 1 | -1) => zoomBy(ZOOM.step ** direction)
  const latest = useRef(zoomBy)
  latest.current = zoomBy

  const attach = useCallback((found: HTMLElement | null) => {
    element.current = found
    if (found === null) return
    const measured = () => setFrame({ width: found.clientWidth, height: found.clientHeight })
    const observer = new ResizeObserver(measured)
    observer.observe(found)
    // Not by React, whose listener may not call the browser's own zoom off.
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return
      event.preventDefault()
      latest.current(ZOOM.step ** (-event.deltaY / 100))
    }
    found.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      observer.disconnect()
      found.removeEventListener('wheel', onWheel)
    }
  }, [])

  return {
    drawing: fit.drawing,
    scale,
    isFitted: chosen === null,
    fitting: fit.scale,
    frame: attach,
    fit: () => setChosen(null),
    zoom,
    onKey(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === '+' || event.key === '=') zoom(1)
      else if (event.key === '-') zoom(-1)
      else if (event.key === '0') setChosen(null)
      else return
      event.preventDefault()
    },
    onGrab: (event) => grab(event, element.current),
  }
}

/** Brings a state into view where it is not, whenever it is another one or the room is another. */
export function useInView(picture: { readonly current: SVGSVGElement | null }, path: string, fitting: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another room it may have moved out of view
  useLayoutEffect(() => {
    const state = picture.current?.querySelector(`[data-state="${CSS.escape(path)}"]`)
    const frame = picture.current?.parentElement
    if (state == null || frame == null) return
    const [inner, outer] = [state.getBoundingClientRect(), frame.getBoundingClientRect()]
    const isSeen =
      inner.top >= outer.top && inner.bottom <= outer.bottom && inner.left >= outer.left && inner.right <= outer.right
    if (isSeen) return
    frame.scrollBy(
      (inner.left + inner.right - outer.left - outer.right) / 2,
      (inner.top + inner.bottom - outer.top - outer.bottom) / 2,
    )
  }, [picture, path, fitting])
}

/** A mouse drags what a finger scrolls. */
function grab({ pointerType, button, clientX, clientY, pointerId }: PointerEvent, element: HTMLElement | null): void {
  if (element === null || pointerType !== 'mouse' || button !== 0) return
  const { scrollLeft, scrollTop } = element
  const onMove = (moved: globalThis.PointerEvent) => {
    // A click stays a click: only a drag takes the pointer.
    if (Math.hypot(moved.clientX - clientX, moved.clientY - clientY) > 4) element.setPointerCapture(pointerId)
    element.scrollTo(scrollLeft + clientX - moved.clientX, scrollTop + clientY - moved.clientY)
  }
  const onEnd = () => {
    element.removeEventListener('pointermove', onMove)
    removeEventListener('pointerup', onEnd)
  }
  element.addEventListener('pointermove', onMove)
  addEventListener('pointerup', onEnd)
}

/** What was in the middle stays there when the scale changes. */
function useMiddleKept(element: { readonly current: HTMLElement | null }, scale: number): void {
  const before = useRef(scale)
  useLayoutEffect(() => {
    const found = element.current
    const known = before.current
    before.current = scale
    if (found === null || known === 0 || known === scale) return
    const factor = scale / known
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = found
    found.scrollTo(
      (scrollLeft + clientWidth / 2) * factor - clientWidth / 2,
      (scrollTop + clientHeight / 2) * factor - clientHeight / 2,
    )
  }, [scale, element])
}
