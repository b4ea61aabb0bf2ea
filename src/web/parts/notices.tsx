import type { ReactNode } from 'react'
import type { ErrorView } from '../../api/contract.ts'
import { HonuaError } from '../../core/errors/honua-error.ts'
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
  const { message, remedy, code } = wordsOf(error)
  return (
    <div className="failure" role="alert">
      <p>
        <strong>{shown(message)}</strong>
      </p>
      <p>To do: {shown(remedy)}</p>
      <p className="faint">{shown(code)}</p>
    </div>
  )
}

function wordsOf(error: unknown): Pick<ErrorView, 'message' | 'remedy' | 'code'> {
  if (error instanceof CallError) return error.view
  return error instanceof HonuaError ? error : ownMistake(error)
}

function ownMistake(error: unknown): Pick<ErrorView, 'message' | 'remedy' | 'code'> {
  const code = String(error)
  return code.includes('dynamically imported module')
    ? {
        message: 'This part of the dashboard could not be loaded',
        remedy: 'load the page anew: the controller may have been upgraded since',
        code,
      }
    : {
        message: 'This page has a mistake of its own',
        remedy: 'load the page anew, and report it with the line below',
        code,
      }
}
