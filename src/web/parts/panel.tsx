import { type ReactNode, useId } from 'react'
import type { Asked } from '../browser/use-asked.ts'
import { Failure } from './notices.tsx'

/** One subject of a page. */
export function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  )
}

/** What was asked for, once it is there. */
export function Given<Value>({
  asked,
  children,
}: {
  readonly asked: Asked<Value>
  readonly children: (value: Value) => ReactNode
}) {
  return (
    <>
      {asked.state === 'failed' && <Failure error={asked.error} />}
      {asked.state === 'asking' && <p className="faint">Loading …</p>}
      {asked.value !== null && children(asked.value)}
    </>
  )
}

/** A table that scrolls by itself where the screen is narrow; reachable by keyboard for that. */
export function Table({
  label,
  head,
  children,
}: {
  readonly label: string
  readonly head: readonly string[]
  readonly children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y: what scrolls must be reachable by keyboard, and is neither a landmark nor a set of fields
    <div role="group" className="scrolls" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {head.map((one) => (
              <th key={one} scope="col">
                {one}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
