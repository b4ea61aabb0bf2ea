import { memo, type Ref } from 'react'
import type { ChartGraph, ChartTransition } from '../../../machines/chart-graph.ts'
import { type Arrow, type Drawing, type Label, type Point, type StateBox, TEXT } from './layout/drawing.ts'

const ROUND = 4
const HEAD: { readonly length: number; readonly half: number } = { length: 6, half: 3 }

interface PictureProps {
  readonly ref: Ref<SVGSVGElement>
  readonly drawing: Drawing
  readonly scale: number
  readonly graph: ChartGraph
  /** Paths of all active states. */
  readonly active: readonly string[]
  readonly lit: readonly string[]
  /** Names one movement along what is lit; null where nothing moves. */
  readonly moving: number | null
  readonly possible: ReadonlySet<string>
  readonly summary: string
  readonly onPick?: (transition: ChartTransition) => void
}

export function Picture({ ref, drawing, scale, graph, active, lit, moving, possible, summary, onPick }: PictureProps) {
  const toneOf = tones(graph)
  const labels = new Map(drawing.labels.map((label) => [label.id, label]))
  const transitions = new Map(graph.transitions.map((one) => [one.id, one]))
  const arrowed = new Set(drawing.arrows.flatMap(({ ids }) => ids))
  const isLit = (ids: readonly string[]) => ids.some((id) => lit.includes(id))
  const shownLabels = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const label = labels.get(id)
      if (label === undefined) return []
      const look = `label${lit.includes(id) ? ' lit' : ''}${possible.has(id) ? ' possible' : ''}`
      return [<Words key={id} label={label} look={look} />]
    })
  const pick = (id: string | undefined) => {
    const found = transitions.get(id ?? '')
    if (found !== undefined) onPick?.(found)
  }
  const ways = drawing.arrows.map((arrow) => ({ arrow, key: arrow.ids.join(' ') }))
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the same transitions are buttons in the list beside the picture
    <svg
      ref={ref}
      role="img"
      aria-label={summary}
      width={drawing.width * scale}
      height={drawing.height * scale}
      viewBox={`0 0 ${drawing.width} ${drawing.height}`}
      className={onPick === undefined ? 'statechart' : 'statechart picks'}
      onClick={({ target }) => {
        if (target instanceof Element) pick(target.closest<SVGElement>('[data-id]')?.dataset['id'])
      }}
    >
      {drawing.labels.some(({ id }) => id.startsWith('/')) && (
        <text className="aside" x={3} y={drawing.labels[0]?.lines[0]?.y ?? 0} fontSize={TEXT.label}>
          in every state:
        </text>
      )}
      {drawing.boxes.map((box) => (
        <State key={box.path} box={box} isActive={active.includes(box.path)} tone={toneOf(box.path)} />
      ))}
      {drawing.starts.map(({ path, dot, tip }) => (
        <g key={path} className="start">
          <circle cx={dot.x} cy={dot.y} r={2.4} />
          <path className="line" d={`M${dot.x} ${dot.y}L${tip.x} ${tip.y - 3}`} />
          <path className="head" d={headAt(dot, tip, { length: 4, half: 2.4 })} />
        </g>
      ))}
      <g className="way">{shownLabels(graph.transitions.flatMap(({ id }) => (arrowed.has(id) ? [] : [id])))}</g>
      {[...ways.filter(({ arrow }) => !isLit(arrow.ids)), ...ways.filter(({ arrow }) => isLit(arrow.ids))].map(
        ({ arrow, key }) => (
          <g
            key={key}
            className={`way ${toneOf(transitions.get(arrow.ids[0] ?? '')?.target ?? '')}${isLit(arrow.ids) ? ' lit' : ''}`}
          >
            <Line arrow={arrow} moving={isLit(arrow.ids) ? moving : null} />
            {shownLabels(arrow.ids)}
          </g>
        ),
      )}
    </svg>
  )
}

/** What leads to the same outermost state has the same tone: `tone-0` … `tone-5`. */
function tones({ states }: ChartGraph): (path: string) => string {
  const outermost = states.filter(({ parent }) => parent === '').map(({ path }) => path)
  return (path) => `tone-${Math.max(0, outermost.indexOf(path.split('.')[0] ?? '')) % 6}`
}

const State = memo(function State({
  box,
  isActive,
  tone,
}: {
  readonly box: StateBox
  readonly isActive: boolean
  readonly tone: string
}) {
  return (
    <g
      className={`state ${tone}${box.isLeaf ? ' leaf' : ''}${isActive ? ' active' : ''}`}
      data-state={box.path}
      data-active={isActive}
    >
      <rect x={box.x} y={box.y} width={box.width} height={box.height} rx={box.isLeaf ? 4 : 6} />
      <text x={box.x + (isActive ? 15 : 6)} y={box.y + 13} fontSize={TEXT.title}>
        {box.name}
      </text>
      {isActive && <circle cx={box.x + 9} cy={box.y + 9} r={3} />}
    </g>
  )
})

function Line({ arrow: { points, bracket }, moving }: { readonly arrow: Arrow; readonly moving: number | null }) {
  const [from, tip] = [points.at(-2), points.at(-1)]
  if (from === undefined || tip === undefined) return null
  const way = roundedWay([...points.slice(0, -1), shortened(from, tip)])
  return (
    <>
      <path className="line" d={way} />
      <path className="head" d={headAt(from, tip)} />
      {bracket !== null && (
        <path className="line" d={`M${bracket[0].x} ${bracket[0].y}L${bracket[1].x} ${bracket[1].y}`} />
      )}
      {moving !== null && <path key={moving} className="moving" d={way} pathLength={1} />}
    </>
  )
}

const Words = memo(function Words({ label, look }: { readonly label: Label; readonly look: string }) {
  const { id, x, y, width, height, lines } = label
  return (
    <g className={look} data-id={id}>
      <rect x={x - 2} y={y} width={width + 4} height={height} rx={2} />
      {lines.map((line) => (
        <text
          key={line.y}
          x={line.x}
          y={line.y}
          fontSize={TEXT.label}
          textLength={line.width}
          lengthAdjust="spacingAndGlyphs"
        >
          {line.text}
        </text>
      ))}
    </g>
  )
})

/** The line stops where its head begins. */
function shortened(from: Point, tip: Point): Point {
  const length = Math.hypot(tip.x - from.x, tip.y - from.y)
  const part = length === 0 ? 0 : Math.min(1, (HEAD.length - 1) / length)
  return { x: tip.x - (tip.x - from.x) * part, y: tip.y - (tip.y - from.y) * part }
}

function headAt(from: Point, tip: Point, { length, half } = HEAD): string {
  const [dx, dy] = [Math.sign(tip.x - from.x), Math.sign(tip.y - from.y)]
  const base = { x: tip.x - dx * length, y: tip.y - dy * length }
  return `M${tip.x} ${tip.y}L${base.x - dy * half} ${base.y - dx * half}L${base.x + dy * half} ${base.y + dx * half}Z`
}

/** Straight lines with round corners. */
function roundedWay(points: readonly Point[]): string {
  const parts = points.map((point, place) => {
    const [before, after] = [points[place - 1], points[place + 1]]
    if (before === undefined) return `M${point.x} ${point.y}`
    if (after === undefined) return `L${point.x} ${point.y}`
    const [entry, exit] = [towards(point, before), towards(point, after)]
    return `L${entry.x} ${entry.y}Q${point.x} ${point.y} ${exit.x} ${exit.y}`
  })
  return parts.join('')
}

/** A little way from one point in the direction of another, never beyond its middle. */
function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const part = length === 0 ? 0 : Math.min(ROUND / length, 0.5)
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
}
