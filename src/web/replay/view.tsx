import type { ReactNode } from 'react'
import type { ReplayBundle } from '../../core/replay/bundle.ts'
import { Failure } from '../parts/notices.tsx'
import { Panel } from '../parts/panel.tsx'
import { Compare } from './compare.tsx'
import { Controls } from './controls.tsx'
import { Details } from './details.tsx'
import { Jumps } from './jumps.tsx'
import { Near } from './near.tsx'
import { Picture } from './picture.tsx'
import { placeOf, type Recording } from './recording.ts'
import { usePlayer } from './use-player.ts'
import { useRecording } from './use-recording.ts'
import { Verdict } from './verdict.tsx'
import { WhatIf } from './what-if.tsx'

interface Props {
  readonly bundle: ReplayBundle
  /** Sequence of the event to begin with; the last one where that is not in the journal. */
  readonly event: number | null
  /** What can be done with the bundle as a whole. */
  readonly children: ReactNode
}

/** A bundle to move through. */
export function ReplayView({ bundle, event, children }: Props) {
  const opening = useRecording(bundle)
  if (opening.state === 'failed') return <Failure error={opening.error} />
  if (opening.state === 'folding')
    return (
      <Panel title="Replay">
        <p className="faint" role="status">
          Folding event {opening.done} of {bundle.entries.length} …
        </p>
      </Panel>
    )
  return (
    <Folded recording={opening.recording} event={event}>
      {children}
    </Folded>
  )
}

function Folded({
  recording,
  event,
  children,
}: Omit<Props, 'bundle'> & {
  readonly recording: Recording
}) {
  const start = event === null ? null : placeOf(recording, event)
  const player = usePlayer(recording, start ?? recording.moments.length)
  return (
    <>
      <div className="about">
        <Verdict recording={recording} />
        <div className="picks">{children}</div>
      </div>
      <Controls player={player} />
      <div className="columns">
        <div>
          <section className="panel" aria-label="Statechart">
            <Picture name={recording.bundle.machine.name} sight={player.sight} />
          </section>
          <Panel title="Events">
            <Jumps recording={recording} player={player} />
            <Near recording={recording} player={player} />
          </Panel>
        </div>
        <div>
          <Details recording={recording} sight={player.sight} />
        </div>
      </div>
      <div className="columns even">
        <WhatIf recording={recording} sight={player.sight} />
        <Compare recording={recording} player={player} />
      </div>
    </>
  )
}
