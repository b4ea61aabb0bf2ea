import type { EnvironmentWindows } from '../../api/contract.ts'
import type { Instant } from '../../core/vocabulary.ts'
import { useMinute } from '../browser/days.ts'
import { dayWords, spanUtc, spanWords } from './words.ts'

const HEIGHT = 24
/** A minute of time is one unit of width: the drawing is stretched to its place. */
const UNIT_MS = 60_000

/** The days of a calendar strip, above the strips that they are the days of. */
export function Days({ midnights }: { readonly midnights: readonly Instant[] }) {
  return (
    <div className="days" aria-hidden="true">
      {midnights.slice(0, -1).map((day) => (
        <span key={day}>{dayWords(day)}</span>
      ))}
    </div>
  )
}

/** When an environment is open, drawn: a bar where it is, a line where it is not, and the present minute. */
export function Strip({ of, midnights }: { readonly of: EnvironmentWindows; readonly midnights: readonly Instant[] }) {
  const now = useMinute()
  const from = midnights[0] ?? 0
  const until = midnights.at(-1) ?? from
  const x = (at: Instant) => (Math.min(Math.max(at, from), until) - from) / UNIT_MS
  const open = of.windows.length === 0 ? [{ from, until }] : of.open
  return (
    <svg
      className={of.autoSync ? 'strip' : 'strip asks'}
      viewBox={`0 0 ${x(until)} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Windows of ${of.name}: ${of.windows.length === 0 ? 'open at all times' : open.map(spanWords).join('; ') || 'none in these days'}`}
    >
      <rect className="shut" x={0} y={HEIGHT / 2 - 2} width={x(until)} height={4} />
      {open.map((span) => (
        <rect
          key={span.from}
          className="open"
          x={x(span.from)}
          y={3}
          width={x(span.until) - x(span.from)}
          height={HEIGHT - 6}
        >
          <title>{`${spanWords(span)} · ${spanUtc(span)}`}</title>
        </rect>
      ))}
      {midnights.slice(1, -1).map((day) => (
        <line key={day} className="midnight" x1={x(day)} x2={x(day)} y1={0} y2={HEIGHT} />
      ))}
      {now >= from && now <= until && <line className="now" x1={x(now)} x2={x(now)} y1={0} y2={HEIGHT} />}
    </svg>
  )
}
