import type { ReplayBundle } from '../../core/replay/bundle.ts'
import { after } from '../browser/clock.ts'
import { actorOf } from './values.ts'

/** Writes the bundle to a file, as `honua replay --export` does. */
export function SaveButton({ bundle }: { readonly bundle: ReplayBundle }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([`${JSON.stringify(bundle)}\n`], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = url
    link.download = `${actorOf(bundle)}.replay.json`
    link.click()
    // Not at once: browsers read it only after this.
    after(60_000, () => URL.revokeObjectURL(url))
  }
  return (
    <button type="button" onClick={save}>
      Save as a file
    </button>
  )
}
