import type { Json } from '../../core/json.ts'
import type { FieldChange } from '../../core/vocabulary.ts'
import { Table } from '../parts/panel.tsx'
import { shown } from '../parts/words.ts'

/** What changes in a resource, field by field; or between any two things, when their sides are named. */
export function Fields({
  fields,
  label,
  sides: [left, right] = ['Live', 'Will be'],
}: {
  readonly fields: readonly FieldChange[]
  readonly label: string
  readonly sides?: readonly [string, string]
}) {
  return (
    <Table label={label} head={['Field', left, right]}>
      {fields.map(({ pointer, before, after }) => (
        <tr key={pointer}>
          <th scope="row">{shown(pointer)}</th>
          <td>{before === undefined ? <Absent /> : <del>{valueText(before)}</del>}</td>
          <td>{after === undefined ? <Absent /> : <ins>{valueText(after)}</ins>}</td>
        </tr>
      ))}
    </Table>
  )
}

function Absent() {
  return <span className="faint">absent</span>
}

function valueText(value: Json): string {
  return shown(typeof value === 'string' ? value : JSON.stringify(value))
}
