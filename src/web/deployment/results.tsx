import { useState } from 'react'
import { type Course, resourceStanding } from '../../core/standing/index.ts'
import type { Plan } from '../../core/vocabulary.ts'
import { Table } from '../parts/panel.tsx'
import { Sign } from '../parts/state.tsx'
import { shown } from '../parts/words.ts'
import { STANDING_MARKS } from '../picture/words.ts'

/** So many are shown until somebody asks for all. */
const FEW = 100

/** What became of each change: as its target tells, wave by wave, and exactly where a failed rollback told it. */
export function Results({ plan, course }: { readonly plan: Plan; readonly course: Course }) {
  const [isWhole, setWhole] = useState(false)
  const { changes } = plan
  if (changes.length === 0) return <p>No resource is written.</p>
  return (
    <>
      <Table label="Results" head={['Resource', 'On', 'Does', 'Result']}>
        {(isWhole ? changes : changes.slice(0, FEW)).map((change) => {
          const { tone, words } = STANDING_MARKS[resourceStanding(change, plan, course)]
          return (
            <tr key={`${change.target}/${change.key}/${change.action}`}>
              <th scope="row">{shown(change.key)}</th>
              <td>{shown(change.target)}</td>
              <td>{change.means ?? change.action}</td>
              <td>
                <Sign tone={tone}>{words}</Sign>
              </td>
            </tr>
          )
        })}
      </Table>
      {!isWhole && changes.length > FEW && (
        <button type="button" onClick={() => setWhole(true)}>
          Show all {changes.length.toLocaleString()}
        </button>
      )}
    </>
  )
}
