import { Suspense, useEffect } from 'react'
import { usePath } from '../browser/location.ts'
import { live } from '../live/use-live.ts'
import { pageAt } from '../pages.ts'
import { Empty, Failure } from '../parts/notices.tsx'
import { Caught } from './caught.tsx'
import { Frame } from './frame.tsx'
import { useSession } from './session.ts'
import { SignIn } from './sign-in.tsx'
import { Who } from './who.ts'

export function App() {
  const path = usePath()
  const { session, failure, renew, enter, leave } = useSession()
  const mayRead = session?.mayRead === true
  const who = session?.actor?.name ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person gets another connection
  useEffect(() => (mayRead ? live.start(renew) : undefined), [mayRead, renew, who])

  if (session === null) return <div className="alone">{failure !== null && <Failure error={failure} />}</div>
  if (!mayRead || path === '/enter')
    return (
      <main className="alone">
        <SignIn enter={enter} mayRead={mayRead} />
      </main>
    )
  const found = pageAt(path)
  return (
    <Who value={session}>
      <Frame path={path} actor={session.actor} leave={leave}>
        {found === null ? (
          <Empty title="There is no such page">The address may be mistyped. The menu leads on.</Empty>
        ) : (
          <Caught key={path}>
            <Suspense fallback={<p className="faint">Loading …</p>}>
              <found.page.view name={found.name} />
            </Suspense>
          </Caught>
        )}
      </Frame>
    </Who>
  )
}
