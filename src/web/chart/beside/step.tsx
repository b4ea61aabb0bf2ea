import type { StepView } from '../../../api/contract.ts'
import { Panel } from '../../parts/panel.tsx'
import { When } from '../../parts/time.tsx'
import { shown } from '../../parts/words.ts'
import { Brief, Tree } from './tree.tsx'

/** What one event did: where it led, what was asked, what changed, what is owed since. */
export function Step({ step }: { readonly step: StepView }) {
  const { sequence, type, at, from, to, asked, owed, event } = step
  const changed = step.changed.filter(({ pointer }) => pointer !== '/owed')
  return (
    <Panel title={`Event ${sequence}: ${shown(type)}`}>
      <p className="faint">
        <When at={at} />
      </p>
      <p aria-live="polite">{from === to ? <>stayed in {to}</> : `${from} → ${to}`}</p>
      <h3>Asked</h3>
      <ol className="verdicts">
        {asked.map(({ id, guard, holds }) => (
          <li key={id} className={holds ? 'yes' : 'no'}>
            <span aria-hidden="true">{holds ? '✓' : '✗'}</span> {guard === '' ? 'no guard: taken' : guard}
            <span className="faint"> {holds ? (guard === '' ? '' : 'holds: taken') : 'does not hold'}</span>
          </li>
        ))}
      </ol>
      <h3>Changed</h3>
      {changed.length === 0 ? (
        <p className="faint">Nothing in the context.</p>
      ) : (
        <dl className="changed">
          {changed.map(({ pointer, before, after }) => (
            <div key={pointer}>
              <dt>{shown(pointer.slice(1))}</dt>
              <dd>
                <del>
                  <Brief value={before ?? null} />
                </del>
                <ins>
                  <Brief value={after ?? null} />
                </ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
      <h3>Owed afterwards</h3>
      <Owed owed={owed} />
      <h3>The event</h3>
      <Tree value={event} />
    </Panel>
  )
}

/** Effects: `<id> <kind>`. */
export function Owed({ owed }: { readonly owed: readonly string[] }) {
  if (owed.length === 0) return <p className="faint">Nothing.</p>
  return (
    <ul className="owed">
      {owed.map((one) => {
        const [id = '', kind = ''] = one.split(' ')
        return (
          <li key={one}>
            <strong>{shown(kind)}</strong> <code>{shown(id)}</code>
          </li>
        )
      })}
    </ul>
  )
}
