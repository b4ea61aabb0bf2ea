import type { ReactNode } from 'react'
import { CallError } from '../browser/call.ts'
import { shown } from './words.ts'

/** Nothing is there: why, and what to do. */
export function Empty({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p>{children}</p>
    </div>
  )
}

/** What failed and what to do, in the controller's words. */
export function Failure({ error }: { readonly error: unknown }) {
  const view = error instanceof CallError ? error.view : null
  return (
    <div className="failure" role="alert">
      <p>
        <strong>{view === null ? 'This page has a mistake of its own' : shown(view.message)}</strong>
      </p>
      <p>{view === null ? String(error) : `To do: ${shown(view.remedy)}`}</p>
      {view !== null && <p className="faint">{view.code}</p>}
    </div>
  )
}
