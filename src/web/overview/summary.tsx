import type { StatusView } from '../../api/contract.ts'
import { Link } from '../parts/link.tsx'
import { Ago } from '../parts/time.tsx'
import { STATE_WORDS, short, shown } from '../parts/words.ts'

/** What all environments share: the commit that is watched, and how many are in which state. */
export function Summary({ status }: { readonly status: StatusView }) {
  const { source, notices } = status
  const counts = Object.entries(status.environments).filter(([, count]) => count > 0)
  return (
    <section aria-label="Summary" className="summary">
      <p>
        {counts.map(([state, count]) => `${count} ${wordsOf(state)}`).join(' · ') || 'no environments'}
        {' · '}
        <Link to="/source">
          {shown(source.branch)} at <code>{short(source.head)}</code>
        </Link>
        {source.lastSuccessAt !== null && (
          <>
            , asked <Ago at={source.lastSuccessAt} />
          </>
        )}
      </p>
      {notices.length > 0 && (
        <details>
          <summary>{notices.length === 1 ? '1 remark' : `${notices.length} remarks`} on the configuration</summary>
          <ul>
            {notices.map((notice) => (
              <li key={notice}>{shown(notice)}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

function wordsOf(state: string): string {
  const found = Object.entries(STATE_WORDS).find(([one]) => one === state)?.[1] ?? state
  return found.toLowerCase()
}
