import type { Sample } from './samples.ts'

const WIDTH = 880
const PANEL = { width: 400, height: 130, gap: 30, top: 70, left: 20 }
const ROW_HEIGHT = PANEL.height + 60

interface Panel {
  readonly title: string
  readonly unit: string
  readonly of: (sample: Sample) => number
}

const PANELS: readonly Panel[] = [
  { title: 'Heap after garbage collection', unit: 'MB', of: ({ heapMb }) => heapMb },
  { title: 'Journal entries kept', unit: '', of: ({ entries }) => entries },
  { title: 'Data directory', unit: 'MB', of: ({ storeMb }) => storeMb },
  { title: 'Audit log, never shortened', unit: 'lines', of: ({ auditLines }) => auditLines },
  { title: 'Open files and sockets', unit: '', of: ({ handles }) => handles },
  { title: 'Timers set', unit: '', of: ({ timers }) => timers },
]

/** The samples of a soak as an SVG picture: a panel a quantity, from zero, over virtual hours. */
export function soakPicture(samples: readonly Sample[], title: string): string {
  const height = PANEL.top + Math.ceil(PANELS.length / 2) * ROW_HEIGHT + 10
  const hours = samples.at(-1)?.hour ?? 1
  const panels = PANELS.map((panel, at) => panelOf(panel, at, samples, hours))
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${PANEL.left}" y="32" font-size="17" fill="#1a1a1a">${escaped(title)}</text>`,
    ...panels,
    '</svg>',
  ].join('\n')}\n`
}

function panelOf({ title, unit, of }: Panel, at: number, samples: readonly Sample[], hours: number): string {
  const x = PANEL.left + (at % 2) * (PANEL.width + PANEL.gap)
  const y = PANEL.top + Math.floor(at / 2) * ROW_HEIGHT
  const top = ceiling(Math.max(...samples.map(of)))
  const points = samples.map((sample) => {
    const across = x + (sample.hour / hours) * PANEL.width
    const down = y + PANEL.height - (of(sample) / top) * PANEL.height
    return `${across.toFixed(1)},${down.toFixed(1)}`
  })
  const last = samples.at(-1)
  const value = last === undefined ? '' : `${number(of(last))} ${unit}`.trim()
  return [
    `<text x="${x}" y="${y - 8}" fill="#1a1a1a">${escaped(title)}</text>`,
    `<text x="${x + PANEL.width}" y="${y - 8}" fill="#1a1a1a" text-anchor="end" font-weight="bold">${escaped(value)}</text>`,
    `<rect x="${x}" y="${y}" width="${PANEL.width}" height="${PANEL.height}" fill="#f6f8fa" stroke="#c8ced6"/>`,
    `<polyline points="${points.join(' ')}" fill="none" stroke="#0a5cad" stroke-width="1.8"/>`,
    `<text x="${x + 4}" y="${y + 14}" fill="#5a6472">${number(top)}</text>`,
    `<text x="${x + 4}" y="${y + PANEL.height - 5}" fill="#5a6472">0</text>`,
    `<text x="${x + PANEL.width}" y="${y + PANEL.height + 15}" fill="#5a6472" text-anchor="end">${number(hours)} h</text>`,
  ].join('\n')
}

/** The next 1, 2 or 5 with zeros. */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Math.round(value * 10) / 10)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
