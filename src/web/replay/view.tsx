import { type ReactNode, useDeferredValue } from 'react'
import type { ReplayBundle } from '../../core/replay/bundle.ts'
import { Failure } from '../parts/notices.tsx'
import { Panel } from '../parts/panel.tsx'
import { Compare } from './compare.tsx'
import { Controls } from './controls.tsx'
import { Details, EventPanel } from './details.tsx'
import { Jumps } from './jumps.tsx'
import { Near } from './near.tsx'
import { Picture } from './picture.tsx'
import { placeToStart, type Recording, type Start } from './recording.ts'
import { usePlayer } from './use-player.ts'
import { useRecording } from './use-recording.ts'
import './replay.css'
import { Verdict } from './verdict.tsx'
import { WhatIf } from './what-if.tsx'

interface Props {
  readonly bundle: ReplayBundle
  /** Where to begin; at the end where that is not in the journal. */
  readonly start: Start
  /** What can be done with the bundle as a whole. */
  readonly children: ReactNode
}

/** A bundle to move through. */
export function ReplayView({ bundle, start, children }: Props) {
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
    <Folded recording={opening.recording} start={start}>
      {children}
    </Folded>
  )
}

function Folded({
  recording,
  start,
  children,
}: Omit<Props, 'bundle'> & {
  readonly recording: Recording
}) {
  const player = usePlayer(recording, placeToStart(recording, start))
  // The slider does not wait for what is costly to show.
  const sight = useDeferredValue(player.sight)
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
            <Picture name={recording.bundle.machine.name} sight={sight} />
          </section>
          <Panel title="Events">
            <Jumps recording={recording} player={player} />
            <Near recording={recording} player={player} />
          </Panel>
          <EventPanel sight={sight} />
        </div>
        <div>
          <Details recording={recording} sight={sight} />
        </div>
      </div>
      <div className="columns even">
        <WhatIf recording={recording} sight={sight} />
        <Compare recording={recording} player={player} />
      </div>
    </>
  )
}
