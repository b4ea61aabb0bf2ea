import { memo } from 'react'
import { Panel } from '../parts/panel.tsx'
import { Changes, Code } from './changes.tsx'
import { Owed } from './owed.tsx'
import { PlanWords } from './plan-words.tsx'
import { type Recording, type Sight, sightAt } from './recording.ts'
import { planOf } from './values.ts'

/** What came, what it changed, what is owed and planned after it. */
export const Details = memo(function Details(props: { readonly recording: Recording; readonly sight: Sight }) {
  const { recording, sight } = props
  const before = sightAt(recording, sight.at - 1).state.context
  const { context } = sight.state
  return (
    <>
      <Panel title="What it changed">
        <Changes before={before} after={context} sides={['was', 'is']} same="Nothing in the memory." />
        <details>
          <summary>The whole memory</summary>
          <Code value={context} />
        </details>
      </Panel>
      <Panel title="Owed effects">
        <Owed before={before} context={context} />
      </Panel>
      <Panel title="Plan at this moment">
        <PlanWords plans={[planOf(context)]} head={['Plan', 'Value']} />
      </Panel>
    </>
  )
})

export function EventPanel({ sight }: { readonly sight: Sight }) {
  return (
    <Panel title="Event">
      {sight.step === null ? (
        <p className="faint">Nothing has happened yet: this is the state that the journal begins behind.</p>
      ) : (
        <Code value={sight.step.event} />
      )}
    </Panel>
  )
}
