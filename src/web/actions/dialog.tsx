import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { order } from '../browser/call.ts'
import { Failure } from '../parts/notices.tsx'

export interface Asking {
  readonly title: string
  readonly path: string
  readonly confirm: string
  readonly tone: 'primary' | 'danger'
  readonly reason: 'needed' | 'welcome' | 'none'
  /** The order's body, from the reason and the fields that stand in the dialog, by their names; a field that is absent is empty. */
  readonly body: (given: Given) => object
  /** False while the dialog does not know yet what would be ordered. */
  readonly isReady?: boolean
}

export interface Given {
  readonly reason: string
  readonly field: (name: string) => string
}

/** Says what will happen, asks for a reason, gives the order, and tells why not when it is refused. */
export function OrderDialog(props: {
  readonly asking: Asking
  readonly close: () => void
  readonly children: ReactNode
}) {
  const { asking, close } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useRef<HTMLHeadingElement>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [isSent, setSent] = useState(false)
  useEffect(() => {
    dialog.current?.showModal()
    // What is asked is read before it is answered: a dialog would begin at its first field, and scroll there.
    title.current?.focus()
  }, [])
  // By the browser, which leads the keyboard back to where the dialog was opened.
  const leave = () => dialog.current?.close()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const field = (name: string) => String(form.get(name) ?? '').trim()
    setSent(true)
    order(asking.path, asking.body({ reason: field('reason'), field })).then(leave, (error: unknown) => {
      setFailure(error)
      setSent(false)
    })
  }
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="order-title">
      <form onSubmit={submit}>
        <h2 id="order-title" ref={title} tabIndex={-1}>
          {asking.title}
        </h2>
        {props.children}
        {asking.reason !== 'none' && (
          <label>
            {asking.reason === 'needed' ? 'Reason' : 'Reason (if there is one to tell)'}
            <textarea name="reason" rows={2} maxLength={2_000} required={asking.reason === 'needed'} />
          </label>
        )}
        {failure !== null && <Failure error={failure} />}
        <div className="buttons">
          <button type="button" onClick={leave}>
            Leave it
          </button>
          <button type="submit" className={asking.tone} disabled={isSent || asking.isReady === false}>
            {asking.confirm}
          </button>
        </div>
      </form>
    </dialog>
  )
}
