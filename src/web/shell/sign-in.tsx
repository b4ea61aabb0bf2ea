import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { EnterBody } from '../../api/contract.ts'
import { navigate } from '../browser/location.ts'
import { Link } from '../parts/link.tsx'
import { Failure } from '../parts/notices.tsx'

/** Asks for a token once, or uses up the code of a link. The code leaves the address before anything else happens. */
export function SignIn({
  enter,
  mayRead,
  wanted,
}: {
  readonly enter: (by: EnterBody) => Promise<void>
  readonly mayRead: boolean
  /** Where it leads to. */
  readonly wanted: () => string
}) {
  const [failure, setFailure] = useState<unknown>(null)
  const isUsed = useRef(false)
  const signIn = (by: EnterBody) =>
    enter(by).then(
      () => navigate(wanted(), 'replace'),
      (error: unknown) => setFailure(error),
    )
  useEffect(() => {
    const code = location.hash.slice(1)
    if (code === '' || isUsed.current) return
    isUsed.current = true
    history.replaceState(null, '', location.pathname)
    void signIn({ code })
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const token = new FormData(event.currentTarget).get('token')
    if (typeof token === 'string' && token.trim() !== '') void signIn({ token: token.trim() })
  }
  return (
    <div className="sign-in">
      <h1>Sign in</h1>
      <p>
        With your token, once for this browser. Whoever runs the controller writes tokens to the secret operator-tokens.
      </p>
      <form onSubmit={submit}>
        <label>
          Token
          <input name="token" type="password" autoComplete="current-password" required />
        </label>
        <button type="submit" className="primary">
          Sign in
        </button>
      </form>
      {failure !== null && <Failure error={failure} />}
      <p>
        <Link to="/replay">Open a replay from a file</Link>, which needs no signing in
      </p>
      {mayRead && (
        <p>
          <Link to="/">Look without signing in</Link>
        </p>
      )}
    </div>
  )
}
