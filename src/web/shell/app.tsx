import { Suspense, useEffect, useRef } from 'react'
import { usePath } from '../browser/location.ts'
import { useTitle } from '../browser/title.ts'
import { live } from '../live/use-live.ts'
import { type Found, pageAt, titleOf } from '../pages.ts'
import { Empty, Failure } from '../parts/notices.tsx'
import { Caught } from './caught.tsx'
import { Frame } from './frame.tsx'
import { useSession } from './session.ts'
import { SignIn } from './sign-in.tsx'
import { VIEWS } from './views.ts'
import { NOBODY, Who } from './who.ts'

const SIGN_IN = '/enter'

export function App() {
  const path = usePath()
  const found = pageAt(path)
  const { session, isLost, failure, renew, enter, leave } = useSession()
  const mayRead = session?.mayRead === true
  const who = session?.actor?.name ?? null
  const isForAnybody = found?.page.needsNobody === true
  const mustSignIn = !isForAnybody && (!mayRead || path === SIGN_IN)
  const wanted = useWanted(path)
  useTitle(mustSignIn ? 'Sign in' : titleOf(found))
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person gets another connection
  useEffect(() => (mayRead ? live.start(renew) : undefined), [mayRead, renew, who])

  if (session === null && !isForAnybody)
    return <div className="alone">{failure !== null && <Failure error={failure} />}</div>
  if (mustSignIn)
    return (
      <main className="alone">
        <SignIn enter={enter} isLost={isLost} mayRead={mayRead} wanted={wanted} />
      </main>
    )
  return (
    <Who value={session ?? NOBODY}>
      <Frame path={path} session={session ?? NOBODY} leave={leave}>
        {found === null ? (
          <Empty title="There is no such page">The address may be mistyped. The menu leads on.</Empty>
        ) : (
          <Shown path={path} found={found} />
        )}
      </Frame>
    </Who>
  )
}

/** Where signing in leads to: the page that asked for it. */
function useWanted(path: string): () => string {
  const wanted = useRef('/')
  useEffect(() => {
    if (path !== SIGN_IN) wanted.current = path + location.search
  }, [path])
  return () => wanted.current
}

function Shown({ path, found }: { readonly path: string; readonly found: Found }) {
  const View = VIEWS[found.page.path]
  return (
    <Caught key={path}>
      <Suspense fallback={<p className="faint">Loading …</p>}>
        <View name={found.name} />
      </Suspense>
    </Caught>
  )
}
