import type { ContentView, Keys } from '../../api/contract.ts'
import { shown } from '../parts/words.ts'

/** How the resources of a release differ from those of the environment before. */
export function Content({ content, environment }: { readonly content: ContentView; readonly environment: string }) {
  switch (content.is) {
    case 'same':
      return <p>The same content: every resource is equal.</p>
    case 'unknown':
      return <p>Whether the content is the same cannot be told: one of both releases is no longer kept.</p>
    case 'different': {
      const { same, different, onlyBefore, onlyHere } = content
      const total = different.total + onlyBefore.total + onlyHere.total
      return (
        <details>
          <summary>
            {total === 1 ? '1 resource differs' : `${total} resources differ`}, {same} equal
          </summary>
          <List title="Different" keys={different} />
          <List title={`Only in ${environment}`} keys={onlyBefore} />
          <List title="Only here" keys={onlyHere} />
        </details>
      )
    }
  }
}

function List({ title, keys: { total, keys } }: { readonly title: string; readonly keys: Keys }) {
  if (total === 0) return null
  return (
    <>
      <h4>
        {title} ({total})
      </h4>
      <ul>
        {keys.map((key) => (
          <li key={key}>{shown(key)}</li>
        ))}
        {total > keys.length && <li className="faint">and {total - keys.length} more</li>}
      </ul>
    </>
  )
}
