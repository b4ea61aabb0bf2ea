import { isJsonObject, type Json } from '../../core/json.ts'
import { Table } from '../parts/panel.tsx'
import { fieldOf, gist } from './values.ts'

const WORDS = [
  ['Creates', 'creates'],
  ['Updates', 'updates'],
  ['Deletes', 'deletes'],
  ['Risk', 'risk'],
  ['Undone by', 'rollback'],
  ['Because of', 'reason'],
  ['Commit', 'commit'],
  ['Release', 'release'],
  ['Plan', 'digest'],
] as const

/** What a plan does, in short; of several plans, side by side. `head` names them. */
export function PlanWords({
  plans,
  head,
}: {
  readonly plans: readonly (Json | undefined)[]
  readonly head: readonly string[]
}) {
  if (!plans.some(isJsonObject)) return <p className="faint">There is no plan.</p>
  return (
    <Table label="The plan in short" head={head}>
      {WORDS.map(([word, field]) => {
        const values = plans.map((plan) => gist(fieldOf(plan, field)))
        const differ = new Set(values).size > 1
        return (
          <tr key={field}>
            <th scope="row">{word}</th>
            {values.map((value, at) => (
              <td key={head[at + 1]}>{differ && at > 0 ? <ins>{value}</ins> : value}</td>
            ))}
          </tr>
        )
      })}
    </Table>
  )
}
