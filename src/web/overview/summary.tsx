import type { StatusView } from '../../api/contract.ts'
import { Link } from '../parts/link.tsx'
import { Ago } from '../parts/time.tsx'
import { short, shown } from '../parts/words.ts'

/** What all environments share: the commit that is watched, and how the configuration is. */
export function Summary({ status }: { readonly status: StatusView }) {
  const { source, notices } = status
  return (
    <section aria-label="Summary" className="summary">
      <p>
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
