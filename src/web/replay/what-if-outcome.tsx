import { pathOf } from '../../core/replay/fold.ts'
import { Table } from '../parts/panel.tsx'
import { shown } from '../parts/words.ts'
import { Changes } from './changes.tsx'
import { Owed } from './owed.tsx'
import { type Recording, type Sight, sightAt } from './recording.ts'
import type { Outcome } from './trial.ts'

/** What would have become of it. */
export function WhatIfOutcome({
  recording,
  sight,
  outcome,
}: {
  readonly recording: Recording
  readonly sight: Sight
  readonly outcome: Outcome
}) {
  const { tried, followed } = outcome
  return (
    <div className="outcome">
      {tried !== null &&
        (tried.refusal === null ? (
          <>
            <p>
              <span className="sign good">Taken</span> {shown(sight.path)} →{' '}
              <strong>{shown(pathOf(tried.state.value))}</strong>
            </p>
            <Changes
              before={sight.state.context}
              after={tried.state.context}
              sides={['was', 'what if']}
              same="The memory stays the same."
            />
            <h3>Would be owed</h3>
            <Owed before={sight.state.context} context={tried.state.context} />
          </>
        ) : (
          <p>
            <span className="sign bad">{tried.refusal.why === 'fails' ? 'Fails' : 'Not taken'}</span>{' '}
            {shown(tried.refusal.message)}
          </p>
        ))}
      {tried === null && followed === 0 && <p>Nothing else follows: it stays in {shown(sight.path)}.</p>}
      {followed > 0 && <Followed recording={recording} outcome={outcome} />}
    </div>
  )
}

function Followed({ recording, outcome }: { readonly recording: Recording; readonly outcome: Outcome }) {
  const { followed, others, othersTotal, end } = outcome
  const recorded = sightAt(recording, recording.moments.length)
  const path = pathOf(end.value)
  return (
    <>
      <h3>The rest of the journal</h3>
      <p>
        {followed} events follow; {othersTotal} of them end elsewhere than recorded or are not taken. At the end:{' '}
        <strong>{shown(path)}</strong>
        {path === recorded.path ? ', as recorded.' : `, and not ${shown(recorded.path)} as recorded.`}
      </p>
      {others.length > 0 && (
        <Table label="Events with another end" head={['Event', 'Type', 'Recorded', 'What if']}>
          {others.map(({ sequence, type, to, refusal, recorded: was }) => (
            <tr key={sequence}>
              <th scope="row">{sequence}</th>
              <td>{shown(type)}</td>
              <td>{shown(was)}</td>
              <td>{refusal === null ? shown(to) : refusal.why === 'fails' ? shown(refusal.message) : 'not taken'}</td>
            </tr>
          ))}
        </Table>
      )}
      {othersTotal > others.length && (
        <p className="faint">
          The first {others.length} of {othersTotal}.
        </p>
      )}
      <Changes
        before={recorded.state.context}
        after={end.context}
        sides={['recorded', 'what if']}
        same="The memory ends the same."
      />
    </>
  )
}
