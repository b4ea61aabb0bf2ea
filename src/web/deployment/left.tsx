import type { LeftOver, Remains, SomeKeys } from '../../core/vocabulary.ts'
import { Table } from '../parts/panel.tsx'
import { shown } from '../parts/words.ts'

/** What a failed rollback did not bring back: what is where, for the person who goes on from here. */
export function Left({ left }: { readonly left: LeftOver }) {
  const { targets, drained, notDoneAgain } = left
  return (
    <>
      <p>
        The rollback did not bring everything back. Look at what is below, mend it on the target or by a commit, then
        lift the hold: everything is compared anew.
      </p>
      <Table label="What is where" head={['Target', 'State', 'What']}>
        {targets.flatMap(rowsOf)}
        {drained.map(({ target, instance }) => (
          <tr key={`drained ${target} ${instance}`}>
            <th scope="row">{shown(target)}</th>
            <td>still drained</td>
            <td>{shown(instance)}</td>
          </tr>
        ))}
        {notDoneAgain.map(({ step, target, instance }) => (
          <tr key={`again ${step} ${target} ${instance}`}>
            <th scope="row">{shown(target)}</th>
            <td>step not done again</td>
            <td>
              {shown(step)}
              {instance !== target && ` (${shown(instance)})`}
            </td>
          </tr>
        ))}
      </Table>
    </>
  )
}

function rowsOf({ target, unread, restored, asDeployed, neither, unknown }: Remains) {
  const rows: readonly (readonly [state: string, keys: SomeKeys])[] = [
    ['as deployed, not taken back', asDeployed],
    ['neither as before nor as deployed', neither],
    [unread === null ? 'unknown' : `could not be read (${shown(unread)})`, unknown],
    ['restored', restored],
  ]
  return rows
    .filter(([, { total }]) => total > 0)
    .map(([state, { keys, total }]) => (
      <tr key={`${target} ${state}`}>
        <th scope="row">{shown(target)}</th>
        <td>{state}</td>
        <td className="long">
          {keys.map((key) => shown(key)).join(', ')}
          {total > keys.length && ` and ${total - keys.length} more`}
        </td>
      </tr>
    ))
}
