import type { RefObject } from 'react'
import { saveFile } from '../browser/save.ts'
import { svgFileOf } from './export.ts'
import type { DrawnChart } from './layout/index.ts'
import type { View } from './view.ts'

/** Buttons above a chart. */
export function Tools({
  drawn,
  view,
  picture,
}: {
  readonly drawn: DrawnChart
  readonly view: View
  readonly picture: RefObject<SVGSVGElement | null>
}) {
  const { name } = drawn.graph
  const saveSvg = () => {
    if (picture.current !== null) saveFile(`${name}.svg`, 'image/svg+xml', svgFileOf(picture.current))
  }
  return (
    <div className="chart-tools" role="toolbar" aria-label="Chart">
      <button type="button" aria-label="Zoom out" onClick={() => view.zoom(-1)}>
        −
      </button>
      <button type="button" aria-pressed={view.isFitted} onClick={view.fit}>
        Fit
      </button>
      <button type="button" aria-label="Zoom in" onClick={() => view.zoom(1)}>
        +
      </button>
      <span className="faint percent">{Math.round(view.scale * 100)} %</span>
      <span className="chart-files">
        Save
        <button type="button" onClick={saveSvg}>
          SVG
        </button>
        <button type="button" onClick={() => saveFile(`${name}.mmd`, 'text/plain', drawn.mermaid)}>
          Mermaid
        </button>
      </span>
    </div>
  )
}
