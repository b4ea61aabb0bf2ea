import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import type { SessionView } from '../../api/contract.ts'
import type { Actor } from '../../core/vocabulary.ts'
import { useLive } from '../live/use-live.ts'
import { PAGES } from '../pages.ts'
import { Link } from '../parts/link.tsx'
import { When } from '../parts/time.tsx'
import { shown } from '../parts/words.ts'
import { ThemeButton } from './theme-button.tsx'

/** What stands around every page: for those who may read, the menu, who looks, and whether the picture is the present one. */
export function Frame(props: {
  readonly path: string
  readonly session: SessionView
  readonly leave: () => Promise<void>
  readonly children: ReactNode
}) {
  const { actor, mayRead } = props.session
  const content = useArrival(props.path)
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="top">
        <Link to="/" className="brand">
          Honua GitOps
        </Link>
        {mayRead && (
          <nav className="ways" aria-label="Main">
            {PAGES.filter(({ place }) => place === 'menu').map(({ path, label }) => (
              <Link key={path} to={path} current={path === props.path}>
                {label}
              </Link>
            ))}
          </nav>
        )}
        <div className="corner">
          <ThemeButton />
          {mayRead && <WhoButton actor={actor} leave={props.leave} />}
        </div>
      </header>
      {mayRead && <Banners />}
      <main id="content" tabIndex={-1} ref={content}>
        {props.children}
      </main>
    </>
  )
}

/** Whoever followed a way begins at the top of what it leads to, by keyboard and by screen reader too. */
function useArrival(path: string): RefObject<HTMLElement | null> {
  const content = useRef<HTMLElement>(null)
  const left = useRef(path)
  useEffect(() => {
    if (left.current !== path) content.current?.focus({ preventScroll: true })
    left.current = path
  }, [path])
  return content
}

function Banners() {
  const staleSince = useLive((live) => live.staleSince)
  const status = useLive((live) => live.status)
  return (
    <div aria-live="polite">
      {staleSince !== null && (
        <p className="banner bad">
          The controller cannot be reached. What stands here is as of <When at={staleSince} />; it renews itself as soon
          as the controller answers.
        </p>
      )}
      {status?.state === 'DiskFull' && (
        <p className="banner bad">The disk is full: nothing is deployed and no order is taken until there is room.</p>
      )}
      {status?.source.state === 'Unreachable' && status.source.failure !== null && (
        <p className="banner ask">
          The repository cannot be reached since <When at={status.source.failure.since} />:{' '}
          {shown(status.source.failure.message)}
        </p>
      )}
    </div>
  )
}

function WhoButton({ actor, leave }: { readonly actor: Actor | null; readonly leave: () => Promise<void> }) {
  if (actor === null) return <Link to="/enter">Sign in</Link>
  return (
    <button type="button" className="quiet" onClick={() => void leave()}>
      {shown(actor.name)}: sign out
    </button>
  )
}
