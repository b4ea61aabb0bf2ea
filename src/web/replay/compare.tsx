import { useState } from 'react'
import { Panel } from '../parts/panel.tsx'
import { When } from '../parts/time.tsx'
import { shown, span } from '../parts/words.ts'
import { Changes } from './changes.tsx'
import { Owed } from './owed.tsx'
import { PlanWords } from './plan-words.tsx'
import { type Recording, type Sight, sightAt } from './recording.ts'
import type { Player } from './use-player.ts'
import { planOf } from './values.ts'

/** Two moments side by side: what differs in state, memory and plan. */
export function Compare({ recording, player }: { readonly recording: Recording; readonly player: Player }) {
  const [places, setPlaces] = useState<{ readonly a: number | null; readonly b: number | null }>({ a: null, b: null })
  const { at } = player.sight
  const [a, b] = [places.a, places.b].map((place) => (place === null ? null : sightAt(recording, place)))
  return (
    <Panel title="Compare two moments">
      <p className="faint">Go to a moment with the slider and take it as A, then to another and take it as B.</p>
      <div className="picks">
        <button type="button" onClick={() => setPlaces({ ...places, a: at })}>
          Take this moment as A
        </button>
        <button type="button" onClick={() => setPlaces({ ...places, b: at })}>
          Take this moment as B
        </button>
      </div>
      <dl className="facts">
        <Pick name="A" sight={a ?? null} go={player.go} />
        <Pick name="B" sight={b ?? null} go={player.go} />
      </dl>
      {a != null && b != null && <Differences a={a} b={b} />}
    </Panel>
  )
}

function Pick({ name, sight, go }: { readonly name: string; readonly sight: Sight | null; readonly go: Player['go'] }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {sight === null ? (
          'not taken yet'
        ) : (
          <>
            <button type="button" className="quiet slim" onClick={() => go(sight.at)}>
              {sight.at === 0 ? 'before the first event' : `event ${sight.sequence}`}
            </button>{' '}
            {sight.step !== null && <When at={sight.step.at} />} <strong>{shown(sight.path)}</strong>
          </>
        )}
      </dd>
    </>
  )
}

function Differences({ a, b }: { readonly a: Sight; readonly b: Sight }) {
  const sides = ['A', 'B'] as const
  const [from, to] = [a.state.context, b.state.context]
  const apart = a.step === null || b.step === null ? '' : `, ${span(Math.abs(b.step.at - a.step.at))}`
  return (
    <>
      <p>
        {a.path === b.path ? `Both in ${shown(a.path)}` : `${shown(a.path)} and ${shown(b.path)}`};{' '}
        {Math.abs(b.at - a.at)} events{apart} apart.
      </p>
      <h3>Plan</h3>
      <PlanWords plans={[planOf(from), planOf(to)]} head={['Plan', ...sides]} />
      <h3>Memory</h3>
      <Changes before={from} after={to} sides={sides} same="The same." />
      <h3>Owed effects of B</h3>
      <Owed before={from} context={to} />
    </>
  )
}
