import type { Coordination as PlanCoordination, PlannedAction } from '../../core/vocabulary.ts'
import { Table } from '../parts/panel.tsx'
import { countWords, shown } from '../parts/words.ts'

/** What the topology adds to a plan: components that it touches, and steps around the writing. */
export function Coordination({ coordination }: { readonly coordination: PlanCoordination }) {
  const { preFlight, validation, postDeployment, impact } = coordination
  return (
    <>
      {impact.length > 0 && (
        <Table label="Components" head={['Component', 'Target', 'Changes', 'Steps']}>
          {impact.map((one) => (
            <tr key={`${one.component}/${one.instance}`}>
              <th scope="row">
                {shown(one.component)} {shown(one.instance)}
              </th>
              <td>{shown(one.target)}</td>
              <td>{countWords(one)}</td>
              <td>{shown(one.steps.join(', ')) || 'none'}</td>
            </tr>
          ))}
        </Table>
      )}
      <Steps title="Before anything is written" steps={preFlight} />
      <Steps title="After everything is written; a failure rolls back" steps={validation} />
      <Steps title="At the very end" steps={postDeployment} />
    </>
  )
}

function Steps({ title, steps }: { readonly title: string; readonly steps: readonly PlannedAction[] }) {
  if (steps.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {steps.map(({ step, component, instance, target }) => (
          <li key={`${step}/${component}/${instance}/${target}`}>
            {shown(step)} of {shown(component)} {shown(instance)} on {shown(target)}
          </li>
        ))}
      </ul>
    </>
  )
}
