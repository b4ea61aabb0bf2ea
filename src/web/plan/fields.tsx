import type { Json } from '../../core/json.ts'
import type { FieldChange } from '../../core/vocabulary.ts'
import { Table } from '../parts/panel.tsx'
import { shown } from '../parts/words.ts'

/** What changes in a resource, field by field. */
export function Fields({ fields, label }: { readonly fields: readonly FieldChange[]; readonly label: string }) {
  return (
    <Table label={label} head={['Field', 'Live', 'Will be']}>
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
