import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { order } from '../browser/call.ts'
import { Failure } from '../parts/notices.tsx'

/** One more thing that an order wants to know. */
export interface Field {
  readonly label: string
  readonly hint: string
}

export interface Asking {
  readonly title: string
  readonly path: string
  readonly confirm: string
  readonly tone: 'primary' | 'danger'
  readonly reason: 'needed' | 'welcome' | 'none'
  readonly field?: Field
  readonly body: (given: { readonly reason: string; readonly field: string }) => object
}

/** Says what will happen, asks for a reason, gives the order, and tells why not when it is refused. */
export function OrderDialog(props: {
  readonly asking: Asking
  readonly close: () => void
  readonly children: ReactNode
}) {
  const { asking, close } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [isSent, setSent] = useState(false)
  useEffect(() => dialog.current?.showModal(), [])
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const reason = String(form.get('reason') ?? '').trim()
    setSent(true)
    order(asking.path, asking.body({ reason, field: String(form.get('field') ?? '').trim() })).then(
      close,
      (error: unknown) => {
        setFailure(error)
        setSent(false)
      },
    )
  }
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="order-title">
      <form onSubmit={submit}>
        <h2 id="order-title">{asking.title}</h2>
        {props.children}
        {asking.field !== undefined && (
          <label>
            {asking.field.label}
            <input name="field" aria-describedby="field-hint" autoComplete="off" />
            <span id="field-hint" className="faint hint">
              {asking.field.hint}
            </span>
          </label>
        )}
        {asking.reason !== 'none' && (
          <label>
            {asking.reason === 'needed' ? 'Reason' : 'Reason (if there is one to tell)'}
            <textarea name="reason" rows={2} maxLength={2_000} required={asking.reason === 'needed'} />
          </label>
        )}
        {failure !== null && <Failure error={failure} />}
        <div className="buttons">
          <button type="button" onClick={close}>
            Leave it
          </button>
          <button type="submit" className={asking.tone} disabled={isSent}>
            {asking.confirm}
          </button>
        </div>
      </form>
    </dialog>
  )
}
