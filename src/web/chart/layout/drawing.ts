/** What a layout gives: rectangles, lines of text and arrows, in units of which the browser makes pixels. Plain JSON. */

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Rectangle extends Point {
  readonly width: number
  readonly height: number
}

export interface StateBox extends Rectangle {
  readonly path: string
  readonly name: string
  readonly isLeaf: boolean
}

/** A line of text: exactly as wide as said, so that no font makes it run into something else. `y` is its base line. */
export interface TextLine extends Point {
  readonly text: string
  readonly width: number
}

/** What one transition is called, in a box of its own. */
export interface Label extends Rectangle {
  /** Id of the transition. */
  readonly id: string
  readonly lines: readonly TextLine[]
}

/** One arrow for all transitions that lead from one state to one other. */
export interface Arrow {
  readonly ids: readonly string[]
  readonly points: readonly Point[]
  /** Binds the labels that share the arrow. */
  readonly bracket: readonly [Point, Point] | null
}

/** Where a state begins. */
export interface Start {
  readonly path: string
  readonly dot: Point
  readonly tip: Point
}

export interface Drawing {
  readonly width: number
  readonly height: number
  readonly columns: number
  readonly boxes: readonly StateBox[]
  readonly labels: readonly Label[]
  readonly arrows: readonly Arrow[]
  readonly starts: readonly Start[]
}

/** Sizes of text, in the units of the drawing. */
export const TEXT = { label: 11, title: 12.5 } as const
