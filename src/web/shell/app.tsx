import { Suspense, useEffect } from 'react'
import { usePath } from '../browser/location.ts'
import { live } from '../live/use-live.ts'
import { pageAt } from '../pages.ts'
import { Empty, Failure } from '../parts/notices.tsx'
import { Bare } from './bare.tsx'
import { Caught } from './caught.tsx'
import { Frame } from './frame.tsx'
import { useSession } from './session.ts'
import { SignIn } from './sign-in.tsx'
import { Who } from './who.ts'

export function App() {
  const path = usePath()
  const found = pageAt(path)
  if (found?.page.needsNobody !== true) return <Inside path={path} found={found} />
  return (
    <Bare home="/">
      <Shown path={path} found={found} />
    </Bare>
  )
}

type Found = ReturnType<typeof pageAt>

/** What only somebody who may read sees. */
function Inside({ path, found }: { readonly path: string; readonly found: Found }) {
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
  return (
    <Who value={session}>
      <Frame path={path} actor={session.actor} leave={leave}>
        {found === null ? (
          <Empty title="There is no such page">The address may be mistyped. The menu leads on.</Empty>
        ) : (
          <Shown path={path} found={found} />
        )}
      </Frame>
    </Who>
  )
}

function Shown({ path, found }: { readonly path: string; readonly found: NonNullable<Found> }) {
  return (
    <Caught key={path}>
      <Suspense fallback={<p className="faint">Loading …</p>}>
        <found.page.view name={found.name} />
      </Suspense>
    </Caught>
  )
}
