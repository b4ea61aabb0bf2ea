import type { ReactNode } from 'react'
import { ThemeButton } from './theme-button.tsx'

/** What stands around a page that is alone in the world: there is no controller to lead back to. */
export function Bare({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <header className="top">
        <span className="brand">Honua GitOps</span>
        <div className="corner">
          <ThemeButton />
        </div>
      </header>
      <main>{children}</main>
    </>
  )
}
