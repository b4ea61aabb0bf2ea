import type { EnvironmentView } from '../../api/contract.ts'
import { usePath } from '../browser/location.ts'
import { PAGES, pathOf } from '../pages.ts'
import { Link } from '../parts/link.tsx'
import { StateSign } from '../parts/state.tsx'
import { whyWords } from '../parts/words.ts'

/** What stands above every view of one environment: its state, and the way to the other views. */
export function EnvironmentHeading({ view }: { readonly view: EnvironmentView }) {
  const path = usePath()
  return (
    <>
      <div className="heading">
        <h1>{view.name}</h1>
        <StateSign view={view} />
        <span className="faint">{view.path}</span>
      </div>
      <p className="lead">{whyWords(view)}</p>
      <nav className="ways tabs" aria-label={`Views of ${view.name}`}>
        {PAGES.filter(({ place }) => place === 'environment').map((page) => {
          const to = pathOf(page, view.name)
          return (
            <Link key={page.path} to={to} current={to === path}>
              {page.label}
            </Link>
          )
        })}
      </nav>
    </>
  )
}
