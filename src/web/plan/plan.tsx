import { useMemo, useState } from 'react'
import type { PlanView } from '../../api/contract.ts'
import type { ChangeAction, Plan, ResourceChange } from '../../core/vocabulary.ts'
import { countWords, short, shown } from '../parts/words.ts'
import { Coordination } from './coordination.tsx'
import { Fields } from './fields.tsx'
import { TextDiff } from './text-diff.tsx'

const VERBS: { readonly [action in ChangeAction]: string } = { create: 'Create', update: 'Update', delete: 'Delete' }
const WHY_KEPT = {
  'prune-off': 'no longer in Git, kept because prune is off',
  protected: 'no longer in Git, kept because it is protected',
  'not-ours': 'not declared in Git and not ours',
  'cannot-delete': 'no longer in Git, kept because the target cannot delete',
} as const
const UNDO = {
  'metadata-only': 'by writing the last good release again',
  reapply: 'by writing the last good release again',
  script: 'by writing the last good release again and doing its steps again',
  restore: 'in part only: something stays unless a person approves that a backup is restored',
  manual: 'in part only: something stays until a person takes it away',
} as const

/** So many changes are drawn until somebody asks for all: thousands make a slow page. */
const FEW = 50

/** All that a plan does, leaves alone and cannot do. */
export function PlanDetails({ view }: { readonly view: PlanView }) {
  const { plan } = view
  return (
    <>
      <PlanFacts plan={plan} />
      <Changes view={view} />
      {plan.coordination !== undefined && (
        <>
          {plan.reason === 'rollback' && <p>{backWords(plan)}</p>}
          <Coordination coordination={plan.coordination} />
        </>
      )}
      {(plan.refused ?? []).map(({ target, key, why }) => (
        <p key={`${target}/${key}`} className="warn">
          Cannot be done: {shown(key)}: {shown(target)} {shown(why)}
        </p>
      ))}
      {plan.notes.map((note) => (
        <p key={note}>Note: {shown(note)}</p>
      ))}
      {plan.retained.length > 0 && (
        <details>
          <summary>{plan.retained.length} live resources are left alone</summary>
          <ul>
            {plan.retained.map(({ target, key, why }) => (
              <li key={`${target}/${key}`}>
                {shown(key)} on {shown(target)}: {WHY_KEPT[why]}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

/** How a person's rollback goes back along a topology. */
function backWords({ steps }: Plan): string {
  const targets = new Set(steps.flatMap(({ target, action }) => (action === undefined ? [target] : [])))
  const again = steps.flatMap(({ target, action }) => (action === undefined ? [] : [`${action.step} on ${target}`]))
  const done = again.length === 0 ? 'no step is done again' : `then done again: ${again.join(', ')}`
  return shown(`Targets are written back one after the other, without draining: ${[...targets].join(', ')}; ${done}.`)
}

function Changes({ view: { plan, documents } }: { readonly view: PlanView }) {
  const [isWhole, setWhole] = useState(false)
  const byId = useMemo(() => new Map(documents.map((one) => [`${one.target}/${one.key}`, one])), [documents])
  const { changes } = plan
  return (
    <>
      <ul className="changes">
        {(isWhole ? changes : changes.slice(0, FEW)).map((change) => (
          <Change
            key={`${change.target}/${change.key}/${change.action}`}
            change={change}
            document={byId.get(`${change.target}/${change.key}`)}
          />
        ))}
      </ul>
      {!isWhole && changes.length > FEW && (
        <button type="button" onClick={() => setWhole(true)}>
          Show all {changes.length.toLocaleString()} changes
        </button>
      )}
    </>
  )
}

export function PlanFacts({ plan }: { readonly plan: Plan }) {
  const counts = { creates: 0, updates: 0, deletes: 0, reason: plan.reason }
  for (const { action } of plan.changes) counts[`${action}s`] += 1
  return (
    <dl className="facts">
      <dt>Does</dt>
      <dd>
        {countWords(counts)}; {plan.unchanged} stay as they are
      </dd>
      <dt>Risk</dt>
      <dd>
        {plan.risk}
        {plan.breaking && '; breaking: readers may no longer understand what they get'}
        {plan.deletePercent > 0 && `; deletes ${Math.round(plan.deletePercent)} % of what is ours`}
      </dd>
      <dt>Undone</dt>
      <dd>{UNDO[plan.rollback]}</dd>
      <dt>Because of</dt>
      <dd>
        {plan.reason === 'commit' ? 'commit' : plan.reason} <code>{short(plan.commit)}</code>
      </dd>
      <dt>Plan</dt>
      <dd>
        <code title={plan.digest}>{plan.digest.slice(0, 12)}</code>
      </dd>
    </dl>
  )
}

function Change({
  change,
  document,
}: {
  readonly change: ResourceChange
  readonly document: PlanView['documents'][number] | undefined
}) {
  const { action, means, key, target, wave, fields, breaking, location } = change
  return (
    <li className={`change ${action}`}>
      <h3>
        <span className={`verb ${action}`}>
          {means === 'recreate' ? 'Delete and create' : means === 'disable' ? 'Switch off' : VERBS[action]}
        </span>{' '}
        {shown(key)}
      </h3>
      <p className="faint">
        on {shown(target)}, wave {wave}
        {location !== null && location.path !== '' && `, from ${shown(location.path)} line ${location.line}`}
      </p>
      {breaking.map((reason) => (
        <p key={reason} className="warn">
          Breaking: {shown(reason)}
        </p>
      ))}
      {fields.length > 0 && <Fields fields={fields} label={`Fields of ${shown(key)}`} />}
      {document !== undefined && <TextDiff before={document.before} after={document.after} />}
    </li>
  )
}
