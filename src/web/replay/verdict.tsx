import { shown } from '../parts/words.ts'
import type { Recording } from './recording.ts'

/** Whether the journal leads to the state that is stored: the proof, or where it fails. */
export function Verdict({ recording }: { readonly recording: Recording }) {
  const { bundle, chart, ending, moments } = recording
  const { divergence, digest } = ending
  const older = bundle.base?.sequence ?? 0
  const isOtherChart = chart.fold.name.chart !== bundle.machine.chart
  const from = older > 0 ? `from event ${older + 1} on (older ones are no longer kept) ` : ''
  if (divergence === null)
    return (
      <p className="verdict">
        <span className="sign good">Proved</span> {moments.length} events {from}lead through the statechart to exactly
        the stored snapshot, digest <code title={digest}>{digest.slice(0, 12)}</code>.
        {isOtherChart && ' They were recorded under another version of the statechart, and it makes no difference.'}
      </p>
    )
  return (
    <div className="failure" role="alert">
      <p>
        <strong>
          Record and statechart part at event {divergence.sequence}: {shown(divergence.message)}
        </strong>
      </p>
      <p>
        Recorded digest <code>{shown(divergence.expected.slice(0, 12))}</code>, computed{' '}
        <code>{divergence.got === null ? 'none' : divergence.got.slice(0, 12)}</code>. What is shown goes as far as
        that.
        {isOtherChart && ' The journal was recorded under another version of the statechart.'}
      </p>
      <p>To do: keep the file, and report it with the line above</p>
    </div>
  )
}
