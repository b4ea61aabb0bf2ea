import { Fragment } from 'react'
import type { Deed } from '../../core/vocabulary.ts'
import { Table } from '../parts/panel.tsx'
import { Sign } from '../parts/state.tsx'
import { sentence, shown, span } from '../parts/words.ts'

/** Steps of the topology as they were done, and below each what it looked at. */
export function Deeds({ deeds }: { readonly deeds: readonly Deed[] }) {
  return (
    <Table label="Steps" head={['Step', 'Of', 'Result', 'Took', 'Details']}>
      {deeds.map(({ step, component, instance, target, ok, message, ms, checks = [] }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a list that only grows, and steps may be done twice
        <Fragment key={at}>
          <tr>
            <th scope="row">{shown(step)}</th>
            <td>
              {shown(component)} {shown(instance)} on {shown(target)}
            </td>
            <td>
              <Result ok={ok} />
            </td>
            <td>{span(ms)}</td>
            <td className="long">{sentence(message)}</td>
          </tr>
          {checks.map((check) => (
            <tr key={check.name} className="check">
              <td colSpan={2}>{shown(check.name)}</td>
              <td>
                <Result ok={check.ok} />
              </td>
              <td>{span(check.ms)}</td>
              <td>{sentence(check.message)}</td>
            </tr>
          ))}
        </Fragment>
      ))}
    </Table>
  )
}

function Result({ ok }: { readonly ok: boolean }) {
  return <Sign tone={ok ? 'good' : 'bad'}>{ok ? 'ok' : 'failed'}</Sign>
}
