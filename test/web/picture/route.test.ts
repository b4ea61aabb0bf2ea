import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pointsBetween, type Rectangle } from '../../../src/web/picture/route.ts'

/** As the pages lay boxes out: rows with room between them, boxes of a row beside each other and equally high, room at the left. */
const ROOM = { left: 20, between: 28, beside: 16, above: 12 }
const picture = fc
  .array(
    fc.record({
      height: fc.integer({ min: 40, max: 300 }),
      widths: fc.array(fc.integer({ min: 60, max: 400 }), { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((rows) => {
    const boxes: Rectangle[] = []
    let top = ROOM.above
    for (const { height, widths } of rows) {
      let left = ROOM.left
      for (const width of widths) {
        boxes.push({ left, top, right: left + width, bottom: top + height })
        left += width + ROOM.beside
      }
      top += height + ROOM.between
    }
    return boxes
  })

it('no arrow crosses a box, leaves the picture, or goes otherwise than along it and across', () => {
  fc.assert(
    fc.property(picture, fc.nat(), fc.nat(), fc.nat(20), (boxes, one, other, number) => {
      const [from, to] = [boxes[one % boxes.length], boxes[other % boxes.length]]
      if (from === undefined || to === undefined || from === to) return
      const points = pointsBetween(from, to, number)
      for (const [at, [x, y]] of points.slice(1).entries()) {
        const [beforeX = 0, beforeY = 0] = points[at] ?? []
        expect(x === beforeX || y === beforeY).toBe(true)
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
        const [left, right] = [Math.min(x, beforeX), Math.max(x, beforeX)]
        const [top, bottom] = [Math.min(y, beforeY), Math.max(y, beforeY)]
        for (const box of boxes)
          expect(left < box.right && right > box.left && top < box.bottom && bottom > box.top).toBe(false)
      }
    }),
  )
})
