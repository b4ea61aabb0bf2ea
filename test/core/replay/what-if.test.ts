import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/core/canonical.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import type { State } from '../../../src/core/replay/fold.ts'
import { type Moment, owedOf, replaying } from '../../../src/core/replay/replay.ts'
import { carryOn, type Fate, placeBehind, tryEvent } from '../../../src/core/replay/what-if.ts'
import { foldNamed } from '../../../src/runtime/replay.ts'
import { recorded } from '../../support/builders/journals.ts'

const bundle = recorded('approval')
const fold = foldNamed('environment', bundle.input)
const moments: readonly Moment[] = [...replaying(bundle, { fold, sha256 })]
const momentOf = (path: string): Moment => {
  const moment = moments.find(({ step }) => step.to === path)
  if (moment === undefined) throw new RangeError(`the journal never comes to ${path}`)
  return moment
}
const asked = momentOf('AwaitingApproval.asked')
const stamp = { at: asked.step.at + 1, sequence: placeBehind(asked.step.sequence) }
const entriesBehind = ({ step }: Moment, skipped = 0) =>
  bundle.entries.filter(({ sequence }) => sequence > step.sequence + skipped)
const followed = (state: State<JsonObject>, entries: ReturnType<typeof entriesBehind>) => {
  const fates: Fate[] = []
  const run = carryOn(fold, state, entries)
  for (let next = run.next(); ; next = run.next()) {
    if (next.done === true) return { fates, end: next.value }
    fates.push(next.value)
  }
}

describe('what if another event had come', () => {
  it('shows the state and what would be owed, with ids of no real effect', () => {
    const { id } = asked.state.context['attempt'] as { readonly id: string }
    const by = { name: 'anna', how: 'token' }
    const { state, refusal } = tryEvent(
      fold,
      asked.state,
      { type: 'approval.granted', deployment: id, by, reason: '' },
      stamp,
    )
    expect(refusal).toBeNull()
    expect(state.value).toEqual({ Deploying: 'validating' })
    expect(owedOf(state.context)).toEqual([`dev/${asked.step.sequence}.5/1 validate`])
  })

  it('says when the chart does not take it, and changes nothing', () => {
    const tried = tryEvent(fold, asked.state, { type: 'wave.applied', effect: 'none' }, stamp)
    expect(tried.refusal).toEqual({
      why: 'not-taken',
      message: 'AwaitingApproval.asked does not take wave.applied: nothing would change',
    })
    expect(tried.state).toBe(asked.state)
    expect(tryEvent(fold, asked.state, { type: 'no.such' }, stamp).refusal?.why).toBe('not-taken')
  })

  it('says when the chart fails at it', () => {
    expect(tryEvent(fold, asked.state, { type: 'rollback.requested' }, stamp).refusal).toEqual({
      why: 'fails',
      message: expect.stringMatching(/^AwaitingApproval\.asked fails at rollback\.requested: /),
    })
  })

  it('cannot be stamped by what the event itself says', () => {
    const held = { type: 'hold.placed', by: { name: 'anna', how: 'token' }, reason: 'x', until: null, at: 1 }
    const { state } = tryEvent(fold, asked.state, held, stamp)
    expect(state.context['hold']).toMatchObject({ since: stamp.at })
  })
})

describe('the rest of the journal', () => {
  it('leads where the record leads when nothing else happened', () => {
    const { fates, end } = followed(asked.state, entriesBehind(asked))
    expect(fates.every(({ refusal }) => refusal === null)).toBe(true)
    expect(end).toEqual(moments.at(-1)?.state)
  })

  it('goes another way when an event is left out, and says which events are no longer taken', () => {
    const next = bundle.entries.find(({ sequence }) => sequence === asked.step.sequence + 1)
    expect(next?.event['type']).toBe('approval.granted')
    const { fates } = followed(asked.state, entriesBehind(asked, 1))
    const [first] = fates
    expect(first).toMatchObject({
      type: 'validation.passed',
      to: 'AwaitingApproval.asked',
      refusal: { why: 'not-taken' },
    })
  })
})
