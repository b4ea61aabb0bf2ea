import source from 'virtual:chart/source'
import { useLive } from '../live/use-live.ts'
import { Link } from '../parts/link.tsx'
import { Followed } from './followed.tsx'

/** The chart of the repository that everything comes from. */
export function SourceChartPage() {
  const path = useLive(({ status }) => status?.source.state ?? null)
  if (path === null) return <p className="faint">Asking the controller …</p>
  return (
    <>
      <div className="heading">
        <h1>Chart of the source</h1>
      </div>
      <p className="lead">{source.graph.states.find((state) => state.path === path)?.description}</p>
      <nav className="ways tabs" aria-label="Views of the source">
        <Link to="/source">Now</Link>
        <Link to="/source/chart" current>
          Chart
        </Link>
      </nav>
      <Followed drawn={source} stream="source" path={path} />
    </>
  )
}
