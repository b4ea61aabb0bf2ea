import { useState } from 'react'
import type { ReplayBundle } from '../../core/replay/bundle.ts'
import { useAsked } from '../browser/use-asked.ts'
import { Known } from '../environment/known.tsx'
import { useLive } from '../live/use-live.ts'
import type { PageProps } from '../pages.ts'
import { Given } from '../parts/panel.tsx'
import type { Start } from './recording.ts'
import { SaveButton } from './save.tsx'
import { ReplayView } from './view.tsx'

/** The journal of one environment, moment by moment. */
export function ReplayPage({ name }: PageProps) {
  const [version, setVersion] = useState(0)
  const asked = useAsked<ReplayBundle>(`/v1/replay/${encodeURIComponent(name)}`, String(version))
  return (
    <Known name={name}>
      {() => (
        <Given asked={asked}>
          {(bundle) => (
            <ReplayView bundle={bundle} start={startInAddress()}>
              <SaveButton bundle={bundle} />
              <Newer bundle={bundle} load={() => setVersion(version + 1)} />
            </ReplayView>
          )}
        </Given>
      )}
    </Known>
  )
}

/** The record goes on meanwhile; what one looks at does not move away by itself. */
function Newer({ bundle, load }: { readonly bundle: ReplayBundle; readonly load: () => void }) {
  const newest = useLive(({ events }) => events.find(({ stream }) => stream === bundle.stream)?.sequence ?? 0)
  const count = newest - (bundle.entries.at(-1)?.sequence ?? bundle.base?.sequence ?? 0)
  if (count <= 0) return null
  return (
    <button type="button" onClick={load}>
      Load {count} newer {count === 1 ? 'event' : 'events'}
    </button>
  )
}

/** `?event=42` or `?deployment=production-20260105-080000`. */
function startInAddress(): Start {
  const asked = new URLSearchParams(location.search)
  const event = Number(asked.get('event') ?? Number.NaN)
  return { event: Number.isSafeInteger(event) ? event : null, deployment: asked.get('deployment') }
}
