import type { ReactNode } from 'react'
import { Link } from '../parts/link.tsx'
import { ThemeButton } from './theme-button.tsx'

/** What stands around a page that needs no controller. `home` is where the rest is; null where there is none. */
export function Bare({ home, children }: { readonly home: string | null; readonly children: ReactNode }) {
  return (
    <>
      <header className="top">
        {home === null ? (
          <span className="brand">Honua GitOps</span>
        ) : (
          <Link to={home} className="brand">
            Honua GitOps
          </Link>
        )}
        <div className="corner">
          <ThemeButton />
        </div>
      </header>
      <main>{children}</main>
    </>
  )
}
