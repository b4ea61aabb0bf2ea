import type { ReplayBundle } from '../../core/replay/bundle.ts'
import { saveFile } from '../browser/save.ts'
import { actorOf } from './values.ts'

/** Writes the bundle to a file, as `honua replay --export` does. */
export function SaveButton({ bundle }: { readonly bundle: ReplayBundle }) {
  const save = () => saveFile(`${actorOf(bundle)}.replay.json`, 'application/json', `${JSON.stringify(bundle)}\n`)
  return (
    <button type="button" onClick={save}>
      Save as a file
    </button>
  )
}
