import { useEffect, useState } from 'react'
import type { ReplayBundle } from '../../core/replay/bundle.ts'
import { type Recording, record } from './recording.ts'
import { inSlices } from './slices.ts'

export type Opening =
  | { readonly state: 'folding'; readonly done: number }
  | { readonly state: 'there'; readonly recording: Recording }
  | { readonly state: 'failed'; readonly error: unknown }

/** A bundle, folded. */
export function useRecording(bundle: ReplayBundle): Opening {
  const [opening, setOpening] = useState<Opening>({ state: 'folding', done: 0 })
  useEffect(() => {
    setOpening({ state: 'folding', done: 0 })
    return inSlices(record(bundle), {
      step: (done) => setOpening({ state: 'folding', done }),
      done: (recording) => setOpening({ state: 'there', recording }),
      failed: (error) => setOpening({ state: 'failed', error }),
    })
  }, [bundle])
  return opening
}
