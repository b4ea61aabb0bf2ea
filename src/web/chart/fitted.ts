import type { Frame } from './layout/best.ts'
import { type Drawing, TEXT } from './layout/drawing.ts'

export type { Frame } from './layout/best.ts'

/** Pixels of a unit at most: a small chart is not blown up. */
const FIT_MOST = 1.5
/** Text that is smaller, in px, is not called legible: then the width is filled and the rest scrolls. */
const LEGIBLE = 9

/** The drawing for a frame, and the pixels of a unit that show all of it, or where that is too small, all of its width. */
export function fitted(
  drawings: readonly Drawing[],
  frame: Frame,
): { readonly drawing: Drawing; readonly scale: number } {
  const [first, ...others] = drawings.map((drawing) => {
    const wide = frame.width / drawing.width
    return { drawing, wide, whole: Math.min(wide, frame.height / drawing.height) }
  })
  if (first === undefined) throw new RangeError('a chart has at least one drawing')
  const all = [first, ...others]
  const whole = all.reduce((best, one) => (one.whole > best.whole ? one : best))
  if (whole.whole * TEXT.label >= LEGIBLE) return { drawing: whole.drawing, scale: Math.min(whole.whole, FIT_MOST) }
  const wide =
    all.find((one) => one.wide * TEXT.label >= LEGIBLE) ??
    all.reduce((best, one) => (one.wide > best.wide ? one : best))
  return { drawing: wide.drawing, scale: Math.min(wide.wide, FIT_MOST) }
}
