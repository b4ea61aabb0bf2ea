import type { SoakRecord } from './record.ts'
import type { Sample } from './samples.ts'

const PANEL = { width: 420, height: 110, gapX: 60, rowHeight: 178, top: 128, left: 24 }
const WIDTH = 2 * PANEL.left + 2 * PANEL.width + PANEL.gapX
const COLUMNS = 2

interface Panel {
  readonly title: string
  readonly unit: string
  /** What an operator should see in it. */
  readonly note: string
  readonly of: (sample: Sample) => number
}

const PANELS: readonly Panel[] = [
  { title: 'Heap after garbage collection', unit: 'MB', note: 'flat', of: ({ heapMb }) => heapMb },
  { title: 'Journal entries kept', unit: '', note: 'bounded by spec.history', of: ({ entries }) => entries },
  {
    title: 'Contents kept',
    unit: '',
    note: 'bounded: what nothing refers to is collected',
    of: ({ contents }) => contents,
  },
  { title: 'Open files and sockets', unit: '', note: 'bounded', of: ({ handles }) => handles },
  { title: 'Timers set', unit: '', note: 'one an environment, and a few', of: ({ timers }) => timers },
  { title: 'The latest timer', unit: 'ms', note: 'virtual time; no drift', of: ({ lateMs }) => lateMs },
  { title: 'Audit log', unit: 'lines', note: 'grows: it is never shortened', of: ({ auditLines }) => auditLines },
  { title: 'Data directory', unit: 'MB', note: 'grows with the audit log alone', of: ({ storeMb }) => storeMb },
]

/** Follows the reader's choice of light or dark. */
const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 20px; font-weight: 600 }
.name { font-weight: 600 }
.soft { fill: #59636e; font-size: 12px }
.ground { fill: #ffffff }
.panel { fill: #f6f8fa }
.grid { stroke: #d1d9e0; stroke-width: 1 }
.line { fill: none; stroke: #0969da; stroke-width: 2; stroke-linejoin: round }
.area { fill: #0969da; fill-opacity: .1 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .soft { fill: #9198a1 } .ground { fill: #0d1117 } .panel { fill: #151b23 } .grid { stroke: #3d444d }
.line { stroke: #4493f8 } .area { fill: #4493f8; fill-opacity: .15 }
}`

/** The samples of a soak as an SVG picture that refers to nothing outside: a panel a quantity, from zero, over virtual hours. */
export function soakPicture({ hours, environments, done, samples }: SoakRecord): string {
  const rows = Math.ceil(PANELS.length / COLUMNS)
  const height = PANEL.top + rows * PANEL.rowHeight - 20
  const title = `${count(environments)} environments through ${count(hours)} hours of load`
  const what = Object.entries(done).map(([name, times]) => `${count(times)} ${name}`)
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}" rx="8"/>`,
    `<text class="title" x="${PANEL.left}" y="40">${escaped(title)}</text>`,
    `<text class="soft" x="${PANEL.left}" y="62">${escaped(what.join(', '))}</text>`,
    `<text class="soft" x="${PANEL.left}" y="80">Virtual time; the real runtime on a real store. Each panel begins at zero; the number on the right is the last one.</text>`,
    ...PANELS.map((panel, at) => panelOf(panel, at, samples, hours)),
    '</svg>',
  ].join('\n')}\n`
}

function panelOf({ title, unit, note, of }: Panel, at: number, samples: readonly Sample[], hours: number): string {
  const x = PANEL.left + (at % COLUMNS) * (PANEL.width + PANEL.gapX)
  const y = PANEL.top + Math.floor(at / COLUMNS) * PANEL.rowHeight
  const [right, bottom] = [x + PANEL.width, y + PANEL.height]
  const top = ceiling(Math.max(...samples.map(of)))
  const points = samples.map((sample) => {
    const across = x + (sample.hour / hours) * PANEL.width
    const down = bottom - (of(sample) / top) * PANEL.height
    return `${across.toFixed(1)},${down.toFixed(1)}`
  })
  const [first, last] = [points[0]?.split(',')[0] ?? x, points.at(-1)?.split(',')[0] ?? x]
  const value = count(of(samples.at(-1) ?? NOTHING))
  return [
    `<text class="name" x="${x}" y="${y - 26}">${escaped(title)}</text>`,
    `<text class="soft" x="${x}" y="${y - 9}">${escaped(note)}</text>`,
    `<text class="name" x="${right}" y="${y - 26}" text-anchor="end">${escaped(`${value} ${unit}`.trim())}</text>`,
    `<rect class="panel" x="${x}" y="${y}" width="${PANEL.width}" height="${PANEL.height}"/>`,
    ...[0, 0.5, 1].map((share) => {
      const down = bottom - share * PANEL.height
      return `<line class="grid" x1="${x}" y1="${down}" x2="${right}" y2="${down}"/>`
    }),
    `<polygon class="area" points="${first},${bottom} ${points.join(' ')} ${last},${bottom}"/>`,
    `<polyline class="line" points="${points.join(' ')}"/>`,
    `<text class="soft" x="${x + 5}" y="${y + 14}">${count(top)}</text>`,
    ...[0, 0.25, 0.5, 0.75, 1].map((share) => {
      const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle'
      const across = x + share * PANEL.width
      return `<text class="soft" x="${across}" y="${bottom + 17}" text-anchor="${anchor}">${count(share * hours)} h</text>`
    }),
  ].join('\n')
}

const NOTHING: Sample = {
  hour: 0,
  heapMb: 0,
  storeMb: 0,
  entries: 0,
  contents: 0,
  auditLines: 0,
  handles: 0,
  timers: 0,
  lateMs: 0,
}

/** The next 1, 2 or 5 with zeros. */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value
}

function count(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Math.round(value * 10) / 10)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
