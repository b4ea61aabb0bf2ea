import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { environmentMachine } from '../../../machines/environment/machine.ts'
import { sourceMachine } from '../../../machines/source/machine.ts'
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts'
import { type Recording, type Sight, sightAt } from '../../../src/web/replay/recording.ts'
import { templateOf } from '../../../src/web/replay/templates.ts'
import { choicesAt, eventIn, suggestion, timeFor, tryOut } from '../../../src/web/replay/trial.ts'
import { recorded } from '../../support/builders/journals.ts'
import { finished, recordingOf } from './recording-of.ts'

const recording = recordingOf(recorded('approval'))
const sightIn = (path: string, of: Recording = recording): Sight => {
  const place = of.moments.findIndex(({ step }) => step.to === path) + 1
  if (place === 0) throw new RangeError(`the journal never comes to ${path}`)
  return sightAt(of, place)
}
const asked = sightIn('AwaitingApproval.asked')
const at = (asked.step?.at ?? 0) + 1

describe('the events to choose from', () => {
  it('are all that the chart knows, those that it takes at the moment apart', () => {
    const { taken, others } = choicesAt(recording, asked, at)
    expect([...taken, ...others].sort()).toEqual([...recording.chart.events])
    expect(taken).toEqual(expect.arrayContaining(['approval.granted', 'approval.rejected', 'head.moved']))
    expect(others).toEqual(expect.arrayContaining(['wave.applied', 'look.planned']))
  })

  it('have a template each', () => {
    for (const type of [...environmentMachine.events, ...sourceMachine.events].map(String))
      if (!['timer.fired', 'remote.reached'].includes(type))
        expect(Object.keys(templateOf(type, asked.state.context)).length, type).toBeGreaterThan(1)
  })

  it('are taken as suggested wherever the journal takes one of their type', () => {
    for (const name of ['approval', 'auto', 'held', 'rollback', 'rewrite']) {
      const one = recordingOf(recorded(name))
      one.moments.forEach(({ step }, place) => {
        const before = sightAt(one, place)
        const { taken } = choicesAt(one, before, timeFor(step.type, before, step.at))
        expect(taken, `${name} ${step.sequence}`).toContain(step.type)
      })
    }
  })

  it('are about what is owed and open at the moment, not when one like it was taken before', () => {
    const later = recording.moments.findLastIndex(({ step }) => step.to === 'Deploying.validating') + 1
    const sight = sightAt(recording, later)
    const event = suggestion(recording, sight, 'validation.passed')
    expect(event).not.toHaveProperty('at')
    expect(event).not.toHaveProperty('sequence')
    expect(JSON.stringify(sight.state.context['owed'])).toContain(`"id":"${String(event['effect'])}"`)
  })

  it('fire a timer when the state waits for it', () => {
    const expiresAt = isJsonObject(asked.state.context['attempt']) ? asked.state.context['attempt']['expiresAt'] : null
    const { nextLookAt } = asked.state.context
    expect(timeFor('timer.fired', asked, at)).toBe(Math.min(Number(expiresAt), Number(nextLookAt)))
    expect(timeFor('head.moved', asked, at)).toBe(at)
  })
})

describe('trying', () => {
  const trial = (over: object, event: JsonObject) =>
    finished(tryOut(recording, asked, { manner: 'before', at, goesOn: true, event, ...over }))

  it('nothing but what happened, in its place, leads where the record leads', () => {
    const next = recording.bundle.entries[asked.at]
    const outcome = trial({ manner: 'instead', at: next?.at ?? 0 }, next?.event ?? {})
    expect(outcome).toMatchObject({ tried: { refusal: null }, othersTotal: 0 })
    expect(outcome.end).toEqual(recording.moments.at(-1)?.state)
    expect(outcome.followed).toBe(recording.moments.length - asked.at - 1)
  })

  it('a rejection before the approval leaves the approval without effect', () => {
    const rejection = suggestion(recording, asked, 'approval.rejected')
    const { tried, others } = trial({}, rejection)
    expect(tried?.state.value).toEqual({ OutOfSync: 'held' })
    expect(others[0]).toMatchObject({ type: 'approval.granted', refusal: { why: 'not-taken' } })
  })

  it('without the approval shows each event that is no longer taken', () => {
    const { tried, othersTotal, others, followed } = trial({ manner: 'without' }, {})
    expect(tried).toBeNull()
    expect(othersTotal).toBeGreaterThan(0)
    expect(othersTotal).toBeLessThanOrEqual(followed)
    expect(others[0]?.type).toBe('validation.passed')
  })

  it('alone does not go on', () => {
    expect(trial({ goesOn: false }, templateOf('hold.placed', asked.state.context))).toMatchObject({ followed: 0 })
  })

  it('any event of any shape answers, and leaves the recording as it is', () => {
    const before = JSON.stringify(asked.state)
    fc.assert(
      fc.property(
        fc.constantFrom(...recording.chart.events),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (type, body) => {
          const event = eventIn(JSON.stringify({ ...body, type }))
          const { tried } = trial({ goesOn: false }, typeof event === 'string' ? {} : event)
          expect(tried?.state.value).toBeDefined()
        },
      ),
    )
    expect(JSON.stringify(asked.state)).toBe(before)
  })
})

describe('the body of an event', () => {
  it.each([
    ['{', /^this is no JSON: /],
    ['[]', /^an event is an object/],
    ['{"kind":"x"}', 'the event has no "type"'],
    [' '.repeat(100_001), 'this is longer than any event'],
  ])('%j is refused in words', (text, words) => {
    expect(eventIn(text)).toMatch(words)
  })
})
