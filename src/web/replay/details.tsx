import { Fragment } from 'react'
import { isJsonObject, type Json } from '../../core/json.ts'
import { Panel } from '../parts/panel.tsx'
import { Changes, Code } from './changes.tsx'
import { Owed } from './owed.tsx'
import { type Recording, type Sight, sightAt } from './recording.ts'
import { fieldOf, inLine, planOf } from './values.ts'

/** What came, what it changed, what is owed and planned after it. */
export function Details({ recording, sight }: { readonly recording: Recording; readonly sight: Sight }) {
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
        <PlanWords plan={planOf(context)} />
      </Panel>
      <Panel title="Event">
        {sight.step === null ? (
          <p className="faint">Nothing has happened yet: this is the state that the journal begins behind.</p>
        ) : (
          <Code value={sight.step.event} />
        )}
      </Panel>
    </>
  )
}

const PLAN_WORDS = [
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
const SHORTENED: ReadonlySet<string> = new Set(['commit', 'release', 'digest'])

function PlanWords({ plan }: { readonly plan: Json | undefined }) {
  if (!isJsonObject(plan)) return <p className="faint">There is no plan.</p>
  return (
    <dl className="facts">
      {PLAN_WORDS.map(([word, field]) => {
        const value = inLine(fieldOf(plan, field))
        return (
          <Fragment key={field}>
            <dt>{word}</dt>
            <dd>{SHORTENED.has(field) ? <code title={value}>{value.slice(0, 12)}</code> : value}</dd>
          </Fragment>
        )
      })}
    </dl>
  )
}
