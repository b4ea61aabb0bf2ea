import { type DragEvent, useState } from 'react'
import { cliErrors } from '../../core/errors/cli.ts'
import { parseBundle, type ReplayBundle } from '../../core/replay/bundle.ts'
import { Failure } from '../parts/notices.tsx'
import { shown } from '../parts/words.ts'
import './replay.css'
import { actorOf } from './values.ts'
import { ReplayView } from './view.tsx'

const MB = 1_000_000
/** What a browser takes in whole without trouble: a journal of some 50 000 events. */
const FILE_MAX_MB = 100

const AT_THE_END = { event: null, deployment: null }

/** A bundle out of a file: needs no controller, and nothing of it leaves the browser. */
export function OpenPage() {
  const [bundle, setBundle] = useState<ReplayBundle | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [isOver, setOver] = useState(false)
  const open = (file: File | undefined) => {
    if (file === undefined) return
    setBundle(null)
    setFailure(null)
    read(file).then(setBundle, setFailure)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    open(event.dataTransfer.files[0])
  }
  const over = (event: DragEvent) => {
    event.preventDefault()
    setOver(true)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a file may be dropped anywhere; the button does the same
    <div className={isOver ? 'dropping' : undefined} onDrop={drop} onDragOver={over} onDragLeave={() => setOver(false)}>
      <h1>{bundle === null ? 'Open a replay' : `Replay of ${actorOf(bundle)}`}</h1>
      <label className="file">
        Replay bundle
        <input
          type="file"
          accept=".json,application/json"
          onChange={({ target }) => {
            open(target.files?.[0])
            // So that the same file can be opened again after it changed.
            target.value = ''
          }}
        />
        <span className="faint hint">
          A file that “Save as a file” or honua replay --export wrote; choose it or drop it here. It is read by this
          page alone and sent nowhere.
        </span>
      </label>
      {failure !== null && <Failure error={failure} />}
      {bundle !== null && (
        <ReplayView bundle={bundle} start={AT_THE_END}>
          <p className="faint">{shown(bundle.stream)}</p>
        </ReplayView>
      )}
    </div>
  )
}

async function read(file: File): Promise<ReplayBundle> {
  const path = shown(file.name)
  if (file.size > FILE_MAX_MB * MB) {
    const reason = `it has ${Math.ceil(file.size / MB)} MB, and a browser opens up to ${FILE_MAX_MB}; honua replay --file takes it`
    throw cliErrors.bundleInvalid({ path, reason })
  }
  return parseBundle(await file.text(), path)
}
