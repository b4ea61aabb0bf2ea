import { Fragment, useMemo } from 'react'
import { diffValues } from '../../core/diff/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { Panel } from '../parts/panel.tsx'
import { Fields } from '../plan/fields.tsx'
import { type Recording, type Sight, sightAt } from './recording.ts'
import { fieldOf, inLine, inLines, listOf, planOf } from './values.ts'

/** What came, what it changed, what is owed and planned after it. */
export function Details({ recording, sight }: { readonly recording: Recording; readonly sight: Sight }) {
  const before = sightAt(recording, sight.at - 1).state.context
  const { context } = sight.state
  const changed = useMemo(() => diffValues(before, context), [before, context])
  return (
    <>
      <Panel title="Event">
        {sight.step === null ? (
          <p className="faint">Nothing has happened yet: this is the state that the journal begins behind.</p>
        ) : (
          <Code value={sight.step.event} />
        )}
      </Panel>
      <Panel title="What it changed">
        {changed.length === 0 ? (
          <p className="faint">Nothing in the memory.</p>
        ) : (
          <Fields fields={changed} label="Changed fields of the memory" sides={['Before', 'After']} />
        )}
        <details>
          <summary>The whole memory</summary>
          <Code value={context} />
        </details>
      </Panel>
      <Panel title="Owed effects">
        <Owed context={context} />
      </Panel>
      <Panel title="Plan at this moment">
        <PlanWords plan={planOf(context)} />
      </Panel>
    </>
  )
}

export function Code({ value }: { readonly value: JsonObject }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre className="scrolls" tabIndex={0}>
      {inLines(value)}
    </pre>
  )
}

/** What the runtime has to do in this state. */
export function Owed({ context }: { readonly context: JsonObject }) {
  const owed = listOf(context['owed'])
  if (owed.length === 0) return <p className="faint">Nothing is owed.</p>
  return (
    <ul className="owed">
      {owed.map((effect) => (
        <li key={inLine(fieldOf(effect, 'id'))}>
          <strong>{inLine(fieldOf(effect, 'kind'))}</strong> <code>{inLine(fieldOf(effect, 'id'))}</code>
          {isJsonObject(effect) &&
            Object.entries(effect)
              .filter(([key]) => key !== 'id' && key !== 'kind')
              .map(([key, value]) => (
                <span key={key} className="detail faint">
                  {inLine(key)} {inLine(value)}
                </span>
              ))}
        </li>
      ))}
    </ul>
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
