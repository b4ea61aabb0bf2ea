import type { MouseEvent, ReactNode } from 'react'
import { navigate } from '../browser/location.ts'

/** A way inside the application. Opening it in another tab stays the browser's business. */
export function Link(props: {
  readonly to: string
  readonly children: ReactNode
  readonly className?: string
  readonly current?: boolean
}) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(props.to)
  }
  return (
    <a href={props.to} onClick={follow} className={props.className} aria-current={props.current ? 'page' : undefined}>
      {props.children}
    </a>
  )
}
