import type { JournalView } from '../../../api/contract.ts'
import { TimeOfDay } from '../../parts/time.tsx'
import { shown } from '../../parts/words.ts'

/** The newest events of one actor, newest first; each can be looked into. */
export function EventList({
  entries,
  chosen,
  choose,
}: {
  readonly entries: readonly JournalView[]
  readonly chosen: number | null
  readonly choose: (sequence: number) => void
}) {
  if (entries.length === 0) return <p>Nothing happened yet.</p>
  return (
    <ol className="chart-events">
      {entries.toReversed().map(({ sequence, at, event }) => (
        <li key={sequence}>
          <button type="button" aria-pressed={sequence === chosen} onClick={() => choose(sequence)}>
            <span className="faint">{sequence}</span> {shown(String(event['type']))}
            <span className="faint when">
              <TimeOfDay at={at} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}
