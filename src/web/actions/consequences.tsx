import type { Plan, ResourceChange } from '../../core/vocabulary.ts'
import { Table } from '../parts/panel.tsx'
import { shown } from '../parts/words.ts'

/** So many are told before the list of all changes. */
const GRAVE_MAX = 50

/** What a plan does, target by target, and what of it cannot be taken back as if it had not been: read before anything else. */
export function Consequences({ plan }: { readonly plan: Plan }) {
  const targets = [...new Set(plan.changes.map(({ target }) => target))]
  const grave = plan.changes.flatMap((change) => graveOf(change).map((what) => ({ ...change, what })))
  return (
    <>
      {targets.length > 0 && (
        <Table label="Changes by target" head={['Target', 'Create', 'Update', 'Delete']}>
          {targets.map((target) => {
            const count = (action: string) =>
              plan.changes.filter((change) => change.target === target && change.action === action).length
            return (
              <tr key={target}>
                <th scope="row">{shown(target)}</th>
                <td>{count('create')}</td>
                <td>{count('update')}</td>
                <td>{count('delete')}</td>
              </tr>
            )
          })}
        </Table>
      )}
      {grave.length > 0 && (
        <>
          <h3>Look twice</h3>
          <ul>
            {grave.slice(0, GRAVE_MAX).map(({ key, target, what }) => (
              <li key={`${target} ${key} ${what}`} className="warn">
                {shown(key)} on {shown(target)} {what}
              </li>
            ))}
            {grave.length > GRAVE_MAX && (
              <li className="warn">
                and {(grave.length - GRAVE_MAX).toLocaleString()} more, told at each change below
              </li>
            )}
          </ul>
        </>
      )}
    </>
  )
}

function graveOf({ action, means, location, breaking }: ResourceChange): readonly string[] {
  const gone = location === null ? 'is no longer in Git and is' : 'is'
  return [
    ...(means === 'recreate' ? ['is deleted and created anew: it is away for a moment'] : []),
    ...(means === 'disable' ? [`${gone} switched off`] : []),
    ...(action === 'delete' && means === undefined ? [`${gone} deleted`] : []),
    ...breaking.map((reason) => `may break its readers: ${shown(reason)}`),
  ]
}
